"""The level of a visit as JSON: an account is needed, no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.emlevel.schemas import EmAnswer, EmAsked
from ahead.lookup.emlevel.service import EmLevels
from ahead.lookup.parameters import read_as_of


class EmController(Controller):
    """POST answers 401 without an account and 400 for what is no visit."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/em-level", status_code=200, summary="Choose the level of a visit by decision making or by time")
    async def choose(self, em_levels: NamedDependency[EmLevels], data: JSONBody[EmAsked]) -> EmAnswer:
        return em_levels.choose(data, read_as_of(data.as_of))
