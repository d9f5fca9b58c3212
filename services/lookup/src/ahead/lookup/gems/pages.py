"""The crosswalk as a page and as a file of comma-separated values."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.codes.access import Views
from ahead.lookup.gems import telling
from ahead.lookup.gems.schemas import CrosswalkAnswer
from ahead.lookup.gems.service import Crosswalks
from ahead.lookup.gems.walking import as_csv, split, walk
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.middleware import principal_of
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

AnyRequest = Request[Any, Any, Any]
Codes = Annotated[str, QueryParameter(max_length=4_000, description="Codes, by spaces, commas or lines.")]
System = Annotated[str, QueryParameter(max_length=20)]

STATUSES = {
    "mapped": ("Mapped", "success"),
    "no_map": ("No map", "warning"),
    "not_listed": ("Not in the mapping", "info"),
    "not_checked": ("No edition held", "info"),
    "not_shown": ("Not shown", "warning"),
}


class CrosswalkPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/crosswalk")
    async def crosswalk(
        self,
        request: AnyRequest,
        crosswalks: NamedDependency[Crosswalks],
        views: NamedDependency[Views],
        codes: Codes = "",
        system: System = "icd9cm",
        as_of: AsOf = None,
    ) -> Page:
        answer: CrosswalkAnswer | None = None
        error = ""
        if codes.strip():
            try:
                when = read_as_of(as_of)
                answer = await walk(
                    crosswalks, views, principal_of(request), request, system, split(codes), when
                )
            except BadInput as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        query = {"codes": " ".join(split(codes)), "system": system} | ({"as_of": as_of} if as_of else {})
        return Page(
            "gems/crosswalk.html",
            {
                "answer": answer,
                "error": error,
                "typed": {"codes": codes, "system": system, "as_of": as_of or ""},
                "systems": list(telling.NAMES.items()),
                "names": telling.NAMES,
                "statuses": STATUSES,
                "step": telling.step,
                "exactness": telling.exactness,
                "download": f"/tools/crosswalk.csv?{urlencode(query)}",
            },
        )

    @get("/tools/crosswalk.csv", media_type="text/csv")
    async def download(
        self,
        request: AnyRequest,
        crosswalks: NamedDependency[Crosswalks],
        views: NamedDependency[Views],
        codes: Codes = "",
        system: System = "icd9cm",
        as_of: AsOf = None,
    ) -> Response[str]:
        when = read_as_of(as_of)
        answer = await walk(crosswalks, views, principal_of(request), request, system, split(codes), when)
        return Response(
            as_csv(answer),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="crosswalk.csv"',
                "Cache-Control": "no-store",
            },
        )
