"""Units of drugs as JSON: judges the user's own amounts, so that an account is needed and no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.codes.access import tools_guard
from ahead.lookup.hcpcs.drug_units import DrugAnswer, DrugAsked, drug_units
from ahead.lookup.hcpcs.service import Hcpcs
from ahead.lookup.parameters import read_as_of


class HcpcsController(Controller):
    """POST answers 401 without an account and 400 for what can't be a code or an amount."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/drug-units", status_code=200, summary="Units of a drug given and discarded, with JW or JZ")
    async def units(self, hcpcs: NamedDependency[Hcpcs], data: JSONBody[DrugAsked]) -> DrugAnswer:
        return await drug_units(hcpcs, data, read_as_of(data.as_of))
