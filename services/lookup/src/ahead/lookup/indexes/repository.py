"""SQL of the index books: plain functions of a connection, alike on a release's own file and on PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from .models import CODES, ENTRIES

_COLUMNS = tuple(column for column in ENTRIES.columns if column.name != "release_id")
_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class EntryRow:
    ordinal: int
    last_ordinal: int
    parent: int | None
    path: str
    level: int
    title: str
    nonessential: str
    tail: str
    word: str
    see: str
    see_also: str
    code: str
    manifestation: str
    see_category: str
    see_subcategory: str
    cells: str
    source_row: int

    @property
    def printed(self) -> str:
        """The whole title, its nonessential modifiers in their place."""
        return " ".join(part for part in (self.title, self.nonessential, self.tail) if part)

    @property
    def above(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.path.split("/")) if self.path else ()


@dataclass(frozen=True, slots=True)
class Found:
    """A code of a term: `code` is the key that was looked for."""

    code: str
    ordinal: int
    role: str
    printed: str


def entries(connection: Connection, release_id: int, ordinals: Sequence[int]) -> dict[int, EntryRow]:
    if not ordinals:
        return {}
    query = select(*_COLUMNS).where(ENTRIES.c.release_id == release_id, ENTRIES.c.ordinal.in_(ordinals))
    return {row.ordinal: row for row in map(_row, connection.execute(query))}


def children(connection: Connection, release_id: int, parent: int, limit: int) -> list[EntryRow]:
    query = (
        select(*_COLUMNS)
        .where(ENTRIES.c.release_id == release_id, ENTRIES.c.parent == parent)
        .order_by(ENTRIES.c.ordinal)
        .limit(limit)
    )
    return [_row(row) for row in connection.execute(query)]


def mains(connection: Connection, release_id: int) -> list[tuple[int, str]]:
    """(ordinal, word) of the main terms, in order."""
    query = (
        select(ENTRIES.c.ordinal, ENTRIES.c.word)
        .where(ENTRIES.c.release_id == release_id, ENTRIES.c.level == 0)
        .order_by(ENTRIES.c.ordinal)
    )
    return [(row.ordinal, row.word) for row in connection.execute(query)]


def below(connection: Connection, release_id: int, entry: EntryRow) -> list[tuple[int, int | None, int, str]]:
    """(ordinal, parent, level, word) of everything below a term."""
    query = (
        select(ENTRIES.c.ordinal, ENTRIES.c.parent, ENTRIES.c.level, ENTRIES.c.word)
        .where(
            ENTRIES.c.release_id == release_id,
            ENTRIES.c.ordinal > entry.ordinal,
            ENTRIES.c.ordinal <= entry.last_ordinal,
        )
        .order_by(ENTRIES.c.ordinal)
    )
    return [(row.ordinal, row.parent, row.level, row.word) for row in connection.execute(query)]


def containing(
    connection: Connection, release_id: int, words: Sequence[str], limit: int
) -> tuple[list[int], int]:
    """Terms of any level whose own title has all the words, main terms first; and how many there are."""
    where = [ENTRIES.c.release_id == release_id]
    where += [ENTRIES.c.word.contains(word, autoescape=True) for word in words]
    total = connection.execute(select(func.count()).select_from(ENTRIES).where(*where)).scalar_one()
    query = select(ENTRIES.c.ordinal).where(*where).order_by(ENTRIES.c.level, ENTRIES.c.ordinal).limit(limit)
    return [row.ordinal for row in connection.execute(query)], total


def words(connection: Connection, release_id: int) -> list[tuple[int, int | None, str]]:
    """(ordinal, parent, word) of every term; for the tables, which are small."""
    query = (
        select(ENTRIES.c.ordinal, ENTRIES.c.parent, ENTRIES.c.word)
        .where(ENTRIES.c.release_id == release_id)
        .order_by(ENTRIES.c.ordinal)
    )
    return [(row.ordinal, row.parent, row.word) for row in connection.execute(query)]


def leading(connection: Connection, release_id: int, keys: Sequence[str]) -> list[Found]:
    """Terms that lead to one of these codes."""
    query = select(CODES.c.code, CODES.c.ordinal, CODES.c.role, CODES.c.printed).where(
        CODES.c.release_id == release_id, CODES.c.code.in_(keys)
    )
    return [Found(*row) for row in connection.execute(query)]


def all_entries(connection: Connection, release_id: int, after: int = 0) -> list[EntryRow]:
    """A stretch of the book from behind the ordinal `after`; empty at its end."""
    query = (
        select(*_COLUMNS)
        .where(ENTRIES.c.release_id == release_id, ENTRIES.c.ordinal > after)
        .order_by(ENTRIES.c.ordinal)
        .limit(_CHUNK)
    )
    return [_row(row) for row in connection.execute(query)]


def codes_of(rows: Sequence[EntryRow]) -> Iterator[tuple[EntryRow, tuple[str, ...]]]:
    """Each term with the codes printed in it."""
    for row in rows:
        printed = (row.code, row.manifestation, row.see_category, row.see_subcategory, *row.cells.split("|"))
        yield row, tuple(code for code in printed if code.strip("-"))


def _row(row: Row[Any]) -> EntryRow:
    return EntryRow(*row)
