"""Why a hit is a hit, in plain words."""

from ahead.lookup.catalog import spelling
from ahead.lookup.search.finding import Why
from ahead.lookup.search.schemas import Matched, SearchHit
from ahead.shared.search.index import Hit

THIS_CODE = "this code"
SOME_WORDS = "some of the words"
HEADING = "heading"


def dotted(code: str, system: str = "icd10cm") -> str:
    return spelling.dotted(system, code)


def code(hit: Hit, typed: str) -> tuple[Matched, ...]:
    """typed: undotted."""
    exact = hit.text["code"][0] == typed
    why = THIS_CODE if exact else f"begins with {dotted(typed, str(hit.payload['system']))}"
    return (Matched("code", str(hit.payload["code"]), why),)


def instead(found: str, wanted: str) -> tuple[Matched, ...]:
    return (Matched("code", found, f"{wanted} is not in this edition, this is the nearest to it"),)


def meant(why: Why) -> tuple[Matched, ...]:
    """The text that matched best, and what was read differently from how it was typed."""
    if why.whole:
        said = "the same words"
    elif why.share > 0.999:
        said = "all words"
    else:
        said = SOME_WORDS
    read = [f"“{one.typed}” read as “{one.meant}”" for one in why.read]
    read += [f"“{one.typed}” corrected to “{one.meant}”" for one in why.corrected]
    return (Matched(why.kind if why.own else HEADING, why.text, "; ".join([said, *read])),)


def partly(hit: SearchHit) -> bool:
    """Whether the hit holds only some of the words that were searched for."""
    return any(one.why.startswith(SOME_WORDS) for one in hit.matched)
