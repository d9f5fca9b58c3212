"""The small lists as JSON: an account is needed, no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.parameters import read_as_of
from ahead.lookup.reference.schemas import (
    CoverageAnswer,
    CoverageAsked,
    LocalitiesAnswer,
    LocalitiesAsked,
    ModifierAnswer,
    ModifierAsked,
    PlaceAnswer,
    PlaceAsked,
)
from ahead.lookup.reference.service import Reference
from ahead.shared.auth.guards import requires_account


class ReferenceController(Controller):
    """POST answers 401 without an account and 400 where nothing can be looked up."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (requires_account,)

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
