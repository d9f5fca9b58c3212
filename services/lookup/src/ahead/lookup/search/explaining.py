"""Why a hit is a hit, in plain words."""

from ahead.lookup.catalog import spelling
from ahead.lookup.search.ranking import Judged
from ahead.lookup.search.schemas import Matched, SearchHit
from ahead.shared.search.analysis import fold
from ahead.shared.search.index import Hit

THIS_CODE = "this code"
SOME_WORDS = "some of the words"
_FIELDS = {"title": "title", "terms": "inclusion term", "context": "heading"}


def dotted(code: str, system: str = "icd10cm") -> str:
    return spelling.dotted(system, code)


def code(hit: Hit, typed: str) -> tuple[Matched, ...]:
    """typed: undotted."""
    exact = hit.text["code"][0] == typed
    why = THIS_CODE if exact else f"begins with {dotted(typed, str(hit.payload['system']))}"
    return (Matched("code", str(hit.payload["code"]), why),)


def instead(found: str, wanted: str) -> tuple[Matched, ...]:
    return (Matched("code", found, f"{wanted} is not in this edition, this is the nearest to it"),)


def words(judged: Judged) -> tuple[Matched, ...]:
    """The text that matched best, and what was read differently from how it was typed."""
    best = judged.best
    if best is None:
        return ()
    if best.whole:
        why = "the same words"
    elif best.share > 0.999:
        why = "all words"
    elif best.field == "context":
        why = "found in a heading above"
    else:
        why = SOME_WORDS
    read = [f"“{one.typed}” read as “{one.meant}”" for one in judged.replaced]
    read += [f"“{fold(typed)}” corrected to “{word}”" for typed, word in judged.corrected.items()]
    return (Matched(_FIELDS[best.field], best.text, "; ".join([why, *read])),)


def partly(hit: SearchHit) -> bool:
    """Whether the hit holds only some of the words that were searched for."""
    return any(one.why.startswith(SOME_WORDS) for one in hit.matched)
