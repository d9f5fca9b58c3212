"""The SQL of ICD-10-PCS: plain functions of a connection, alike on a release's own file and on PostgreSQL."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ahead.lookup.catalog.models import NODES

from .labels import PrintedRow, Vocabulary
from .models import (
    PCS_AGGREGATES,
    PCS_CHANGES,
    PCS_DEFINITIONS,
    PCS_INDEX,
    PCS_INDEX_TARGETS,
    PCS_TABLES,
    PCS_VALUES,
)

TABLE = 3
"""Characters of a table."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """`axes`: what each of the seven characters is."""

    operation: str
    definition: str
    axes: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class TermRow:
    definition: str
    explanation: str
    includes: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class IndexRow:
    """`leads`: (kind, text, target) each."""

    ordinal: int
    level: int
    path: tuple[str, ...]
    leads: tuple[tuple[str, str, str], ...]
    row: int


def titles_of(connection: Connection, release_id: int, table: str) -> tuple[dict[str, str], dict[str, int]]:
    """Titles and lines of a table's codes, in their order."""
    query = (
        select(NODES.c.code, NODES.c.title, NODES.c.source_row)
        .where(NODES.c.release_id == release_id, NODES.c.parent == table)
        .order_by(NODES.c.ordinal)
    )
    rows = connection.execute(query).all()
    return {row.code: row.title for row in rows}, {row.code: row.source_row for row in rows}


def places(connection: Connection, release_id: int, codes: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Title and line of headings and codes by key."""
    query = select(NODES.c.code, NODES.c.title, NODES.c.source_row).where(
        NODES.c.release_id == release_id, NODES.c.code.in_(list(codes))
    )
    return {code: (title, row) for code, title, row in connection.execute(query)}


def below(connection: Connection, release_id: int, parent: str | None) -> list[tuple[str, str, int]]:
    """Key, title and number of codes of the places directly below a section, a body system, or at the top."""
    where = NODES.c.parent.is_(None) if parent is None else NODES.c.parent == parent
    query = (
        select(NODES.c.code, NODES.c.title, NODES.c.codes_below)
        .where(NODES.c.release_id == release_id, where)
        .order_by(NODES.c.ordinal)
    )
    return [(code, title, count) for code, title, count in connection.execute(query)]


def existing(connection: Connection, release_id: int, begins: Iterable[str]) -> set[str]:
    """Those of the beginnings with which a code begins."""
    wanted = set(begins)
    short = {one for one in wanted if len(one) <= TABLE}
    query = select(NODES.c.code).where(NODES.c.release_id == release_id, NODES.c.code.in_(short))
    found = {row.code for row in connection.execute(query)}
    tables = {one[:TABLE] for one in wanted - short}
    codes = select(NODES.c.code).where(NODES.c.release_id == release_id, NODES.c.parent.in_(tables))
    made = {row.code[:length] for row in connection.execute(codes) for length in range(TABLE + 1, 8)}
    return found | (wanted & made)


def vocabulary(connection: Connection, release_id: int) -> Vocabulary:
    """All names of a release of tables."""
    query = select(
        PCS_VALUES.c.code,
        PCS_VALUES.c.row_number,
        PCS_VALUES.c.position,
        PCS_VALUES.c.value,
        PCS_VALUES.c.name,
        PCS_VALUES.c.source_row,
    ).where(PCS_VALUES.c.release_id == release_id)
    rows: dict[tuple[str, int], list[dict[str, tuple[str, int]]]] = {}
    for table, number, position, value, name, line in connection.execute(query):
        axes = rows.setdefault((table, number), [{}, {}, {}, {}])
        axes[position - 4][value] = (name, line)
    found = Vocabulary()
    for (table, number), axes in sorted(rows.items()):
        found.add(table, PrintedRow(number, tuple(axes)))
    return found


def table_heads(connection: Connection, release_id: int) -> dict[str, TableHead]:
    """The tables by their three characters."""
    query = select(
        PCS_TABLES.c.code,
        PCS_TABLES.c.operation,
        PCS_TABLES.c.definition,
        PCS_TABLES.c.axes,
        PCS_TABLES.c.source_row,
    ).where(PCS_TABLES.c.release_id == release_id)
    return {
        code: TableHead(operation, definition, tuple(json.loads(axes)), row)
        for code, operation, definition, axes, row in connection.execute(query)
    }


def terms(
    connection: Connection, release_id: int, section: str, names: Iterable[str]
) -> dict[tuple[int, str], TermRow]:
    """What is said of names in a section, by character and name in small letters."""
    c = PCS_DEFINITIONS.c
    query = select(c.position, c.name, c.definition, c.explanation, c.includes, c.source_row).where(
        c.release_id == release_id,
        c.section == section,
        func.lower(c.name).in_({name.lower() for name in names}),
    )
    return {
        (position, name.lower()): TermRow(definition, explanation, tuple(json.loads(includes)), row)
        for position, name, definition, explanation, includes, row in connection.execute(query)
    }


def aggregates(
    connection: Connection, release_id: int, device: str
) -> list[tuple[str, str, tuple[str, ...], str, str, int]]:
    """Rows in which a device stands as itself or as the parent."""
    c = PCS_AGGREGATES.c
    query = (
        select(c.device, c.operation, c.body_systems, c.parent_value, c.parent, c.source_row)
        .where(c.release_id == release_id, (c.device == device) | (c.parent == device))
        .order_by(c.source_row)
    )
    return [
        (one, operation, tuple(json.loads(systems)), value, parent, row)
        for one, operation, systems, value, parent, row in connection.execute(query)
    ]


def leading_to(
    connection: Connection, release_id: int, targets: Sequence[str], limit: int
) -> tuple[list[IndexRow], int]:
    """Entries that name one of the targets, those with the longest first; and how many there are."""
    t, c = PCS_INDEX_TARGETS.c, PCS_INDEX.c
    where = (t.release_id == release_id, t.target.in_(list(targets)))
    total = connection.execute(select(func.count(func.distinct(t.ordinal))).where(*where)).scalar_one()
    longest = (
        select(t.ordinal, func.max(func.length(t.target)).label("length"))
        .where(*where)
        .group_by(t.ordinal)
        .subquery()
    )
    query = (
        select(c.ordinal, c.level, c.path, c.leads, c.source_row)
        .join(longest, longest.c.ordinal == c.ordinal)
        .where(c.release_id == release_id)
        .order_by(longest.c.length.desc(), c.ordinal)
        .limit(limit)
    )
    return [_index_row(row) for row in connection.execute(query)], total


def main_terms(connection: Connection, release_id: int, begins: str, limit: int) -> list[IndexRow]:
    """Entries of the main terms that begin so (small letters), in the order of the index."""
    c = PCS_INDEX.c
    query = (
        select(c.ordinal, c.level, c.path, c.leads, c.source_row)
        .where(c.release_id == release_id, c.main_term.startswith(begins, autoescape=True))
        .order_by(c.ordinal)
        .limit(limit)
    )
    return [_index_row(row) for row in connection.execute(query)]


def changes(connection: Connection, release_id: int, code: str) -> list[tuple[str, str, int]]:
    """Action, title and line of the addenda about a code."""
    c = PCS_CHANGES.c
    query = select(c.action, c.title, c.source_row).where(c.release_id == release_id, c.code == code)
    return [(action, title, row) for action, title, row in connection.execute(query.order_by(c.source_row))]


def _index_row(row: Any) -> IndexRow:
    ordinal, level, path, leads, line = row
    return IndexRow(
        ordinal, level, tuple(json.loads(path)), tuple(tuple(one) for one in json.loads(leads)), line
    )
