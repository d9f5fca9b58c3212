"""The surgical center's prices as a page: a plain form, the answer on the same address."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.asc.asking import AscAsked, lines_of, typed
from ahead.lookup.asc.schemas import Area
from ahead.lookup.asc.service import Asc
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

Lines = Annotated[str, QueryParameter(max_length=2_000)]
Row = Annotated[str, QueryParameter(max_length=6)]


class AscPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/asc-fee")
    async def fee(
        self, asc: NamedDependency[Asc], lines: Lines = "", place: Row = "", as_of: AsOf = None
    ) -> Page:
        """`place`: a row of the wage index file, so that each line of an area can be chosen."""
        answer, error, areas = None, "", tuple[Area, ...]()
        try:
            day = read_as_of(as_of)
            _, areas = await asc.areas(day)
            if lines.strip():
                asked = AscAsked(typed(lines), as_of=as_of)
                chosen = next((one for one in areas if str(one.row) == place.strip()), None)
                if place.strip() and chosen is None:
                    raise BadInput("That area is not in the wage indices of this date: choose it again.")
                area, row = (chosen.area, chosen.row) if chosen else ("", None)
                answer = await asc.session(lines_of(asked), day, area=area, row=row)
        except BadInput as problem:
            error = f"{problem.detail} {problem.hint}".strip()
        options = [("", "National rates")]
        options += [(str(one.row), f"{one.area} {one.name}: {one.wage_index or 'none'}") for one in areas]
        return Page(
            "asc/fee.html",
            {
                "typed": {"lines": lines, "place": place, "as_of": as_of or ""},
                "answer": answer,
                "error": error,
                "areas": options,
            },
        )
