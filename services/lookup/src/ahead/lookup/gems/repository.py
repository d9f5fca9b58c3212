"""The SQL of the mappings: plain functions of a connection, alike on a release's own file and on PostgreSQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from ahead.lookup.catalog.models import CONVERSIONS, NODES

from .models import GEMS


@dataclass(frozen=True, slots=True)
class GemRow:
    source: str
    target: str | None
    approximate: bool
    no_map: bool
    combination: bool
    scenario: int
    choice_list: int
    row: int


@dataclass(frozen=True, slots=True)
class ConversionRow:
    code: str
    effective: date
    printed: str
    row: int


_COLUMNS = (
    GEMS.c.source,
    GEMS.c.target,
    GEMS.c.approximate,
    GEMS.c.no_map,
    GEMS.c.combination,
    GEMS.c.scenario,
    GEMS.c.choice_list,
    GEMS.c.source_row,
)


def rows_of(connection: Connection, release_id: int, source: str) -> list[GemRow]:
    """Rows that start from a code, in the order of the file."""
    query = select(*_COLUMNS).where(GEMS.c.release_id == release_id, GEMS.c.source == source)
    return [GemRow(*row) for row in connection.execute(query.order_by(GEMS.c.source_row))]


def rows_to(connection: Connection, release_id: int, target: str) -> list[GemRow]:
    """Rows that lead to a code, in the order of the file."""
    query = select(*_COLUMNS).where(GEMS.c.release_id == release_id, GEMS.c.target == target)
    return [GemRow(*row) for row in connection.execute(query.order_by(GEMS.c.source_row))]


def titles(connection: Connection, release_id: int, codes: Iterable[str]) -> dict[str, str]:
    """Titles by key, of the codes that the release has."""
    query = select(NODES.c.code, NODES.c.title).where(
        NODES.c.release_id == release_id, NODES.c.code.in_(list(codes))
    )
    return {row.code: row.title for row in connection.execute(query)}


def conversions(
    connection: Connection, release_id: int, code: str
) -> tuple[list[ConversionRow], list[ConversionRow]]:
    """Rows in which the code is the new one, and rows that name it, or a range that it is in, as a previous one."""
    c = CONVERSIONS.c
    query = select(c.code, c.effective, c.printed, c.source_row).distinct().where(c.release_id == release_id)
    own = connection.execute(query.where(c.code == code).order_by(c.source_row))
    later = connection.execute(
        query.where(c.previous != "", c.previous <= code, c.previous_last >= code).order_by(c.source_row)
    )
    return [ConversionRow(*row) for row in own], [ConversionRow(*row) for row in later]
