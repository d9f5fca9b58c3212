"""The surgical center's prices as JSON. They price the user's own lines: an account is needed, no view is taken."""

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.asc.asking import AscAsked, lines_of
from ahead.lookup.asc.schemas import Area, AscSession
from ahead.lookup.asc.service import Asc
from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.codes.access import tools_guard
from ahead.lookup.parameters import AsOf, read_as_of


class Areas(msgspec.Struct, frozen=True):
    """Lines of the wage indices; the same area may stand several times."""

    edition: Edition
    areas: tuple[Area, ...]


class AscController(Controller):
    """POST answers 401 without an account and 400 for what can't be a code or an area."""

    path = "/api/lookup/v1/tools/asc-fee"
    tags = ("tools",)
    guards = (tools_guard,)

    @post(status_code=200, summary="Price lines of one session in a surgical center")
    async def price(self, asc: NamedDependency[Asc], data: JSONBody[AscAsked]) -> AscSession:
        return await asc.session(lines_of(data), read_as_of(data.as_of), area=data.area, row=data.row)

    @get("/areas", summary="Areas that have a wage index")
    async def areas(self, asc: NamedDependency[Asc], as_of: AsOf = None) -> Areas:
        edition, found = await asc.areas(read_as_of(as_of))
        return Areas(edition, found)
