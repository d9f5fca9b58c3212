"""The index books as pages: plain forms and links, the answer on the same address."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.indexes.kinds import KINDS, Book
from ahead.lookup.indexes.schemas import Reference
from ahead.lookup.indexes.tables import IndexTables
from ahead.lookup.indexes.walking import IndexWalk
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=200)]
Place = Annotated[int | None, QueryParameter(ge=1, le=10_000_000)]

STATES = {
    "billable": ("Billable", "success"),
    "seventh_character": ("7th character", "warning"),
    "header": ("Incomplete", "warning"),
    "not_in_edition": ("Not in this edition", "danger"),
    "not_checked": ("Not checked", "info"),
}


class IndexPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/index-walk")
    async def walk(
        self,
        index_walk: NamedDependency[IndexWalk],
        term: Text = "",
        index: Text = "index",
        at: Place = None,
        as_of: AsOf = None,
    ) -> Page:
        answer, error = None, ""
        if term.strip() or at is not None:
            try:
                answer = await index_walk.walk(index, term, at, read_as_of(as_of))
            except (BadInput, NotFound) as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        return Page(
            "indexes/walk.html",
            {
                "answer": answer,
                "error": error,
                "typed": {"term": term, "index": index, "as_of": as_of or ""},
                "indexes": [(book, kind.short) for book, kind in KINDS.items() if not kind.columns],
                "states": STATES,
                "link": _Links(as_of),
            },
        )

    @get("/tools/neoplasm")
    async def neoplasm(
        self,
        index_tables: NamedDependency[IndexTables],
        site: Text = "",
        at: Place = None,
        as_of: AsOf = None,
    ) -> Page:
        return await _table(index_tables, "neoplasm", site, at, as_of)

    @get("/tools/drugs")
    async def drugs(
        self,
        index_tables: NamedDependency[IndexTables],
        substance: Text = "",
        at: Place = None,
        as_of: AsOf = None,
    ) -> Page:
        return await _table(index_tables, "drugs", substance, at, as_of)


async def _table(tables: IndexTables, book: Book, asked: str, at: int | None, as_of: str | None) -> Page:
    answer, error = None, ""
    try:
        if at is not None:
            answer = await tables.at(book, at, read_as_of(as_of))
        elif asked.strip():
            answer = await tables.look_up(book, asked, read_as_of(as_of))
    except (BadInput, NotFound) as problem:
        error = f"{problem.detail} {problem.hint}".strip()
    return Page(
        "indexes/table.html",
        {
            "book": book,
            "name": KINDS[book].short,
            "field": "site" if book == "neoplasm" else "substance",
            "answer": answer,
            "error": error,
            "typed": {"asked": asked, "as_of": as_of or ""},
            "states": STATES,
            "link": _Links(as_of),
        },
    )


class _Links:
    """Addresses in the templates; each keeps the date of service."""

    def __init__(self, as_of: str | None) -> None:
        self._kept = {"as_of": as_of} if as_of else {}

    def code(self, code: str) -> str:
        query = f"?{urlencode(self._kept)}" if self._kept else ""
        return f"/codes/icd10cm/{code}{query}"

    def term(self, book: Book, ordinal: int) -> str:
        if KINDS[book].columns:
            return f"/tools/{book}?{urlencode({'at': ordinal, **self._kept})}"
        return f"/tools/index-walk?{urlencode({'index': book, 'at': ordinal, **self._kept})}"

    def reference(self, one: Reference) -> str:
        """Where a "see" leads, or "" where it is an instruction in words."""
        if one.kind == "code":
            return self.code(one.code)
        if one.kind == "words" or one.book is None:
            return ""
        if one.ordinal is not None:
            return self.term(one.book, one.ordinal)
        if KINDS[one.book].columns:
            field = "site" if one.book == "neoplasm" else "substance"
            asked = (one.rest or one.title).removeprefix("Neoplasm, ")
            return f"/tools/{one.book}?{urlencode({field: asked, **self._kept})}"
        return f"/tools/index-walk?{urlencode({'index': one.book, 'term': one.title, **self._kept})}"
