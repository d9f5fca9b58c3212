"""Coverage's SQL: plain functions of a connection, alike on a release's own file and on PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_

from .models import (
    CONTRACTORS,
    COVERED,
    DIAGNOSES,
    DOCUMENTS,
    MERGED,
    MERGED_PAIRS,
    NOT_BY_CODES,
    PARAGRAPHS,
    PROCEDURES,
    RELATED,
)

Key = tuple[str, str]
"""Document and version."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    document: str
    version: str
    type: str
    title: str
    effective_on: int | None
    ends_on: int | None
    retired_on: int | None
    note: str
    url: str
    source_file: int
    source_row: int


@dataclass(frozen=True, slots=True)
class PairRow:
    """`document` and the rest are empty for the merged list."""

    code: str
    diagnosis: str
    document: str
    version: str
    list_number: int
    asterisk: str
    source_file: int
    source_row: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """A diagnosis in a list of a document."""

    document: str
    version: str
    listed: int
    list_number: int
    diagnosis: str
    asterisk: str
    source_file: int
    source_row: int


def _in_force(day: int) -> ColumnElement[bool]:
    return and_(
        or_(DOCUMENTS.c.effective_on.is_(None), DOCUMENTS.c.effective_on <= day),
        or_(DOCUMENTS.c.ends_on.is_(None), DOCUMENTS.c.ends_on >= day),
        or_(DOCUMENTS.c.retired_on.is_(None), DOCUMENTS.c.retired_on > day),
    )


_DOCUMENT = tuple(DOCUMENTS.c[name] for name in DocumentRow.__slots__)


def documents_of(connection: Connection, release_id: int, code: str, day: int) -> list[DocumentRow]:
    """Documents in force on the day that list a procedure code."""
    listing = select(PROCEDURES.c.document, PROCEDURES.c.version).where(
        PROCEDURES.c.release_id == release_id, PROCEDURES.c.code == code
    )
    query = (
        select(*_DOCUMENT)
        .where(
            DOCUMENTS.c.release_id == release_id,
            tuple_(DOCUMENTS.c.document, DOCUMENTS.c.version).in_(listing),
            _in_force(day),
        )
        .order_by(DOCUMENTS.c.document, DOCUMENTS.c.version)
    )
    return [DocumentRow(*row) for row in connection.execute(query)]


def documents_named(
    connection: Connection, release_id: int, names: Sequence[str], day: int
) -> list[DocumentRow]:
    """The versions in force on the day of documents by name."""
    query = select(*_DOCUMENT).where(
        DOCUMENTS.c.release_id == release_id, DOCUMENTS.c.document.in_(names), _in_force(day)
    )
    return [DocumentRow(*row) for row in connection.execute(query.order_by(DOCUMENTS.c.document))]


def documents_titled(
    connection: Connection,
    release_id: int,
    words: Sequence[str],
    document: str,
    contractor: str,
    day: int,
    limit: int,
) -> tuple[list[DocumentRow], int]:
    """The first documents in force on the day whose title has every word, and how many there are."""
    wanted = [
        DOCUMENTS.c.release_id == release_id,
        _in_force(day),
        *(func.lower(DOCUMENTS.c.title).contains(word, autoescape=True) for word in words),
    ]
    if document:
        wanted.append(DOCUMENTS.c.document == document)
    if contractor:
        named = select(CONTRACTORS.c.document).where(
            CONTRACTORS.c.release_id == release_id,
            func.lower(CONTRACTORS.c.name).contains(contractor, autoescape=True),
        )
        wanted.append(DOCUMENTS.c.document.in_(named))
    total = connection.execute(select(func.count()).select_from(DOCUMENTS).where(*wanted)).scalar_one()
    order = (func.length(DOCUMENTS.c.title), DOCUMENTS.c.document, DOCUMENTS.c.version)
    query = select(*_DOCUMENT).where(*wanted).order_by(*order).limit(limit)
    return [DocumentRow(*row) for row in connection.execute(query)], total


def contractors(
    connection: Connection, release_id: int, keys: Iterable[Key]
) -> dict[Key, list[tuple[str, str, str]]]:
    """(name, kinds, states) by document."""
    c = CONTRACTORS.c
    query = select(c.document, c.version, c.name, c.kinds, c.states).where(
        c.release_id == release_id, tuple_(c.document, c.version).in_(list(keys))
    )
    found: dict[Key, list[tuple[str, str, str]]] = {}
    for document, version, *rest in connection.execute(query.order_by(c.ordinal)):
        found.setdefault((document, version), []).append((rest[0], rest[1], rest[2]))
    return found


def counts(connection: Connection, release_id: int, keys: Iterable[Key]) -> dict[tuple[Key, int], int]:
    """How many diagnoses a document lists, by (document, listed)."""
    c = DIAGNOSES.c
    query = (
        select(c.document, c.version, c.listed, func.count(c.diagnosis.distinct()))
        .where(
            c.release_id == release_id,
            tuple_(c.document, c.version).in_(list(keys)),
            c.diagnosis != NOT_BY_CODES,
        )
        .group_by(c.document, c.version, c.listed)
    )
    return {((row[0], row[1]), row[2]): row[3] for row in connection.execute(query)}


def related(connection: Connection, release_id: int, keys: Iterable[Key]) -> dict[Key, list[str]]:
    c = RELATED.c
    query = select(c.document, c.version, c.related).where(
        c.release_id == release_id, tuple_(c.document, c.version).in_(list(keys))
    )
    found: dict[Key, list[str]] = {}
    for document, version, other in connection.execute(query.distinct().order_by(c.related)):
        found.setdefault((document, version), []).append(other)
    return found


