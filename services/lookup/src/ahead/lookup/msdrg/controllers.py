"""The MS-DRG grouper as JSON. It judges the user's own stay: an account is needed, no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.msdrg.schemas import Asked, GroupingAnswer
from ahead.lookup.msdrg.service import MsDrgs
from ahead.lookup.parameters import read_as_of


class MsDrgController(Controller):
    """POST answers 401 without an account and 400 for what can't be read."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/ms-drg", status_code=200, summary="Group an inpatient stay into its MS-DRG")
    async def group(self, ms_drgs: NamedDependency[MsDrgs], data: JSONBody[Asked]) -> GroupingAnswer:
        return await ms_drgs.group(data, read_as_of(data.as_of) or ms_drgs.today())
