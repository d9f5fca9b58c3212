"""The fee calculator and the units of therapy as JSON. They judge the user's own lines: an account is needed, no view
is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.parameters import read_as_of
from ahead.lookup.pfs import asking
from ahead.lookup.pfs.schemas import FeeAnswer, FeesAsked, TherapyAnswer, TherapyAsked
from ahead.lookup.pfs.service import Pfs


class PfsController(Controller):
    """POST answers 401 without an account and 400 for what can't be a line or a place."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/fees", status_code=200, summary="Price lines of one date by the Medicare Physician Fee Schedule")
    async def fees(self, pfs: NamedDependency[Pfs], data: JSONBody[FeesAsked]) -> FeeAnswer:
        return await pfs.fees(data, read_as_of(data.as_of))

    @post(
        "/therapy-units",
        status_code=200,
        summary="Units of timed therapy by the 8-minute and the midpoint rule",
    )
    async def therapy_units(self, pfs: NamedDependency[Pfs], data: JSONBody[TherapyAsked]) -> TherapyAnswer:
        return asking.therapy(data, read_as_of(data.as_of) or pfs.today())
