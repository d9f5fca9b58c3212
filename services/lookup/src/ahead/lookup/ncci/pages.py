"""The NCCI tools as pages: plain forms, the answer on the same address."""

from typing import Annotated, Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.ncci.checks import Asked, Line, check_pairs, check_units
from ahead.lookup.ncci.kinds import SETTING_NAMES
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.tools.schemas import STATUSES, ToolAnswer
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=40)]
Units = Annotated[str, QueryParameter(max_length=10)]


class NcciPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/ncci-pair")
    async def pair(
        self,
        ncci: NamedDependency[Ncci],
        one: Text = "",
        two: Text = "",
        modifiers: Text = "",
        setting: Text = "practitioner",
        as_of: AsOf = None,
    ) -> Page:
        asked = Asked((Line(one), Line(two, tuple(modifiers.replace(",", " ").split()))), setting, as_of)
        answer, error = None, ""
        if one.strip() or two.strip():
            try:
                answer = await check_pairs(ncci, asked, read_as_of(as_of))
            except BadInput as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        typed = {"one": one, "two": two, "modifiers": modifiers, "setting": setting, "as_of": as_of or ""}
        return _page("ncci/pair.html", typed, answer, error, ("practitioner", "outpatient_hospital"))

    @get("/tools/mue")
    async def mue(
        self,
        ncci: NamedDependency[Ncci],
        code: Text = "",
        units: Units = "1",
        setting: Text = "practitioner",
        as_of: AsOf = None,
    ) -> Page:
        answer, error = None, ""
        if code.strip():
            try:
                if not units.strip().isdecimal():
                    raise BadInput(f"{units[:10]!r} is no number of units.")
                asked = Asked((Line(code, units=int(units)),), setting, as_of)
                answer = await check_units(ncci, asked, read_as_of(as_of))
            except BadInput as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        typed = {"code": code, "units": units, "setting": setting, "as_of": as_of or ""}
        return _page("ncci/mue.html", typed, answer, error, tuple(SETTING_NAMES))


def _page(
    template: str, typed: dict[str, str], answer: ToolAnswer | None, error: str, settings: tuple[Any, ...]
) -> Page:
    return Page(
        template,
        {
            "typed": typed,
            "answer": answer,
            "error": error,
            "settings": [(setting, SETTING_NAMES[setting]) for setting in settings],
            "statuses": STATUSES,
        },
    )
