"""Walks an index from a main term down, as a coder does: term, terms below, "see", and the code at the end."""

import re
from collections.abc import Sequence
from datetime import date

from ahead.lookup.catalog.schemas import Edition, Release
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.catalog.spelling import dotted
from ahead.shared.errors import BadInput

from .codes import CodesOfDate
from .kinds import KINDS, Book
from .repository import EntryRow
from .schemas import Reference, Step, Term, Walk
from .service import Indexes
from .spelling import alternatives, searched

CHOICES = 60
ASKED = 200

_TABLE = re.compile(r"(?:the )?table of (drugs|neoplasms?)[^,]*(?:,\s*(.*))?", re.IGNORECASE)
_OTHER_INDEX = re.compile(r"index to diseases? (?:and injuries)?,?\s*(.*)", re.IGNORECASE)
_CODE = re.compile(
    r"(?:also )?(?:sub)?categor(?:y|ies) ([A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?)", re.IGNORECASE
)


class IndexWalk:
    """The alphabetic index and the external cause index."""

    def __init__(self, indexes: Indexes, catalog: Catalog) -> None:
        self._indexes = indexes
        self._catalog = catalog

    async def walk(self, book: str, asked: str, at: int | None, as_of: date | None) -> Walk:
        """To the term `at` (a place in the edition), or to the one that `asked` means.

        Raises:
            BadInput: there is no such index, or nothing was asked for.
            NotFound: the edition has no term at that place.
        """
        which = book_of(book)
        asked = " ".join(asked[: ASKED + 1].split())
        if len(asked) > ASKED:
            raise BadInput(f"At most {ASKED} characters.", slug="too-long")
        if at is None and not searched(asked):
            hint = "Type a main term, such as Fracture, or a path: Diabetes, type 2."
            raise BadInput("No term was given.", slug="no-term", hint=hint)
        day = as_of or self._catalog.today()
        edition = await self._indexes.edition(which, day)
        codes = await CodesOfDate.of(self._catalog, day)
        release = edition.release
        if release is None:
            return self._walk(which, edition, codes, asked)
        rest = ""
        if at is None:
            at, rest, choices, total = await self._find(release, asked)
            if at is None:
                shown = await self._indexes.terms(which, release, choices)
                return self._walk(which, edition, codes, asked, rest=rest, choices=shown, total=total)
        entry = await self._indexes.entry(release, at)
        here = await self._step(which, release, codes, entry, follow=True)
        trail = await self._indexes.terms(which, release, await self._indexes.some(release, entry.above))
        below = [
            await self._step(which, release, codes, child, follow=False)
            for child in await self._indexes.children(release, at)
        ]
        return self._walk(which, edition, codes, asked, rest=rest, here=here, trail=trail, below=tuple(below))

    def _walk(
        self,
        book: Book,
        edition: Edition,
        codes: CodesOfDate,
        asked: str,
        *,
        rest: str = "",
        here: Step | None = None,
        trail: tuple[Term, ...] = (),
        below: tuple[Step, ...] = (),
        choices: tuple[Term, ...] = (),
        total: int = 0,
    ) -> Walk:
        return Walk(
            edition.as_of, book, KINDS[book].short, edition.release.edition if edition.release else "",
            edition.message, codes.edition, asked, rest, here, trail, below, choices, total,
        )  # fmt: skip

    async def _find(self, release: Release, asked: str) -> tuple[int | None, str, Sequence[EntryRow], int]:
        """The term meant, with what is left of the words; or terms to choose from and how many there are."""
        mains = await self._indexes.mains(release)
        word = searched(asked)
        if "," not in word and len(alike := mains.called(word)) > 1:
            return None, "", await self._indexes.some(release, alike[:CHOICES]), len(alike)
        way = await self._indexes.resolve(release, asked)
        if way.ordinal is not None:
            return way.ordinal, way.rest, (), 0
        begin = [o for o, w in mains.words if any(one.startswith(word) for one in alternatives(w))]
        if begin:
            return None, "", await self._indexes.some(release, begin[:CHOICES]), len(begin)
        found, total = await self._indexes.containing(release, word.replace(",", " ").split()[:8], CHOICES)
        return None, word, found, total

    async def _step(
        self, book: Book, release: Release, codes: CodesOfDate, entry: EntryRow, *, follow: bool
    ) -> Step:
        term = (await self._indexes.terms(book, release, (entry,)))[0]
        printed = [entry.code, entry.manifestation, entry.see_category, entry.see_subcategory]
        named = await codes.named([code for code in printed if code])
        references = [(entry.see, False), (entry.see_also, True)]
        found = [
            await self.reference(book, release, text, also, follow=follow)
            for text, also in references
            if text
        ]
        return Step(term, named, tuple(found))

    async def reference(
        self, book: Book, release: Release, text: str, also: bool, *, follow: bool = True
    ) -> Reference:
        """Where a "see" leads. With `follow` False only what its words alone tell."""
        if table := _TABLE.search(text):
            which: Book = "drugs" if table[1].lower() == "drugs" else "neoplasm"
            return Reference(text, also, "table", which, rest=(table[2] or "").strip())
        if other := _OTHER_INDEX.match(text):
            return Reference(text, also, "term", "index", title=other[1].strip())
        if code := _CODE.match(text):
            key = code[1].replace(".", "").upper()
            return Reference(text, also, "code", code=dotted("icd10cm", key))
        neoplasm = searched(text).split(",")
        if book == "index" and neoplasm[0].strip() == "neoplasm" and len(neoplasm) > 1:
            # The index sends to the table by the name of its one main term.
            return Reference(text, also, "table", "neoplasm", rest=", ".join(p.strip() for p in neoplasm[1:]))
        if not follow:
            return Reference(text, also, "term", book, title=text)
        way = await self._indexes.resolve(release, text)
        if way.ordinal is None:
            return Reference(text, also, "words", rest=way.rest)
        term = (await self._indexes.terms(book, release, await self._indexes.some(release, (way.ordinal,))))[
            0
        ]
        return Reference(text, also, "term", book, way.ordinal, way.rest, ", ".join((*term.path, term.title)))


def book_of(text: str) -> Book:
    """Raises BadInput where there is no index of that name."""
    for book in KINDS:
        if book == text and not KINDS[book].columns:
            return book
    names = ", ".join(book for book, kind in KINDS.items() if not kind.columns)
    raise BadInput(f"{text[:30]!r} is no index.", slug="unknown-index", hint=f"Indexes here are: {names}.")
