"""Modifiers that don't exist, aren't in force on the date, contradict each other, or stand twice."""

from datetime import date

from ahead.lookup.modifiers.rules import ModifierRule, in_force, load_rules
from ahead.lookup.tools.schemas import ToolResult

from ..schemas import Claim, ClaimLine
from .held import result

RULE = "modifier"
_APART = (
    ({"RT", "LT"}, "say two sides on one line: bill both sides with 50, or on two lines"),
    ({"26", "TC"}, "are the two parts of one service: bill the whole service without them"),
    ({"50", "RT"}, "say both sides and one of them"),
    ({"50", "LT"}, "say both sides and one of them"),
    ({"JW", "JZ"}, "say that drug was discarded and that none was"),
    ({"59", "XE"}, "say the same; X{E,P,S,U} is the exact one"),
    ({"59", "XP"}, "say the same; X{E,P,S,U} is the exact one"),
    ({"59", "XS"}, "say the same; X{E,P,S,U} is the exact one"),
    ({"59", "XU"}, "say the same; X{E,P,S,U} is the exact one"),
    ({"54", "55"}, "split the care of one surgery: the one who gives both bills without them"),
)


def check(claim: Claim) -> list[ToolResult]:
    rules = load_rules()
    return [
        found
        for number, line in enumerate(claim.lines, 1)
        if line.modifiers
        for found in _line(number, line, rules)
    ]


def _line(number: int, line: ClaimLine, rules: dict[str, ModifierRule]) -> list[ToolResult]:
    results: list[ToolResult] = []
    known: list[str] = []
    twice = sorted({m for m in line.modifiers if line.modifiers.count(m) > 1})
    if twice:
        why = f"{', '.join(twice)} stand{'s' * (len(twice) == 1)} twice on line {number}."
        results.append(result(RULE, "fail", why, "Take one off.", lines=(number,)))
    for pair, what in _APART:
        if pair <= set(line.modifiers):
            why = f"{' and '.join(sorted(pair))} {what}."
            results.append(
                result(RULE, "fail", why, "Keep the one that the record supports.", lines=(number,))
            )
    for modifier in dict.fromkeys(line.modifiers):
        rule = rules.get(modifier)
        if rule is None:
            why = f"{modifier} is in none of the dated rules held."
            results.append(result(RULE, "not_checked", why, lines=(number,)))
        elif not in_force(rule, line.date_of_service):
            results.append(_out_of_force(number, rule, line.date_of_service))
        else:
            known.append(modifier)
    if known and not any(one.status == "fail" for one in results):
        why = f"{', '.join(known)} {'is' if len(known) == 1 else 'are'} in force on {line.date_of_service}."
        results.append(result(RULE, "pass", why, lines=(number,)))
    return results


def _out_of_force(number: int, rule: ModifierRule, day: date) -> ToolResult:
    window = (
        f"from {rule.in_force_from}"
        if rule.in_force_from and day < rule.in_force_from
        else f"to {rule.in_force_to}"
    )
    why = f"{rule.modifier} ({rule.name}) is in force {window}, not on {day}."
    return result(RULE, "fail", why, "Use the modifier that was in force on that date.", lines=(number,))
