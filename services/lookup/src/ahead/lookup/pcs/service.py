"""The one door to ICD-10-PCS: `Pcs`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import Connection

from ahead.lookup.catalog.cache import LRU
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Receipt, Release

from . import repository as rows
from .derived import name_values
from .labels import FIRST, Label, Vocabulary
from .loading.nodes import operation_of
from .models import DEFINITIONS, INDEX, ORDER, TABLES
from .repository import TableHead
from .rows import rows_of
from .schemas import Aggregate, Change, IndexEntry, Meaning, TableRow, Value

AXES = ("Section", "Body System", "Operation", "Character 4", "Character 5", "Character 6", "Character 7")
"""What characters are called where no table says it."""
INDEX_SHOWN = 60
_ENTRIES_READ = 4_000
"""The main term with the most entries, Repair, has about a thousand."""
_TABLES_CACHED = 400


@dataclass(frozen=True)
class PcsTable:
    """A table of one edition: its codes, the names of their characters 4 to 7, and rows that make just them."""

    code: str
    title: str
    operation: str
    axes: tuple[str, ...]
    definition: str
    names: dict[str, tuple[Label, ...]]
    titles: dict[str, str]
    lines: dict[str, int]
    rows: tuple[TableRow, ...]
    release: Release
    names_from: Release | None
    line: int

    def value(self, code: str, position: int) -> Value:
        """Of a code's character 4 to 7."""
        label = self.names[code][position - FIRST]
        return Value(code[position - 1], label.text, label.origin)

    def row_of(self, code: str) -> TableRow:
        """The row that makes a code."""
        wanted = tuple(self.value(code, position) for position in range(FIRST, 8))
        return next(
            row for row in self.rows if all(v in axis for v, axis in zip(wanted, row.axes, strict=True))
        )


@dataclass(frozen=True)
class _Names:
    """What a release of tables has."""

    release: Release
    vocabulary: Vocabulary
    heads: dict[str, TableHead]


