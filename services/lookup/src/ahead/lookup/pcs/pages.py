"""The code builder as a page: each choice is a link, so that it works without scripts."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.pcs.builder import build
from ahead.lookup.pcs.service import Pcs
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=100)]


class PcsPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/pcs-builder")
    async def pcs_builder(
        self, pcs: NamedDependency[Pcs], begins: Text = "", term: Text = "", as_of: AsOf = None
    ) -> Page:
        built, error = None, ""
        try:
            built = await build(pcs, begins, term, read_as_of(as_of))
        except BadInput as problem:
            error = f"{problem.detail} {problem.hint}".strip()

        def address(chosen: str) -> str:
            return "/tools/pcs-builder?" + urlencode(
                {"begins": chosen, "as_of": as_of or ""} if as_of else {"begins": chosen}
            )

        return Page(
            "pcs/builder.html",
            {"built": built, "error": error, "term": term, "as_of": as_of or "", "address": address},
        )
