"""All codes that coverage documents list for one code, filtered and paged. What a section holds: it needs the same
grant as the code's page."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from ahead.lookup.codes.access import Refused, may_see_sections
from ahead.lookup.codes.opening import open_view
from ahead.lookup.codes.pages import Desk, code_address, refused_page
from ahead.lookup.codes.schemas import Access
from ahead.lookup.codes.service import CODE_KINDS, edition_info, place_of
from ahead.lookup.coverage.contributing import LISTED, SOURCES, CoverageSection, columns, page_of, pair_row
from ahead.lookup.coverage.schemas import Listed, PairPage
from ahead.lookup.coverage.service import MERGED, Coverage
from ahead.lookup.parameters import AsOf, PageNumber, read_as_of
from ahead.shared.auth.middleware import principal_of
from ahead.shared.errors import BadInput
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.templating import Page

AnyRequest = Request[Any, Any, Any]
ON_A_PAGE = 100
Name = Annotated[str, QueryParameter(max_length=20)]
_WAYS: dict[str, Listed] = {"covered": "covered", "not_covered": "not_covered"}
Starts = Annotated[str, QueryParameter(max_length=8, description="The other code begins so.")]


@dataclass(frozen=True)
class Filter:
    """What the page is asked for."""

    code: str
    system: str
    source: str
    listed: Listed
    starts: str
    as_of: date | None

    def address(self, page: str) -> str:
        """`page`: its number, or "{page}" where a template fills it in."""
        query = {"source": self.source, "listed": self.listed, "starts": self.starts}
        query |= {"as_of": self.as_of.isoformat()} if self.as_of else {}
        return f"/codes/{self.system}/{self.code}/medicare-coverage?{urlencode(query)}&page={page}"


class CoveragePairsPage(Controller):
    include_in_schema = False

    @get("/codes/{system:str}/{code:str}/medicare-coverage")
    async def pairs(
        self,
        request: AnyRequest,
        desk: NamedDependency[Desk],
        coverage: NamedDependency[Coverage],
        system: FromPath[str],
        code: FromPath[str],
        source: Name = MERGED,
        listed: Name = "covered",
        starts: Starts = "",
        page: PageNumber = 1,
        as_of: AsOf = None,
    ) -> Page | Redirect:
        when = read_as_of(as_of)
        way = _WAYS.get(listed)
        if source not in SOURCES or way is None:
            raise BadInput(
                "There is no such list.",
                slug="unknown-list",
                hint=f"Sources: {', '.join(SOURCES)}. Lists: {', '.join(LISTED)}.",
            )
        principal = principal_of(request)
        found = await desk.pages.find(system, code, when)
        known = found.node is not None and found.node.kind in CODE_KINDS and system in CoverageSection.systems
        if found.node is None or not known or not may_see_sections(principal):
            return Redirect(code_address(system, code, when))
        asked = Filter(found.node.dotted, system, source, way, starts.strip().upper(), when)
        content = await desk.pages.content(found, full=False)
        pairs = await page_of(
            coverage, system, found.node.code, source, way, found.edition.as_of,
            offset=(page - 1) * ON_A_PAGE, limit=ON_A_PAGE, starts=asked.starts,
        )  # fmt: skip

        def make(access: Access, allowance: Allowance | None) -> Page | None:
            if allowance is not None:
                request.state.allowance = allowance
            if access != "full":
                return None
            return _page(asked, pairs, page, place_of(content), edition_info(content.edition))

        try:
            made = await open_view(request, desk.views, principal, content, make)
        except Refused as problem:
            request.state.allowance = problem.allowance
            return await refused_page(desk.views, principal, content, problem)
        return made or Redirect(code_address(system, code, when))


def _page(asked: Filter, pairs: PairPage, page: int, place: Any, edition: Any) -> Page:
    return Page(
        "coverage/pairs.html",
        {
            "asked": asked,
            "pairs": pairs,
            "rows": [pair_row(asked.system, pair) for pair in pairs.pairs],
            "columns": columns(asked.system, asked.source),
            "page": page,
            "pages": -(-pairs.total // ON_A_PAGE),
            "place": place,
            "edition": edition,
            "sources": list(SOURCES.items()),
            "lists": list(LISTED.items()),
            "code_page": code_address(asked.system, asked.code, asked.as_of),
        },
    )