class Pcs:
    """Tables, definitions and index of ICD-10-PCS for any date.

    Tables are made from the list of codes of the date; names of values come from the tables held that are not newer
    than it, and where these don't have them, from the titles.
    """

    def __init__(self, sources: SourceReader) -> None:
        self._sources = sources
        self._names: _Names | None = None
        self._tables: LRU[tuple[int, int, str], PcsTable] = LRU(_TABLES_CACHED)

    async def edition(self, as_of: date | None = None) -> Edition:
        """The list of codes that answers for the date."""
        return await self._sources.edition(ORDER, as_of)

    async def beside(self, source: str, release: Release) -> Release | None:
        """The tables, definitions or index that go with a list of codes: the latest held that are not newer; else
        the first ones after."""
        held = await self._sources.releases(source)
        earlier = [one for one in held if one.window_from <= release.window_from]
        if earlier:
            return max(earlier, key=lambda one: (one.window_from, one.loaded_at, one.id))
        return min(held, key=lambda one: (one.window_from, one.id), default=None)

    async def table(self, release: Release, code: str) -> PcsTable | None:
        """A table of a list of codes by its three characters; None where it has none of that name."""
        names = await self._names_for(release)
        key = (release.id, names.release.id if names else 0, code)
        if (found := self._tables.get(key)) is not None:
            return found
        made = await self._sources.read(
            release.id, lambda connection: _table(connection, release, names, code)
        )
        if made is not None:
            self._tables.put(key, made)
        return made

    async def _names_for(self, release: Release) -> _Names | None:
        tables = await self.beside(TABLES, release)
        if tables is None:
            return None
        if self._names is None or self._names.release.id != tables.id:
            rid = tables.id
            vocabulary = await self._sources.read(rid, lambda connection: rows.vocabulary(connection, rid))
            heads = await self._sources.read(rid, lambda connection: rows.table_heads(connection, rid))
            self._names = _Names(tables, vocabulary, heads)
        return self._names

    async def meanings(
        self, release: Release, section: str, names: Iterable[tuple[int, str]]
    ) -> dict[tuple[int, str], Meaning]:
        """What the definitions say of names, each with the place of its character; of those they have."""
        wanted = list(names)
        source = await self.beside(DEFINITIONS, release)
        if source is None:
            return {}
        rid = source.id
        found = await self._sources.read(
            rid, lambda c: rows.terms(c, rid, section, (name for _, name in wanted))
        )
        return {
            (position, name): Meaning(
                term.definition, term.explanation, term.includes, receipt_of(source, term.row)
            )
            for position, name in wanted
            if (term := found.get((position, name.lower()))) is not None
        }

    async def aggregates(self, release: Release, device: str) -> tuple[Aggregate, ...]:
        """Where the device goes by another name in other operations."""
        source = await self.beside(DEFINITIONS, release)
        if source is None or not device:
            return ()
        rid = source.id
        found = await self._sources.read(rid, lambda c: rows.aggregates(c, rid, device))
        return tuple(Aggregate(*one[:5], receipt_of(source, one[5])) for one in found)

    async def index_entries(self, release: Release, code: str) -> tuple[tuple[IndexEntry, ...], int] | None:
        """Entries of the index that lead to a code or its beginning, the most exact first, and how many there are;
        None where no index is held."""
        source = await self.beside(INDEX, release)
        if source is None:
            return None
        rid = source.id
        targets = [code[:length] for length in range(3, len(code) + 1)]
        found, total = await self._sources.read(rid, lambda c: rows.leading_to(c, rid, targets, INDEX_SHOWN))
        return tuple(entry(source, row) for row in found), total

    async def terms(self, release: Release, typed: str, limit: int) -> tuple[IndexEntry, ...]:
        """Entries of the index under main terms that begin as typed; else those under its first word that have the
        other words in them ("bypass coronary")."""
        source = await self.beside(INDEX, release)
        words = typed.lower().replace(",", " ").split()
        if source is None or not words:
            return ()
        rid = source.id

        def read(connection: Connection) -> list[rows.IndexRow]:
            whole = rows.main_terms(connection, rid, " ".join(words), limit)
            if whole or len(words) == 1:
                return whole
            below = rows.main_terms(connection, rid, words[0], _ENTRIES_READ)
            fitting = (row for row in below if all(word in " ".join(row.path).lower() for word in words))
            return list(islice(fitting, limit))

        return tuple(entry(source, row) for row in await self._sources.read(rid, read))

    async def existing(self, release: Release, begins: Iterable[str]) -> set[str]:
        """Those of the beginnings with which a code of the edition begins."""
        wanted = set(begins)
        return await self._sources.read(release.id, lambda c: rows.existing(c, release.id, wanted))

    async def below(self, release: Release, place: str) -> list[tuple[str, str, int]]:
        """Sections ("" is asked for), body systems or tables: key, title, number of codes."""
        return await self._sources.read(release.id, lambda c: rows.below(c, release.id, place or None))

    async def places(self, release: Release, keys: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Title and line by key."""
        wanted = list(keys)
        return await self._sources.read(release.id, lambda c: rows.places(c, release.id, wanted))

    async def changes(self, release: Release, code: str) -> tuple[Change, ...]:
        """What the addenda of an edition say of a code; its second file."""
        found = await self._sources.read(release.id, lambda c: rows.changes(c, release.id, code))
        return tuple(
            Change(action, code, title, receipt_of(release, line, 1))  # pyright: ignore[reportArgumentType]
            for action, title, line in found
        )

    @staticmethod
    def receipts(table: PcsTable, code: str) -> tuple[Receipt, ...]:
        """Of a code's line in the list of codes."""
        return (receipt_of(table.release, table.lines[code]),)


def entry(source: Release, row: rows.IndexRow) -> IndexEntry:
    return IndexEntry(
        row.path,
        tuple(dict.fromkeys(f"{kind} {text}" for kind, text, _ in row.leads if text)),
        tuple(dict.fromkeys(target for _, _, target in row.leads if target)),
        receipt_of(source, row.row),
    )


def _table(connection: Connection, release: Release, names: _Names | None, code: str) -> PcsTable | None:
    """Reads and names one table; runs beside the event loop."""
    titles, lines = rows.titles_of(connection, release.id, code)
    heads = rows.places(connection, release.id, [code, code[:2]])
    if not titles or code not in heads:
        return None
    title, line = heads[code]
    operation = operation_of(code, title, heads[code[:2]][0])
    named = name_values(operation, titles, names.vocabulary if names else Vocabulary())
    head = names.heads.get(code) if names else None
    axes = head.axes if head else _axes_nearby(names, code)
    made = _rows(named)
    return PcsTable(
        code, title, operation, axes, head.definition if head else "", named, titles, lines, made, release,
        names.release if names else None, line,
    )  # fmt: skip


def _rows(named: dict[str, tuple[Label, ...]]) -> tuple[TableRow, ...]:
    """Rows that make just these codes. The same name may stand in several lines of the tables."""
    per_code = [
        [Value(value, label.text, label.origin) for value, label in zip(code[3:], labels, strict=True)]
        for code, labels in named.items()
    ]
    ordered = sorted({value for one in per_code for value in one}, key=lambda one: (one.value, one.name))
    numbers = {value: number for number, value in enumerate(ordered)}
    boxes = rows_of([numbers[value] for value in one] for one in per_code)
    return tuple(
        TableRow(tuple(tuple(ordered[one] for one in sorted(axis)) for axis in box)) for box in boxes
    )


def _axes_nearby(names: _Names | None, code: str) -> tuple[str, ...]:
    """Of another table of the section: what its characters are doesn't differ inside one."""
    heads = names.heads if names else {}
    return next((head.axes for table, head in sorted(heads.items()) if table[0] == code[0]), AXES)
