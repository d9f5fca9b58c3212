"""The Medicare Code Editor as JSON. It judges the user's own claim: an account is needed, no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.mce.service import Mce
from ahead.lookup.msdrg.schemas import Asked
from ahead.lookup.parameters import read_as_of
from ahead.lookup.tools.schemas import ToolAnswer


class MceController(Controller):
    """POST answers 401 without an account and 400 for what can't be read."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/mce", status_code=200, summary="Check an inpatient claim by the Medicare Code Editor")
    async def check(self, mce: NamedDependency[Mce], data: JSONBody[Asked]) -> ToolAnswer:
        return await mce.check(data, read_as_of(data.as_of) or mce.today())
