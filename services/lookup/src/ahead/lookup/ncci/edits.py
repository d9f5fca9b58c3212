"""All edits of one code, filtered and paged. What a section holds: it needs the same grant as the code's page."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect

from ahead.lookup.codes.access import Refused, may_see_sections
from ahead.lookup.codes.opening import open_view
from ahead.lookup.codes.pages import Desk, code_address, refused_page
from ahead.lookup.codes.schemas import Access
from ahead.lookup.codes.service import CODE_KINDS, edition_info, place_of
from ahead.lookup.parameters import AsOf, PageNumber, read_as_of
from ahead.shared.auth.middleware import principal_of
from ahead.shared.errors import BadInput
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.templating import Page

from .contributing import EDIT_COLUMNS, PTP_SETTINGS, edit_row
from .kinds import SETTING_NAMES
from .schemas import PtpPage, Role
from .service import Ncci

AnyRequest = Request[Any, Any, Any]
ON_A_PAGE = 100
ROLES: dict[str, Role] = {"column1": "column1", "column2": "column2"}
Starts = Annotated[str, QueryParameter(max_length=5, description="The other code begins so.")]


@dataclass(frozen=True)
class Filter:
    """What the page is asked for."""

    code: str
    system: str
    setting: str
    role: Role
    starts: str
    as_of: date | None

    def address(self, page: str) -> str:
        """`page`: its number, or "{page}" where a template fills it in."""
        query = {"setting": self.setting, "role": self.role, "starts": self.starts}
        query |= {"as_of": self.as_of.isoformat()} if self.as_of else {}
        return f"/codes/{self.system}/{self.code}/ncci-edits?{urlencode(query)}&page={page}"


class NcciEditsPage(Controller):
    include_in_schema = False

    @get("/codes/{system:str}/{code:str}/ncci-edits")
    async def edits(
        self,
        request: AnyRequest,
        desk: NamedDependency[Desk],
        ncci: NamedDependency[Ncci],
        system: FromPath[str],
        code: FromPath[str],
        setting: FromQuery[str] = "practitioner",
        role: FromQuery[str] = "column1",
        starts: Starts = "",
        page: PageNumber = 1,
        as_of: AsOf = None,
    ) -> Page | Redirect:
        when = read_as_of(as_of)
        if setting not in PTP_SETTINGS or role not in ROLES:
            raise BadInput(
                "There is no such setting or column.",
                slug="unknown-setting",
                hint="Settings: practitioner, outpatient_hospital. Columns: column1, column2.",
            )
        principal = principal_of(request)
        found = await desk.pages.find(system, code, when)
        if found.node is None or found.node.kind not in CODE_KINDS or not may_see_sections(principal):
            return Redirect(code_address(system, code, when))
        asked = Filter(found.node.dotted, system, setting, ROLES[role], starts.strip().upper(), when)
        content = await desk.pages.content(found, full=False)
        edits = await ncci.edits_of(
            setting,
            found.node.code,
            asked.role,
            found.edition.as_of,
            offset=(page - 1) * ON_A_PAGE,
            limit=ON_A_PAGE,
            starts=asked.starts,
        )

        def make(access: Access, allowance: Allowance | None) -> Page | None:
            if allowance is not None:
                request.state.allowance = allowance
            return (
                _page(asked, edits, page, place_of(content), edition_info(content.edition))
                if access == "full"
                else None
            )

        try:
            made = await open_view(request, desk.views, principal, content, make)
        except Refused as problem:
            request.state.allowance = problem.allowance
            return await refused_page(desk.views, principal, content, problem)
        return made or Redirect(code_address(system, code, when))


def _page(asked: Filter, edits: PtpPage, page: int, place: Any, edition: Any) -> Page:
    return Page(
        "ncci/edits.html",
        {
            "asked": asked,
            "edits": edits,
            "rows": [edit_row(edit, asked.role) for edit in edits.edits],
            "columns": EDIT_COLUMNS,
            "page": page,
            "pages": -(-edits.total // ON_A_PAGE),
            "place": place,
            "edition": edition,
            "settings": [(one, SETTING_NAMES[one]) for one in PTP_SETTINGS],
            "roles": [("column1", "Column 1: it is paid"), ("column2", "Column 2: it is not")],
            "code_page": code_address(asked.system, asked.code, asked.as_of),
        },
    )
