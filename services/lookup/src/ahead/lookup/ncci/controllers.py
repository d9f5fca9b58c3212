"""NCCI tools as JSON. They judge the user's own lines: an account is needed, no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.ncci.checks import Asked, check_pairs, check_units
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.parameters import read_as_of
from ahead.lookup.tools.schemas import ToolAnswer


class NcciController(Controller):
    """POST answers 401 without an account and 400 for what can't be a code."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/ncci-pair", status_code=200, summary="Check every pair of codes against the PTP edits")
    async def pair(self, ncci: NamedDependency[Ncci], data: JSONBody[Asked]) -> ToolAnswer:
        return await check_pairs(ncci, data, read_as_of(data.as_of))

    @post("/mue", status_code=200, summary="Check units against the medically unlikely edits")
    async def mue(self, ncci: NamedDependency[Ncci], data: JSONBody[Asked]) -> ToolAnswer:
        return await check_units(ncci, data, read_as_of(data.as_of))