def lists_with(
    connection: Connection, release_id: int, keys: Iterable[Key], diagnoses: Sequence[str]
) -> list[ListRow]:
    """Where the diagnoses stand in the documents' lists."""
    query = select(*(DIAGNOSES.c[name] for name in ListRow.__slots__)).where(
        DIAGNOSES.c.release_id == release_id,
        tuple_(DIAGNOSES.c.document, DIAGNOSES.c.version).in_(list(keys)),
        DIAGNOSES.c.diagnosis.in_(diagnoses),
    )
    return [ListRow(*row) for row in connection.execute(query.order_by(DIAGNOSES.c.source_row))]


def lists_of(connection: Connection, release_id: int, key: Key) -> tuple[int, int]:
    """How many lists of procedures, and of covered diagnoses, a document has."""
    p, d = PROCEDURES.c, DIAGNOSES.c
    procedures = connection.scalar(
        select(func.count(p.list_number.distinct())).where(
            p.release_id == release_id, p.document == key[0], p.version == key[1]
        )
    )
    covered = connection.scalar(
        select(func.count(d.list_number.distinct())).where(
            d.release_id == release_id,
            d.document == key[0],
            d.version == key[1],
            d.listed == COVERED,
            d.diagnosis != NOT_BY_CODES,
        )
    )
    return procedures or 0, covered or 0


def paragraph(connection: Connection, release_id: int, key: Key, kind: str, list_number: int) -> str:
    """The words above a list; "" where there are none."""
    c = PARAGRAPHS.c
    query = select(c.text).where(
        c.release_id == release_id, c.document == key[0], c.version == key[1], c.list_kind == kind,
        c.list_number == list_number,
    )  # fmt: skip
    return connection.scalar(query.limit(1)) or ""


def pairs(
    connection: Connection,
    release_id: int,
    *,
    code: str = "",
    diagnosis: str = "",
    listed: int,
    day: int,
    starts: str,
    offset: int,
    limit: int,
) -> tuple[list[PairRow], int]:
    """Pairs in articles in force on the day, of a procedure or a diagnosis; and how many different others there are.

    A code that stands in several documents gives several rows.
    """
    p, d = PROCEDURES.c, DIAGNOSES.c
    other = d.diagnosis if code else p.code
    joined = DIAGNOSES.join(
        PROCEDURES,
        and_(p.release_id == d.release_id, p.document == d.document, p.version == d.version),
    ).join(
        DOCUMENTS,
        and_(
            DOCUMENTS.c.release_id == d.release_id,
            DOCUMENTS.c.document == d.document,
            DOCUMENTS.c.version == d.version,
        ),
    )
    conditions: list[ColumnElement[bool]] = [
        d.release_id == release_id,
        d.listed == listed,
        d.diagnosis != NOT_BY_CODES,
        p.code == code if code else d.diagnosis == diagnosis,
        _in_force(day),
    ]
    if starts:
        conditions.append(other.startswith(starts, autoescape=True))
    total = (
        connection.scalar(select(func.count(other.distinct())).select_from(joined).where(*conditions)) or 0
    )
    query = (
        select(
            p.code, d.diagnosis, d.document, d.version, d.list_number, d.asterisk, d.source_file, d.source_row
        )
        .select_from(joined)
        .where(
            *conditions,
            other.in_(
                select(other)
                .select_from(joined)
                .where(*conditions)
                .distinct()
                .order_by(other)
                .offset(offset)
                .limit(limit)
            ),
        )
        .distinct()
        .order_by(other, d.document, d.list_number)
    )
    return [PairRow(*row) for row in connection.execute(query)], total


def merged_of(connection: Connection, release_id: int, code: str) -> tuple[str, int, int, int] | None:
    """(LCDs, covered, not covered, place in the file) of a code."""
    c = MERGED.c
    query = select(c.lcds, c.covered, c.not_covered, c.source_row)
    row = connection.execute(query.where(c.release_id == release_id, c.code == code)).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])


def merged_pairs(
    connection: Connection,
    release_id: int,
    *,
    code: str = "",
    diagnosis: str = "",
    listed: int,
    starts: str = "",
    offset: int = 0,
    limit: int = 100,
) -> tuple[list[PairRow], int]:
    """Pairs of the merged list, of a procedure or a diagnosis, and how many there are."""
    c = MERGED_PAIRS.c
    other = c.diagnosis if code else c.code
    conditions: list[ColumnElement[bool]] = [
        c.release_id == release_id,
        c.listed == listed,
        c.code == code if code else c.diagnosis == diagnosis,
    ]
    if starts:
        conditions.append(other.startswith(starts, autoescape=True))
    total = connection.scalar(select(func.count()).select_from(MERGED_PAIRS).where(*conditions)) or 0
    query = (
        select(c.code, c.diagnosis, c.source_row)
        .where(*conditions)
        .order_by(other)
        .offset(offset)
        .limit(limit)
    )
    return [PairRow(row[0], row[1], "", "", 0, "", 0, row[2]) for row in connection.execute(query)], total


def merged_listing(
    connection: Connection, release_id: int, code: str, diagnoses: Sequence[str]
) -> dict[str, int]:
    """How the merged list has each of the diagnoses of a code; those it hasn't are not in the answer."""
    c = MERGED_PAIRS.c
    query = select(c.diagnosis, c.listed).where(
        c.release_id == release_id, c.code == code, c.diagnosis.in_(diagnoses)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
