"""Units of drugs as a page: a plain form, the answer on the same address."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.hcpcs.drug_units import Container, DrugAsked, drug_units
from ahead.lookup.hcpcs.service import Hcpcs
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.tools.schemas import STATUSES
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=40)]

CONTAINERS: dict[Container, str] = {"single_dose": "Single-dose", "multi_dose": "Multi-dose"}


class HcpcsPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/drug-units")
    async def units(
        self,
        hcpcs: NamedDependency[Hcpcs],
        code: Text = "",
        administered: Text = "",
        discarded: Text = "0",
        measure: Text = "",
        container: Text = "single_dose",
        as_of: AsOf = None,
    ) -> Page:
        kind: Container = "multi_dose" if container == "multi_dose" else "single_dose"
        asked = DrugAsked(code, administered, discarded, measure, kind, as_of)
        answer, error = None, ""
        if code.strip() or administered.strip():
            try:
                answer = await drug_units(hcpcs, asked, read_as_of(as_of))
            except BadInput as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        context = {
            "asked": asked,
            "answer": answer,
            "error": error,
            "containers": list(CONTAINERS.items()),
            "measures": [("", "The code's own"), ("mcg", "mcg"), ("mg", "mg"), ("g", "g")],
            "statuses": STATUSES,
        }
        return Page("hcpcs/drug_units.html", context)
