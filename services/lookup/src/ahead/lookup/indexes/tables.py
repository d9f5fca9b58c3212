"""Looks up a row of the neoplasm table (by site) or of the table of drugs and chemicals (by substance)."""

from collections.abc import Sequence
from datetime import date

from ahead.lookup.catalog.schemas import Edition, Release
from ahead.lookup.catalog.service import Catalog
from ahead.shared.errors import BadInput

from .codes import CodesOfDate, key_of
from .kinds import KINDS, Book
from .repository import EntryRow
from .schemas import Column, Reference, Row, TableAnswer
from .service import Indexes
from .spelling import alternatives, searched

LIMIT = 25
ASKED = 120

NOTES: dict[Book, tuple[str, ...]] = {
    "neoplasm": (
        "The table gives the site and the behavior; where the histology is documented, look that term up in the "
        "index first.",
        "A dash after a code says that characters are missing: complete it in the tabular list.",
    ),
    "drugs": (
        "Do not code from the table alone: check the code in the tabular list (Guideline I.C.19.e.1).",
        "Every one of these codes takes a 7th character: A, D or S.",
        "A code for underdosing is never the principal or first-listed diagnosis (Guideline I.C.19.e.5.c).",
    ),
}


class IndexTables:
    def __init__(self, indexes: Indexes, catalog: Catalog) -> None:
        self._indexes = indexes
        self._catalog = catalog

    async def look_up(
        self, book: Book, asked: str, as_of: date | None, *, column: str = "", limit: int = LIMIT
    ) -> TableAnswer:
        """Rows whose term, with those above it, has all the words asked for; the best match first.

        Args:
            column: only this column, by its name.

        Raises:
            BadInput: nothing was asked for, or there is no such column.
        """
        words = searched(asked[: ASKED + 1]).replace(",", " ").split()
        if len(asked) > ASKED or not words:
            raise BadInput(
                "Type a site." if book == "neoplasm" else "Type a substance.",
                slug="no-term",
                hint="Such as breast, or lung, upper lobe." if book == "neoplasm" else "Such as aspirin.",
            )
        wanted = self._columns(book, column)
        day = as_of or self._catalog.today()
        edition = await self._indexes.edition(book, day)
        total = 0
        found: list[EntryRow] = []
        if edition.release is not None:
            ranked = rank(await self._indexes.paths(edition.release), words)
            total = len(ranked)
            found = await self._indexes.some(edition.release, ranked[: min(max(limit, 1), 200)])
        return await self._answer(book, edition, found, total, " ".join(asked.split()), wanted)

    async def at(self, book: Book, ordinal: int, as_of: date | None) -> TableAnswer:
        """The row at a place of the edition, and those right below it.

        Raises:
            NotFound: the edition has no row at that place.
        """
        edition = await self._indexes.edition(book, as_of or self._catalog.today())
        found: list[EntryRow] = []
        if edition.release is not None:
            entry = await self._indexes.entry(edition.release, ordinal)
            found = [entry, *await self._indexes.children(edition.release, ordinal)]
        return await self._answer(book, edition, found, len(found), "", self._columns(book, ""))

    async def _answer(
        self,
        book: Book,
        edition: Edition,
        found: Sequence[EntryRow],
        total: int,
        asked: str,
        wanted: tuple[int, ...],
    ) -> TableAnswer:
        kind, release = KINDS[book], edition.release
        codes = await CodesOfDate.of(self._catalog, edition.as_of)
        made = () if release is None else await self._rows(book, release, codes, found, wanted)
        return TableAnswer(
            edition.as_of, book, kind.short, release.edition if release else "", edition.message, codes.edition,
            asked, tuple(kind.columns[n] for n in wanted), made, total, NOTES[book],
        )  # fmt: skip

    def _columns(self, book: Book, column: str) -> tuple[int, ...]:
        names = KINDS[book].columns
        if not column.strip():
            return tuple(range(len(names)))
        asked = searched(column)
        found = tuple(n for n, name in enumerate(names) if asked in searched(name))
        if not found:
            hint = f"Columns are: {', '.join(names)}."
            raise BadInput(f"{column[:40]!r} is no column of the table.", slug="unknown-column", hint=hint)
        return found

    async def _rows(
        self,
        book: Book,
        release: Release,
        codes: CodesOfDate,
        found: Sequence[EntryRow],
        wanted: tuple[int, ...],
    ) -> tuple[Row, ...]:
        terms = await self._indexes.terms(book, release, found)
        made: list[Row] = []
        for term, entry in zip(terms, found, strict=True):
            cells = [(KINDS[book].columns[n], term.cells[n]) for n in wanted] if term.cells else []
            columns = [
                Column(name, printed, await codes.one(printed) if key_of(printed) else None)
                for name, printed in cells
            ]
            references = [
                Reference(text, also, "term", book, title=text)
                for text, also in ((entry.see, False), (entry.see_also, True))
                if text
            ]
            made.append(Row(term, tuple(columns), tuple(references)))
        return tuple(made)


def rank(paths: Sequence[tuple[int, str]], words: Sequence[str]) -> list[int]:
    """Ordinals of the terms that have all the words, in their own title or in one above; the best first: the whole
    title, then a title that begins so, then own words, then words of those above."""
    text = " ".join(words)
    ranked: list[tuple[tuple[int, int, int], int]] = []
    for ordinal, path in paths:
        if not all(word in path for word in words):
            continue
        *above, own = path.split(" / ")
        if own == text or text in alternatives(own):
            kind = 0
        elif all(any(part.startswith(word) for part in own.replace(",", " ").split()) for word in words):
            kind = 1 if own.startswith(text) else 2
        elif own and any(word in own for word in words):
            kind = 3
        else:
            kind = 4
        ranked.append(((kind, len(above), ordinal), ordinal))
    return [ordinal for _, ordinal in sorted(ranked)]
