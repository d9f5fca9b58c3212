"""The small lists as JSON: an account is needed, no view is taken. What belongs to a code's page takes or needs its
grant: add-on edits and relative values."""

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.clfs.service import LabFee
from ahead.lookup.codes.access import tools_guard
from ahead.lookup.codes.opening import open_view
from ahead.lookup.codes.pages import Desk
from ahead.lookup.parameters import read_as_of
from ahead.lookup.reference.schemas import (
    AddOnAnswer,
    CoverageAnswer,
    CoverageAsked,
    LocalitiesAnswer,
    LocalitiesAsked,
    ModifierAnswer,
    ModifierAsked,
    OneCode,
    PlaceAnswer,
    PlaceAsked,
    RelativeValuesAnswer,
)
from ahead.lookup.reference.service import Reference
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import Forbidden, NotFound


class ReferenceController(Controller):
    """POST answers 401 without an account and 400 where nothing can be looked up."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/modifier", status_code=200, summary="What a modifier says, and when it is used")
    async def modifier(
        self, reference: NamedDependency[Reference], data: JSONBody[ModifierAsked]
    ) -> ModifierAnswer:
        return await reference.modifier(data.modifier, read_as_of(data.as_of))

    @post("/place-of-service", status_code=200, summary="A place of service by its number or by words")
    async def place(self, reference: NamedDependency[Reference], data: JSONBody[PlaceAsked]) -> PlaceAnswer:
        return await reference.place(data.place, read_as_of(data.as_of))

    @post("/fee-localities", status_code=200, summary="Localities of the Medicare Physician Fee Schedule")
    async def localities(
        self, reference: NamedDependency[Reference], data: JSONBody[LocalitiesAsked]
    ) -> LocalitiesAnswer:
        return await reference.localities(data.words, read_as_of(data.as_of))

    @post(
        "/coverage-documents",
        status_code=200,
        summary="Coverage documents by words of the title or by number",
    )
    async def coverage(
        self, reference: NamedDependency[Reference], data: JSONBody[CoverageAsked]
    ) -> CoverageAnswer:
        return await reference.coverage(data.words, data.document, data.contractor, read_as_of(data.as_of))

    @post("/add-on", status_code=200, summary="Add-on edits of a code: its primaries, or its add-ons")
    async def add_on(
        self,
        request: Request[Any, Any, Any],
        reference: NamedDependency[Reference],
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        data: JSONBody[OneCode],
    ) -> AddOnAnswer:
        await _granted(request, desk, principal, data.code)
        return await reference.add_on(data.code, read_as_of(data.as_of))

    @post("/relative-values", status_code=200, summary="Relative values and payment indicators of a code")
    async def relative_values(
        self,
        request: Request[Any, Any, Any],
        reference: NamedDependency[Reference],
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        data: JSONBody[OneCode],
    ) -> RelativeValuesAnswer:
        await _granted(request, desk, principal, data.code)
        return await reference.relative_values(data.code, read_as_of(data.as_of))

    @post("/laboratory-rate", status_code=200, summary="The national rate of a laboratory test")
    async def laboratory_rate(
        self,
        request: Request[Any, Any, Any],
        reference: NamedDependency[Reference],
        desk: NamedDependency[Desk],
        principal: NamedDependency[Principal],
        data: JSONBody[OneCode],
    ) -> LabFee:
        await _granted(request, desk, principal, data.code)
        return await reference.laboratory_rate(data.code, read_as_of(data.as_of))


async def _granted(request: Request[Any, Any, Any], desk: Desk, principal: Principal, code: str) -> None:
    """Takes or needs the view of the code's page as it is today; a service has charged for its own."""
    if principal.kind == "service":
        return
    system = "hcpcs" if code.strip()[:1].isalpha() else "cpt"
    found = await desk.pages.find(system, code, None)
    if found.node is None:
        raise NotFound(found.edition.message, slug="no-edition-held")
    content = await desk.pages.content(found, full=False)
    if await open_view(request, desk.views, principal, content, lambda access, _: access) != "full":
        raise Forbidden("This address may not be read in this way.", slug="scope-needed")
