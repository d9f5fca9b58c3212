"""Several units of therapy on one day (indicator 5): the practice expense of all but one is halved.

The unit with the highest practice expense stays in full, over all disciplines of a provider or group on that day;
50 % since 2013-04-01 (American Taxpayer Relief Act of 2012, section 633), in offices and institutions alike.
"""

from collections.abc import Sequence
from decimal import Decimal

from .amounts import formula
from .lines import Indices, PricedLine, Step, cents

RULE = (
    "Social Security Act, section 1848(b)(7); "
    "Medicare Claims Processing Manual, Pub. 100-04, chapter 5, section 10.7"
)
HALF = Decimal("0.5")


def units_of_therapy(lines: Sequence[PricedLine], at: Indices) -> None:
    """Settles the lines with indicator 5."""
    groups: dict[str, list[PricedLine]] = {}
    for line in lines:
        if line.payable and line.row is not None and line.row.multiple == "5":
            groups.setdefault(line.asked.provider, []).append(line)
    for group in groups.values():
        top = max(group, key=lambda line: (_expense(line, at), -line.number))
        for line in group:
            _settle(line, at, full=1 if line is top else 0)


def _expense(line: PricedLine, at: Indices) -> Decimal:
    assert line.row is not None
    return line.row.pe(line.asked.setting) * at.pe * line.row.conversion_factor


def _settle(line: PricedLine, at: Indices, full: int) -> None:
    """Each unit is an amount of its own, rounded, as the publisher's reduced amounts are."""
    row, setting = line.row, line.asked.setting
    assert row is not None
    rest = line.units - full
    exact = line.fee * full
    if rest:
        less = cents(formula(row, setting, at, row.pe(setting) * HALF, row.mp))
        exact += less * rest
        told = f"{line.fee} × {full} + {less} × {rest}" if full else f"{less} × {rest}"
        which = "the first unit in full, the others" if full else "all units"
        text = f"Therapy that day: {which} with half the practice expense, {less} each"
        line.steps.append(Step(text, told, cents(exact), RULE, line.refs))
    line.settle(exact * line.share)
