"""Both sides of the body reported as two lines, LT and RT, or as two units: priced as modifier 50 would be."""

from collections.abc import Sequence

from .. import indicators
from .lines import PricedLine, Step, cents, plain
from .single import RECORD_LAYOUT, percent, source_of

_DIGITS = frozenset(
    {"E1", "E2", "E3", "E4", "FA", *(f"F{n}" for n in range(1, 10)), "TA", *(f"T{n}" for n in range(1, 10))}
)
_ONCE = frozenset({"0", "1", "2"})
"""Bilateral indicators with which both sides are paid as one, at 100 or 150 %."""


def both_sides(lines: Sequence[PricedLine]) -> None:
    """Adjusts the shares of lines that report both sides; the second line of a pair is paid with the first."""
    for line in lines:
        if line.payable and line.row is not None and not line.asked.has("50", "LT", "RT", *_DIGITS):
            _two_units(line)
    for left in lines:
        right = next((other for other in lines if _pair(left, other)), None)
        if right is not None:
            _two_lines(*sorted((left, right), key=lambda line: line.number))


def _pair(left: PricedLine, right: PricedLine) -> bool:
    return (
        left.payable
        and right.payable
        and left.row is not None
        and left.row is right.row
        and left.asked.has("LT")
        and right.asked.has("RT")
        and left.group == right.group
        and left.units == right.units == 1
        and left.share == right.share
        and left.row.bilateral in _ONCE
    )


def _two_units(line: PricedLine) -> None:
    assert line.row is not None
    kind = line.row.bilateral
    if line.units != 2 or kind not in ("1", "2"):
        return
    line.units = 1
    told = indicators.BILATERAL[kind]
    _raise(line, f"Two units on one day are both sides. {told}")


def _two_lines(first: PricedLine, second: PricedLine) -> None:
    assert first.row is not None
    told = indicators.BILATERAL[first.row.bilateral]
    _raise(first, f"LT and RT on lines {first.number} and {second.number} are both sides. {told}")
    second.stop("bundled", f"Both sides are priced on line {first.number}.", source_of("50"))


def _raise(line: PricedLine, text: str) -> None:
    assert line.row is not None
    if line.row.bilateral == "1":
        line.share *= percent("50")
    amount = cents(line.fee * line.share)
    line.steps.append(Step(text, f"{line.fee} × {plain(line.share)}", amount, RECORD_LAYOUT, line.refs))
