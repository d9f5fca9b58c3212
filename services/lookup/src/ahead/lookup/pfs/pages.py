"""The fee calculator and the units of therapy as pages: plain forms, the answer on the same address."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.parameters import AsOf, read_as_of
from ahead.lookup.pfs import asking
from ahead.lookup.pfs.places import CHOICES
from ahead.lookup.pfs.schemas import FeesAsked, TherapyAsked, TherapyService
from ahead.lookup.pfs.service import Pfs
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=40)]
Lines = Annotated[str, QueryParameter(max_length=4_000)]

OUTCOMES = {
    "priced": ("Priced", "success"),
    "contractor": ("Priced by the contractor", "warning"),
    "bundled": ("Bundled", "warning"),
    "not_paid": ("Not paid", "danger"),
    "not_in_setting": ("Not priced in this setting", "warning"),
    "not_checked": ("Not checked", "info"),
}


class PfsPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/fees")
    async def fees(
        self,
        pfs: NamedDependency[Pfs],
        lines: Lines = "",
        place_of_service: Text = "11",
        zip_code: Annotated[str, QueryParameter(name="zip", max_length=10)] = "",
        locality: Text = "national",
        qualifying: Text = "",
        as_of: AsOf = None,
    ) -> Page:
        answer, error = None, ""
        try:
            day = read_as_of(as_of)
            if lines.strip():
                typed = asking.typed_lines(lines, place_of_service)
                where = "" if zip_code.strip() else locality
                asked = FeesAsked(typed, zip_code, where, as_of, bool(qualifying))
                answer = await pfs.fees(asked, day)
        except BadInput as problem:
            day, error = None, f"{problem.detail} {problem.hint}".strip()
        context = {
            "answer": answer,
            "error": error,
            "outcomes": OUTCOMES,
            "help": asking.HELP,
            "places": CHOICES,
            "localities": [("national", "National: all indices 1"), *await pfs.localities(day)],
            "typed": {
                "lines": lines,
                "place_of_service": place_of_service,
                "zip": zip_code,
                "locality": locality,
                "qualifying": qualifying,
                "as_of": as_of or "",
            },
        }
        return Page("pfs/fees.html", context)

    @get("/tools/therapy-units")
    async def therapy_units(
        self, pfs: NamedDependency[Pfs], services: Lines = "", as_of: AsOf = None
    ) -> Page:
        answer, error = None, ""
        if services.strip():
            try:
                read = tuple(
                    TherapyService(code, _minutes(minutes))
                    for code, minutes in asking.typed_services(services)
                )
                answer = asking.therapy(TherapyAsked(read), read_as_of(as_of) or pfs.today())
            except BadInput as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        typed = {"services": services, "as_of": as_of or ""}
        return Page("pfs/therapy_units.html", {"answer": answer, "error": error, "typed": typed})


def _minutes(text: str) -> int:
    if not text.isdecimal() or len(text) > 5:
        raise BadInput(f"{text[:10]!r} is no number of minutes.", slug="bad-minutes")
    return int(text)
