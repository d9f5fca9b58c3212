"""The one door to the index books: `Indexes`."""

from collections.abc import AsyncIterator, Sequence
from datetime import date

from sqlalchemy import Connection

from ahead.lookup.catalog.cache import LRU
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.receipts import receipt_of
from ahead.lookup.catalog.schemas import Edition, Release
from ahead.shared.errors import NotFound

from . import repository as rows
from .kinds import KINDS, Book
from .repository import EntryRow
from .resolving import Mains, Way, resolve
from .schemas import Leading, LeadingTerms, Listed, Term

CHILDREN = 1_000
"""The term with the most has fewer."""
_MAINS_CACHED = 6


class Indexes:
    """Terms of the four books for any date of service, and the codes that they lead to."""

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader
        self._mains: LRU[int, Mains] = LRU(_MAINS_CACHED)
        self._words: LRU[int, list[tuple[int, str]]] = LRU(_MAINS_CACHED)

    async def edition(self, book: Book, as_of: date | None = None) -> Edition:
        return await self._reader.edition(KINDS[book].system, as_of)

    # Terms

    async def entry(self, release: Release, ordinal: int) -> EntryRow:
        """Raises NotFound: this edition has no such place."""
        found = await self._reader.read(release.id, lambda c: rows.entries(c, release.id, (ordinal,)))
        if ordinal not in found:
            raise NotFound("This edition of the book has no such term.", slug="unknown-term")
        return found[ordinal]

    async def terms(self, book: Book, release: Release, entries: Sequence[EntryRow]) -> tuple[Term, ...]:
        """Terms with the titles above them."""
        above = sorted({ordinal for entry in entries for ordinal in entry.above})
        titles = {
            ordinal: entry.printed
            for ordinal, entry in (
                await self._reader.read(release.id, lambda c: rows.entries(c, release.id, above))
            ).items()
        }
        return tuple(_term(book, release, entry, titles) for entry in entries)

    async def some(self, release: Release, ordinals: Sequence[int]) -> list[EntryRow]:
        """In the order asked for."""
        found = await self._reader.read(release.id, lambda c: rows.entries(c, release.id, ordinals))
        return [found[ordinal] for ordinal in ordinals if ordinal in found]

    async def children(self, release: Release, ordinal: int) -> list[EntryRow]:
        return await self._reader.read(release.id, lambda c: rows.children(c, release.id, ordinal, CHILDREN))

    async def mains(self, release: Release) -> Mains:
        if (mains := self._mains.get(release.id)) is None:
            mains = Mains(await self._reader.read(release.id, lambda c: rows.mains(c, release.id)))
            self._mains.put(release.id, mains)
        return mains

    async def resolve(self, release: Release, text: str) -> Way:
        """The term that a reference or somebody's words mean."""
        mains = await self.mains(release)

        def run(connection: Connection) -> Way:
            def below(ordinal: int) -> list[tuple[int, int | None, int, str]]:
                entry = rows.entries(connection, release.id, (ordinal,))[ordinal]
                return rows.below(connection, release.id, entry)

            return resolve(text, mains, below)

        return await self._reader.read(release.id, run)

    async def containing(
        self, release: Release, words: Sequence[str], limit: int
    ) -> tuple[list[EntryRow], int]:
        found, total = await self._reader.read(
            release.id, lambda c: rows.containing(c, release.id, words, limit)
        )
        return await self.some(release, found), total

    async def paths(self, release: Release) -> list[tuple[int, str]]:
        """(ordinal, words of the term and of all above it) of a table, which is small enough to keep."""
        if (held := self._words.get(release.id)) is None:
            held = []
            whole: dict[int, str] = {}
            for ordinal, parent, word in await self._reader.read(
                release.id, lambda c: rows.words(c, release.id)
            ):
                whole[ordinal] = word if parent is None else f"{whole[parent]} / {word}"
                held.append((ordinal, whole[ordinal]))
            self._words.put(release.id, held)
        return held

    # Codes

    async def leading_to(
        self, code: str, as_of: date | None = None, *, limit: int = 50
    ) -> tuple[LeadingTerms, ...]:
        """Per book that is held for the date: the terms that lead to a code (by its key) or to a heading above it.

        A term that prints "S72.00-" leads to S72.001A too: what is longer is more specific and comes first.
        """
        keys = [code[:length] for length in range(len(code), 2, -1)]
        answers: list[LeadingTerms] = []
        for book in KINDS:
            edition = await self.edition(book, as_of)
            release = edition.release
            if release is None:
                answers.append(LeadingTerms(book, edition, (), 0))
                continue
            found = await self._reader.read(release.id, lambda c, r=release: rows.leading(c, r.id, keys))
            found.sort(key=lambda one: (-len(one.code), one.role == "manifestation", one.ordinal, one.role))
            shown = found[:limit]
            entries = {entry.ordinal: entry for entry in await self.some(release, [f.ordinal for f in shown])}
            ordered = [entries[one.ordinal] for one in shown]
            terms = await self.terms(book, release, ordered)
            leading = tuple(
                Leading(term, one.printed, _role(book, one.role), one.code == code)
                for term, one in zip(terms, shown, strict=True)
            )
            answers.append(LeadingTerms(book, edition, leading, len(found)))
        return tuple(answers)

    async def listed(self, release: Release) -> AsyncIterator[Listed]:
        """Every term of a book, in its order, for a search index: what it is called and where it leads."""
        after = 0
        titles: dict[int, str] = {}
        while chunk := await self._reader.read(
            release.id, lambda c, a=after: rows.all_entries(c, release.id, a)
        ):
            for entry, codes in rows.codes_of(chunk):
                titles[entry.ordinal] = entry.printed
                path = tuple(titles[ordinal] for ordinal in entry.above)
                yield Listed(entry.ordinal, entry.printed, path, entry.nonessential, codes, entry.see)
            after = chunk[-1].ordinal


def _term(book: Book, release: Release, entry: EntryRow, titles: dict[int, str]) -> Term:
    return Term(
        book,
        entry.ordinal,
        entry.level,
        entry.printed,
        tuple(titles[ordinal] for ordinal in entry.above),
        entry.code,
        entry.manifestation,
        entry.see,
        entry.see_also,
        entry.see_category or entry.see_subcategory,
        tuple(entry.cells.split("|")) if entry.cells else (),
        entry.last_ordinal - entry.ordinal,
        receipt_of(release, entry.source_row),
    )


def _role(book: Book, role: str) -> str:
    return KINDS[book].columns[int(role) - 2] if role.isdigit() else role
