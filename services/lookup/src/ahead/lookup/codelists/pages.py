"""Code lists as a page: paste, judge, download."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency

from ahead.lookup.catalog.spelling import SYSTEMS
from ahead.lookup.codelists.downloads import table_of
from ahead.lookup.codelists.schemas import MOST, ListAnswer, ListAsked
from ahead.lookup.codelists.service import CodeLists
from ahead.lookup.parameters import read_as_of
from ahead.lookup.tools.schemas import STATUSES
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

AnyRequest = Request[Any, Any, Any]
SHOWN = 500
"""Rows on the page; the download has all."""


class CodeListPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/code-lists")
    async def form(self) -> Page:
        return _page(ListAsked(), None, "")

    @post("/tools/code-lists", status_code=200)
    async def check(
        self, request: AnyRequest, code_lists: NamedDependency[CodeLists]
    ) -> Page | Response[str]:
        form = await request.form()
        as_of = str(form.get("as_of", "")).strip() or None
        asked = ListAsked((), str(form.get("text", "")), str(form.get("system", "")), as_of)
        try:
            answer = await code_lists.check(asked, read_as_of(as_of))
        except BadInput as problem:
            return _page(asked, None, f"{problem.detail} {problem.hint}".strip())
        if form.get("download"):
            return table_of(answer)
        return _page(asked, answer, "")


def _page(asked: ListAsked, answer: ListAnswer | None, error: str) -> Page:
    return Page(
        "codelists/list.html",
        {
            "asked": asked,
            "answer": answer,
            "shown": answer.results[:SHOWN] if answer else (),
            "error": error,
            "most": MOST,
            "systems": [("", "Any"), *SYSTEMS.items()],
            "names": SYSTEMS,
            "statuses": STATUSES,
        },
    )
