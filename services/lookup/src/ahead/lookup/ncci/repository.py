"""NCCI's SQL: plain functions of a connection, alike on a release's own file and on PostgreSQL."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select

from .models import ADD_ONS, MUE, NEVER_IN_FORCE, PTP, PTP_RATIONALES

_COLUMNS = (
    PTP.c.column1,
    PTP.c.column2,
    PTP.c.modifier,
    PTP_RATIONALES.c.text,
    PTP.c.effective_on,
    PTP.c.deleted_on,
    PTP.c.source_file,
    PTP.c.source_row,
)
_WITH_TEXT = PTP.join(
    PTP_RATIONALES,
    and_(PTP_RATIONALES.c.release_id == PTP.c.release_id, PTP_RATIONALES.c.id == PTP.c.rationale),
)


@dataclass(frozen=True, slots=True)
class PtpRow:
    """A row; days as numbers (20240930)."""

    column1: str
    column2: str
    modifier: int
    rationale: str
    effective_on: int | None
    deleted_on: int | None
    source_file: int
    source_row: int


@dataclass(frozen=True, slots=True)
class MueRow:
    units: int
    mai: int
    rationale: str
    source_row: int


@dataclass(frozen=True, slots=True)
class AddOnRow:
    add_on: str
    primary: str
    type: int
    source_row: int


def pair_rows(connection: Connection, release_id: int, one: str, two: str) -> list[PtpRow]:
    """Every row of the pair, both directions, in the order of the file."""
    found: list[PtpRow] = []
    for first, second in {(one, two), (two, one)}:
        query = (
            select(*_COLUMNS)
            .select_from(_WITH_TEXT)
            .where(PTP.c.release_id == release_id, PTP.c.column1 == first, PTP.c.column2 == second)
        )
        found += [PtpRow(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda row: (row.source_file, row.source_row))


def pairs_among(connection: Connection, release_id: int, codes: Collection[str]) -> list[PtpRow]:
    """Every row whose two codes are both among these, in the order of the file."""
    query = (
        select(*_COLUMNS)
        .select_from(_WITH_TEXT)
        .where(PTP.c.release_id == release_id, PTP.c.column1.in_(codes), PTP.c.column2.in_(codes))
        .order_by(PTP.c.source_file, PTP.c.source_row)
    )
    return [PtpRow(*row) for row in connection.execute(query)]


def edits_of(
    connection: Connection,
    release_id: int,
    code: str,
    *,
    as_column1: bool,
    day: int,
    starts: str,
    offset: int,
    limit: int,
) -> tuple[list[PtpRow], dict[int, int]]:
    """Rows in force on a day, a page of them by the other code; and how many there are by modifier indicator."""
    count, page = _edits_statements(as_column1, bool(starts))
    given = {"release": release_id, "code": code, "day": day, "starts": starts}
    counted: Any = connection.execute(count, given)
    counts: dict[int, int] = dict(tuple(row) for row in counted)
    given |= {"limit": limit, "offset": offset}
    return [PtpRow(*row) for row in connection.execute(page, given)], counts


@lru_cache(maxsize=4)
def _edits_statements(as_column1: bool, filtered: bool) -> tuple[Any, Any]:
    """The count by modifier indicator, and a page of rows. Built once: building them took longer than they."""
    own, other = (PTP.c.column1, PTP.c.column2) if as_column1 else (PTP.c.column2, PTP.c.column1)
    day = bindparam("day")
    conditions: list[ColumnElement[bool]] = [
        PTP.c.release_id == bindparam("release"),
        own == bindparam("code"),
        PTP.c.modifier != NEVER_IN_FORCE,
        or_(PTP.c.deleted_on.is_(None), PTP.c.deleted_on >= day),
        or_(PTP.c.effective_on.is_(None), PTP.c.effective_on <= day),
    ]
    if filtered:
        conditions += [other.startswith(bindparam("starts"), autoescape=False)]
    count = select(PTP.c.modifier, func.count()).where(*conditions).group_by(PTP.c.modifier)
    page = (
        select(*_COLUMNS)
        .select_from(_WITH_TEXT)
        .where(*conditions)
        .order_by(other)
        .offset(bindparam("offset"))
        .limit(bindparam("limit"))
    )
    return count, page


def mue_row(connection: Connection, release_id: int, code: str) -> MueRow | None:
    query = select(MUE.c.units, MUE.c.mai, MUE.c.rationale, MUE.c.source_row)
    row = connection.execute(query.where(MUE.c.release_id == release_id, MUE.c.code == code)).one_or_none()
    return None if row is None else MueRow(*row)


def mue_rows(connection: Connection, release_id: int, codes: Collection[str]) -> dict[str, MueRow]:
    """Limits of several codes by code."""
    query = select(MUE.c.code, MUE.c.units, MUE.c.mai, MUE.c.rationale, MUE.c.source_row)
    query = query.where(MUE.c.release_id == release_id, MUE.c.code.in_(codes))
    return {row[0]: MueRow(*row[1:]) for row in connection.execute(query)}


def add_on_rows_of(connection: Connection, release_id: int, codes: Collection[str]) -> list[AddOnRow]:
    """Rows with these codes as add-on."""
    query = (
        select(ADD_ONS.c.add_on, ADD_ONS.c.primary_code, ADD_ONS.c.type, ADD_ONS.c.source_row)
        .where(ADD_ONS.c.release_id == release_id, ADD_ONS.c.add_on.in_(codes))
        .order_by(ADD_ONS.c.source_row)
    )
    return [AddOnRow(*row) for row in connection.execute(query)]


def add_on_rows(connection: Connection, release_id: int, code: str) -> tuple[list[AddOnRow], list[AddOnRow]]:
    """Rows with the code as add-on, and with the code as primary."""
    query = select(ADD_ONS.c.add_on, ADD_ONS.c.primary_code, ADD_ONS.c.type, ADD_ONS.c.source_row).where(
        ADD_ONS.c.release_id == release_id
    )
    own = connection.execute(query.where(ADD_ONS.c.add_on == code).order_by(ADD_ONS.c.source_row))
    others = connection.execute(query.where(ADD_ONS.c.primary_code == code).order_by(ADD_ONS.c.source_row))
    return [AddOnRow(*row) for row in own], [AddOnRow(*row) for row in others]
