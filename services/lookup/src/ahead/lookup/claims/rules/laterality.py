"""Sides that contradict each other: among diagnoses, and between a line's modifier and the diagnoses it points to.

A side is read from the words of a title. Titles say it in a handful of ways, and ICD-10-CM says each side of one
condition in codes that stand beside each other.
"""

import re
from itertools import combinations

from ahead.lookup.tools.schemas import ToolResult

from ..schemas import Claim
from .held import Coded, result

RULE = "laterality"
_SIDE = re.compile(r"\b(right|left|bilateral|unilateral|unspecified)\b")
_MODIFIERS = {
    **dict.fromkeys(
        ("RT", "E3", "E4", *(f"F{n}" for n in range(5, 10)), *(f"T{n}" for n in range(5, 10))), "right"
    ),
    **dict.fromkeys(
        ("LT", "E1", "E2", "FA", *(f"F{n}" for n in range(1, 5)), "TA", *(f"T{n}" for n in range(1, 5))),
        "left",
    ),
}


def side_of(title: str) -> str | None:
    """ "right", "left" or "bilateral"; None where the title says none, or both."""
    found = set(_SIDE.findall(title.lower())) - {"unilateral", "unspecified"}
    return found.pop() if len(found) == 1 else None


def _beside(one: str, two: str) -> bool:
    """Whether codes below these places can be sides of one condition: the code of both sides may stand a place above
    those of each side, such as M17.0 beside M17.11."""
    return one == two or (abs(len(one) - len(two)) == 1 and (one.startswith(two) or two.startswith(one)))


def _one_condition(one: str, two: str) -> bool:
    """Whether two titles of the same parent say one condition with different sides. "bilateral" may stand for the
    organ as well ("..., right eye" beside "..., bilateral"), so that one word may be missing."""
    words = [set(re.findall(r"\w+", _SIDE.sub("", title.lower()))) for title in (one, two)]
    return len(words[0] ^ words[1]) <= 1


def check(claim: Claim, coded: tuple[Coded, ...]) -> list[ToolResult]:
    known = [one for one in coded if one.facts is not None]
    results = [found for one, two in combinations(known, 2) if (found := _pair(one, two)) is not None]
    results += _lines(claim, {one.number: one for one in known})
    return results


def _pair(one: Coded, two: Coded) -> ToolResult | None:
    """The same condition as bilateral and on one side, or on a side and without one."""
    assert one.facts is not None, "only known codes are compared"
    assert two.facts is not None, "only known codes are compared"
    titles = (one.facts.node.title, two.facts.node.title)
    if not _beside(one.facts.node.parent or "", two.facts.node.parent or "") or not _one_condition(*titles):
        return None
    sides = (side_of(titles[0]), side_of(titles[1]))
    numbers, receipts = (one.number, two.number), (one.facts.receipt, two.facts.receipt)
    both = f"{one.dotted} ({titles[0]}) and {two.dotted} ({titles[1]})"
    if "bilateral" in sides:
        why = f"{both}: one says both sides, the other one of them, or none."
        return result(
            RULE, "fail", why, "Report the bilateral code alone.", diagnoses=numbers, receipts=receipts
        )
    if None in sides and sides != (None, None):
        why = f"{both}: the same condition with a side and without one."
        fix = "Report the code with the side that the record documents."
        return result(RULE, "fail", why, fix, diagnoses=numbers, receipts=receipts)
    return None


def _lines(claim: Claim, coded: dict[int, Coded]) -> list[ToolResult]:
    results: list[ToolResult] = []
    for number, line in enumerate(claim.lines, 1):
        asked = {side for modifier in line.modifiers if (side := _MODIFIERS.get(modifier))}
        pointed = [coded[pointer] for pointer in line.pointers if pointer in coded]
        sides = {one.number: side for one in pointed if one.facts and (side := side_of(one.facts.node.title))}
        if len(asked) != 1 or not sides:
            continue
        side = asked.pop()
        wrong = [n for n, said in sides.items() if said not in (side, "bilateral")]
        if len(wrong) == len(sides):
            named = ", ".join(coded[n].dotted for n in wrong)
            why = f"Line {number} says {side} by its modifier; {named} say{'s' * (len(wrong) == 1)} another side."
            fix = "Check the modifier, and which diagnosis the line points to."
            results.append(result(RULE, "fail", why, fix, lines=(number,), diagnoses=wrong))
        else:
            why = f"Line {number} and a diagnosis it points to say {side}."
            results.append(result(RULE, "pass", why, lines=(number,), diagnoses=tuple(sides)))
    return results
