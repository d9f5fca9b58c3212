"""The code builder as JSON. It shows the structure of the code system; an account is needed, no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.parameters import read_as_of
from ahead.lookup.pcs.builder import Asked, build
from ahead.lookup.pcs.schemas import Built
from ahead.lookup.pcs.service import Pcs


class PcsController(Controller):
    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/pcs-builder", status_code=200, summary="Build an ICD-10-PCS code character by character")
    async def pcs_builder(self, pcs: NamedDependency[Pcs], data: JSONBody[Asked]) -> Built:
        """Answers what can be chosen next; every value leads to at least one valid code of the date."""
        return await build(pcs, data.begins, data.term, read_as_of(data.as_of))
