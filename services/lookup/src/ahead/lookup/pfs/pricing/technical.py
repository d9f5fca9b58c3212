"""Several tests of one clinician or group on one day: what the technical (and the professional) part is reduced to.

Indicator 4, imaging of one family in one session: the technical part of the second and later studies at 50 % (since
2010-07-01), the professional part at 95 % (since 2017-01-01; 75 % from 2012 to 2016). Indicator 6, cardiovascular
tests: technical part at 75 %; 7, eye tests: at 80 % (both since 2013-01-01). The highest stays in full. What is capped
at the hospital outpatient rate is first reduced, then held against the cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ..repository import RvuRow
from .amounts import Fee, fee_of
from .lines import Indices, PricedLine, Ref, Step, cents, plain
from .single import RECORD_LAYOUT

SINCE = date(2017, 1, 1)
"""From then on the percentages below hold."""
TECHNICAL = {"4": Decimal("0.5"), "6": Decimal("0.75"), "7": Decimal("0.8")}
PROFESSIONAL = {"4": Decimal("0.95"), "6": Decimal(1), "7": Decimal(1)}
_NAMES = {"4": "imaging", "6": "cardiovascular", "7": "eye"}
_OTHER_SESSION = ("59", "XE")


@dataclass
class _Part:
    """The technical or professional part of one unit."""

    line: PricedLine
    kind: Literal["technical", "professional"]
    fees: tuple[Fee, ...]
    rows: tuple[RvuRow, ...]
    share: Decimal = Decimal(1)

    @property
    def refs(self) -> tuple[Ref, ...]:
        return tuple(Ref("pfs", row.source_row) for row in self.rows)

    @property
    def amount(self) -> Decimal:
        return sum((fee.amount for fee in self.fees), Decimal(0)) * self.line.share

    @property
    def exact(self) -> Decimal:
        paid = (fee.paid if self.share == 1 else fee.reduced(self.share) for fee in self.fees)
        return sum(paid, Decimal(0)) * self.line.share


def tests(lines: Sequence[PricedLine], at: Indices) -> None:
    """Settles the lines with indicator 4, 6 or 7."""
    groups: dict[tuple[str, str, str], list[PricedLine]] = {}
    for line in lines:
        row = line.row
        if not line.payable or row is None or row.multiple not in TECHNICAL:
            continue
        family = row.imaging_family if row.multiple == "4" else ""
        apart = (
            f"session of line {line.number}"
            if row.multiple == "4" and line.asked.has(*_OTHER_SESSION)
            else family
        )
        groups.setdefault((line.asked.provider, row.multiple, apart), []).append(line)
    for (_, indicator, _), group in groups.items():
        _reduce(group, indicator, at)


def _reduce(group: list[PricedLine], indicator: str, at: Indices) -> None:
    if sum(line.units for line in group) > 1:
        for line in group:
            if _unknown_part(line):
                line.stop(
                    "not_checked",
                    f"Not checked: {line.asked.code} stands for a whole test, and its technical part, which is "
                    "reduced beside other tests, can't be told from the file.",
                    RECORD_LAYOUT,
                )
        group = [line for line in group if line.payable]
    parts = [part for line in group for _ in range(line.units) for part in _parts(line, at)]
    for kind, shares in (("technical", TECHNICAL), ("professional", PROFESSIONAL)):
        ranked = sorted(
            (part for part in parts if part.kind == kind), key=lambda part: (-part.amount, part.line.number)
        )
        for part in ranked[1:]:
            part.share = shares[indicator]
    for line in group:
        _settle(line, [part for part in parts if part.line is line], indicator)


def _unknown_part(line: PricedLine) -> bool:
    """A code for the whole test whose technical part is another code that isn't known."""
    return line.row is not None and line.row.pctc == "4" and not line.technical


def _parts(line: PricedLine, at: Indices) -> list[_Part]:
    row, setting = line.row, line.asked.setting
    assert row is not None

    def part(kind: Literal["technical", "professional"], *rows: RvuRow) -> _Part:
        return _Part(line, kind, tuple(fee_of(one, setting, at) for one in rows), rows)

    technical, professional = line.rows.get("TC"), line.rows.get("26")
    if row.modifier == "TC" or row.pctc == "3":
        return [part("technical", row)]
    if row.modifier == "26" or row.pctc == "2":
        return [part("professional", row)]
    if technical is not None and professional is not None:
        return [part("technical", technical), part("professional", professional)]
    if line.technical:
        held = part("technical", *line.technical)
        whole = fee_of(row, setting, at)
        rest = Fee(whole.exact - sum((fee.exact for fee in held.fees), Decimal(0)), None)
        return [held, _Part(line, "professional", (rest,), (row,))]
    return [part("professional", row)]


def _settle(line: PricedLine, parts: list[_Part], indicator: str) -> None:
    reduced = [part for part in parts if part.share != 1]
    if not reduced:
        line.settle(line.fee * line.share * line.units)
        return
    name = _NAMES[indicator]
    for part in reduced:
        text = f"A further {name} test that day: {part.kind} part at {plain(part.share * 100)} %"
        told = f"{cents(part.amount)} × {plain(part.share)}"
        line.steps.append(Step(text, told, cents(part.exact), RECORD_LAYOUT, part.refs))
    exact = sum((part.exact for part in parts), Decimal(0))
    told = " + ".join(f"{cents(part.exact)}" for part in parts)
    refs = tuple(dict.fromkeys(ref for part in parts for ref in part.refs))
    line.steps.append(Step("Parts added up before rounding once", told, cents(exact), RECORD_LAYOUT, refs))
    line.settle(exact)
