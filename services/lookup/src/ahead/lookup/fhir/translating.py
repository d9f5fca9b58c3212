"""ConceptMap/$translate over the equivalence mappings. It shows what a section of a code's page holds: an account is
needed, and a code that isn't open yet takes a view."""

from ahead.lookup.gems.schemas import Crosswalk, CrosswalkAnswer, Target
from ahead.shared.errors import Forbidden, NotFound

from .resources import Resource, parameter, parameters
from .systems import URIS

# ConceptMap's own words for what a row's flags say.
_EXACT, _NEAR = "equal", "relatedto"


def translation(answer: CrosswalkAnswer) -> Resource:
    """The answer for one code.

    Raises:
        Forbidden: the views of this month are used up.
        NotFound: no edition is held for the date.
    """
    (one,) = answer.results
    said = " ".join(one.words)
    if one.status == "not_shown":
        raise Forbidden(
            said, slug="allowance-exhausted", title="You have used all your code page views this month"
        )
    if one.status == "not_checked":
        raise NotFound(said, slug="no-edition-held", title="No edition is held for this date")
    matches = [
        _match(target, one, combined=len(way.lists) > 1)
        for way in one.alternatives
        for choices in way.lists
        for target in choices
        if not target.no_map
    ]
    message = " ".join(filter(None, (said, one.note)))
    return parameters(
        [
            parameter("result", valueBoolean=bool(matches)),
            *([parameter("message", valueString=message)] if message else []),
            *matches,
        ]
    )


def _match(target: Target, one: Crosswalk, *, combined: bool) -> Resource:
    parts = [
        parameter("equivalence", valueCode=_NEAR if target.approximate or combined else _EXACT),
        parameter(
            "concept",
            valueCoding={"system": URIS[target.system], "code": target.code}
            | ({"display": target.title} if target.title else {}),
        ),
        parameter("source", valueUri=f"urn:case2code:gem:{one.system}:{one.to}"),
    ]
    if combined:
        # One code of each choice list of a scenario, together: the flags say which.
        parts.append(
            parameter(
                "product",
                part=[
                    parameter("element", valueUri="urn:case2code:gem:scenario"),
                    parameter(
                        "concept",
                        valueCoding={
                            "system": "urn:case2code:gem:scenario",
                            "code": f"{target.scenario}.{target.choice_list}",
                        },
                    ),
                ],
            )
        )
    return parameter("match", part=parts)
