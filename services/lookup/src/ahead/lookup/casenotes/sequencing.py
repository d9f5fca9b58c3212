"""A proposed sequence: what the visit was for first, what must come before something else before it."""

from collections.abc import Sequence

from ahead.lookup.claims.rules.diagnoses import names, notes_of
from ahead.lookup.claims.rules.held import Coded

from .judging import Finding

_SECTIONS = {
    "assessment": 0,
    "complaint": 1,
    "history": 2,
    "": 2,
    "findings": 3,
    "plan": 3,
    "past": 4,
    "family": 5,
}


def order(found: Sequence[Finding]) -> list[Finding]:
    """Diseases before symptoms, these before history and status, external causes last; within these the section, then
    the strength of the finding."""
    return sorted(found, key=lambda one: (_rank(one.code), _section(one), -one.score, one.code))


def _rank(code: str) -> int:
    if code[0] in "VWXY":
        return 4
    if code[0] == "Z":
        return 3
    if code[:3] in ("B95", "B96", "B97"):
        return 2
    return 1 if code[0] == "R" else 0


def _section(one: Finding) -> int:
    return min(_SECTIONS[mention.sentence.section] for mention in one.mentions)


def underlying_first(coded: list[Coded]) -> list[Coded]:
    """Moves what a "code first" note names before the code that asks for it. Each code moves at most once a round, and
    there are as many rounds as codes: two notes that ask for each other don't turn for ever."""
    ordered = list(coded)
    for _ in ordered:
        moved = False
        for late in list(ordered):
            if late.facts is None:
                continue
            references = [ref for _, note in notes_of(late, "code_first") for ref in note.references]
            place = ordered.index(late)
            before = any(names(ref, one.code) for one in ordered[:place] for ref in references)
            wanted = next(
                (o for o in ordered[place + 1 :] if any(names(ref, o.code) for ref in references)), None
            )
            if wanted is not None and not before:
                ordered.remove(late)
                ordered.insert(ordered.index(wanted) + 1, late)
                moved = True
        if not moved:
            break
    return ordered
