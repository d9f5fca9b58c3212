"""Code pages as JSON, under the same allowance and gating as the page."""

from datetime import date
from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.lookup.codes.access import Views, may_see_sections
from ahead.lookup.codes.opening import open_view
from ahead.lookup.codes.schemas import CodeView, Content, Section
from ahead.lookup.codes.service import CODE_KINDS, CodePages, one_section
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import Forbidden, NotFound, Unauthenticated

AnyRequest = Request[Any, Any, Any]


class CodeController(Controller):
    """GET answers 404 for unknown codes and 403 ``allowance-exhausted`` when no view is left."""

    path = "/api/lookup/v1/codes"
    tags = ("codes",)

    @get("/{system:str}/{code:str}", summary="A code's page")
    async def page(
        self,
        request: AnyRequest,
        pages: NamedDependency[CodePages],
        views: NamedDependency[Views],
        principal: NamedDependency[Principal],
        system: FromPath[str],
        code: FromPath[str],
        as_of: AsOf = None,
    ) -> CodeView:
        content = await self._content(pages, principal, system, code, read_as_of(as_of))
        return await open_view(
            request,
            views,
            principal,
            content,
            lambda access, allowance: pages.view(content, access, allowance),
        )

    @get("/{system:str}/{code:str}/{section:str}", summary="One section of a code's page")
    async def section(
        self,
        request: AnyRequest,
        pages: NamedDependency[CodePages],
        views: NamedDependency[Views],
        principal: NamedDependency[Principal],
        system: FromPath[str],
        code: FromPath[str],
        section: FromPath[str],
        as_of: AsOf = None,
    ) -> Section:
        content = await self._content(pages, principal, system, code, read_as_of(as_of), section)
        found = one_section(content, section)
        if principal.kind != "service" and not principal.registered:
            raise Unauthenticated(
                "Sections are for registered accounts.",
                slug="registration-needed",
                title="Register to view content",
                hint="Create a free account to unlock this content.",
            )
        access = await open_view(request, views, principal, content, lambda access, _: access)
        if access != "full":
            raise Forbidden("This address may not be read in this way.", slug="scope-needed")
        return found

    async def _content(
        self,
        pages: CodePages,
        principal: Principal,
        system: str,
        code: str,
        as_of: date | None,
        section: str | None = None,
    ) -> Content:
        found = await pages.find(system, code, as_of)
        if found.node is None:
            raise NotFound(
                found.edition.message,
                slug="no-edition-held",
                title="No edition is held for this date",
                hint="Choose a date of service inside the window of an edition that is held.",
                extra={"system": system, "as_of": found.edition.as_of.isoformat()},
            )
        if found.node.kind not in CODE_KINDS:
            raise NotFound(
                f"{found.node.dotted} is a {found.node.kind}, not a code.",
                slug="not-a-code",
                hint=f"Browse it at /browse/{system}/{found.node.dotted}.",
            )
        return await pages.content(found, full=may_see_sections(principal), section=section)
