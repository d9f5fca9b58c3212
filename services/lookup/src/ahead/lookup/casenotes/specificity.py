"""From a place of the hierarchy to the code that is as specific as the note, and no more.

Below a header, the child is taken whose further words the sentence has; where it has none of them, the "unspecified"
one. A side, trimester or encounter is never guessed: only where it stands beside the finding.
"""

from collections.abc import Collection
from dataclasses import dataclass

from .dictionary import Dictionary, Place

_SIDES = frozenset({"right", "left", "bilateral"})
_SAYS_UNSPECIFIED = (
    "unspecified",
    "without complication",
    "not elsewhere classified",
    "uncomplicated",
    "without",
)
_AS_GOOD = frozenset(
    {"a", "an", "the", "of", "and", "or", "with", "without", "in", "to", "due", "other", "unspecified"}
)
_CHARACTERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("S", frozenset({"sequela", "sequelae"})),
    ("D", frozenset({"subsequent", "follow", "followup", "healing", "aftercare", "recheck"})),
)


@dataclass(frozen=True, slots=True)
class Reached:
    place: Place
    why: str
    complete: bool


def reach(dictionary: Dictionary, code: str, words: Collection[str]) -> Reached | None:
    """
    Args:
        words: of the sentence and of what the section says of the whole (trimester, encounter).
    """
    place = dictionary.places.get(code)
    if place is None:
        return None
    said = frozenset(words)
    reasons: list[str] = []
    while place.below:
        children = [dictionary.places[child] for child in place.below]
        if len(children[0].code) == 7 and children[0].code[:-1] == place.code.ljust(6, "X"):
            chosen, why = _seventh(children, said)
        else:
            chosen, why = _child(place, children, said)
        if chosen is None:
            return Reached(
                place, f"{place.dotted} needs more: the note doesn't say which code below it.", place.billable
            )
        if why:
            reasons.append(why)
        place = chosen
    return Reached(place, " ".join(reasons), place.billable)


def _child(place: Place, children: list[Place], said: frozenset[str]) -> tuple[Place | None, str]:
    best: tuple[float, Place | None, str] = (0.0, None, "")
    for child in children:
        further = child.words - place.words - _AS_GOOD
        sides = further & _SIDES
        # Both sides in one sentence: which one is the finding's is for the reader to say.
        if sides and (not sides <= said or len(said & _SIDES) > 1):
            continue
        met, missing = further & said, further - said
        title = child.title.casefold()
        if not met or ("unspecified" in title and not met - {"unspecified"}):
            continue
        score = len(met) - 0.6 * len(missing)
        if score > best[0]:
            best = (score, child, f"“{'”, “'.join(sorted(met))}” decides for {child.dotted}.")
    if best[1] is not None:
        return best[1], best[2]
    for sign in _SAYS_UNSPECIFIED:
        open_ones = [
            child
            for child in children
            if sign in child.title.casefold()
            and not child.title.startswith("Other")
            and not (child.words & _SIDES - place.words)
        ]
        if open_ones:
            # The one that says least beyond its heading: pneumonia, not bronchopneumonia.
            return min(
                open_ones, key=lambda child: (len(child.words - place.words - _AS_GOOD), child.code)
            ), ""
    if len(children) == 1:
        return children[0], ""
    return None, ""


def _seventh(children: list[Place], said: frozenset[str]) -> tuple[Place | None, str]:
    """Initial encounter while the note says nothing of follow-up or of a sequela: active treatment is what notes of an
    injury describe."""
    by_character = {child.code[6]: child for child in children}
    for character, signs in _CHARACTERS:
        if signs & said and character in by_character:
            return by_character[character], f"7th character {character}: “{sorted(signs & said)[0]}”."
    if "A" in by_character:
        return by_character["A"], "7th character A: nothing says that the encounter is a later one."
    return None, ""
