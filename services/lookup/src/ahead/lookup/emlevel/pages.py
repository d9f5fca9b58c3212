"""The level of a visit as a page."""

from typing import Annotated, cast, get_args

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.lookup.emlevel.rules import load_rules
from ahead.lookup.emlevel.schemas import Element, EmAsked, Family
from ahead.lookup.emlevel.service import EmLevels
from ahead.lookup.parameters import AsOf, read_as_of
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import BadInput
from ahead.shared.web.templating import Page

Text = Annotated[str, QueryParameter(max_length=24)]


class EmPages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/tools/em-level")
    async def choose(
        self,
        em_levels: NamedDependency[EmLevels],
        family: Text = "",
        problems: Text = "",
        reviewed: Text = "",
        risk: Text = "",
        minutes: Text = "",
        as_of: AsOf = None,
    ) -> Page:
        rules, answer, error = load_rules(), None, ""
        typed = {
            "family": family,
            "problems": problems,
            "reviewed": reviewed,
            "risk": risk,
            "minutes": minutes,
            "as_of": as_of or "",
        }
        if family in rules.families:
            try:
                asked = EmAsked(
                    cast("Family", family),
                    problems=_element(problems),
                    data=_element(reviewed),
                    risk=_element(risk),
                    minutes=_minutes(minutes),
                )
                answer = em_levels.choose(asked, read_as_of(as_of))
            except BadInput as problem:
                error = f"{problem.detail} {problem.hint}".strip()
        return Page(
            "emlevel/choose.html",
            {
                "answer": answer,
                "error": error,
                "typed": typed,
                "families": [(key, one.name.capitalize()) for key, one in rules.families.items()],
                "elements": _offered("minimal", "low", "moderate", "high"),
                "amounts": _offered("minimal", "limited", "moderate", "extensive"),
                "meta": rules.meta,
            },
        )


def _offered(*words: str) -> list[tuple[str, str]]:
    return [("", "Not said"), *((word, word.capitalize()) for word in words)]


def _element(text: str) -> Element:
    """Raises BadInput for a word that no element has."""
    if text not in get_args(Element):
        raise BadInput("That is no level of an element of decision making.", slug="bad-element")
    return cast("Element", text)


def _minutes(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise BadInput("Minutes are a whole number.", slug="bad-minutes")
    return int(text)
