"""Several procedures of one clinician on one day: the standard rule by rank (indicator 2), and endoscopies (3).

Medicare Claims Processing Manual, Pub. 100-04, chapter 12, section 40.6: amounts are ranked after the percentages of
50 and of the other modifiers; a family of endoscopies is priced first and ranked as one procedure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..repository import RvuRow
from .amounts import fee_of
from .lines import Indices, PricedLine, Ref, Step, cents, plain
from .single import percent

RULE = "Medicare Claims Processing Manual, Pub. 100-04, chapter 12, section 40.6"
PAID_BY_RANK = 5
"""From the sixth on the contractor decides by the record."""


@dataclass
class _Part:
    """One unit of a line, and its amount before rounding."""

    line: PricedLine
    exact: Decimal


@dataclass
class _Item:
    """What is ranked: one procedure, or a family of endoscopies."""

    parts: list[_Part]

    @property
    def exact(self) -> Decimal:
        return sum((part.exact for part in self.parts), Decimal(0))

    @property
    def number(self) -> int:
        return min(part.line.number for part in self.parts)


def by_rank(lines: Sequence[PricedLine], bases: Mapping[str, RvuRow], at: Indices) -> None:
    """Settles the lines with indicator 2 or 3.

    Args:
        bases: rows of the base endoscopies.
    """
    groups: dict[tuple[str, bool], list[PricedLine]] = {}
    for line in lines:
        if line.payable and line.row is not None and line.row.multiple in ("2", "3"):
            groups.setdefault(line.group, []).append(line)
    for group in groups.values():
        items = _families(group, bases, at)
        _settle(group, sorted(items, key=lambda item: (-item.exact, item.number)))


def _units(line: PricedLine) -> list[_Part]:
    return [_Part(line, line.fee * line.share) for _ in range(line.units)]


def _families(group: Sequence[PricedLine], bases: Mapping[str, RvuRow], at: Indices) -> list[_Item]:
    items: list[_Item] = []
    done: set[int] = set()
    families = dict.fromkeys(
        line.row.endoscopic_base for line in group if line.row and line.row.multiple == "3"
    )
    for base in families:
        members = [line for line in group if line.row and line.row.endoscopic_base == base]
        own = [line for line in group if line.row and line.row.code == base]
        if len(members) + len(own) == 1 and members[0].units == 1:
            continue
        done |= {line.number for line in (*members, *own)}
        item = _family(members, own, bases.get(base), at)
        if item is not None:
            items.append(item)
    for line in group:
        if line.number not in done:
            items += [_Item([part]) for part in _units(line)]
    return items


def _family(
    members: list[PricedLine], own: list[PricedLine], base: RvuRow | None, at: Indices
) -> _Item | None:
    """The highest in full, each other by what it exceeds the base; the base itself is part of them."""
    parts = sorted(
        (part for line in members for part in _units(line)), key=lambda part: (-part.exact, part.line.number)
    )
    for line in own:
        line.stop(
            "bundled", f"{line.asked.code} is the base of line {parts[0].line.number}: paid with it.", RULE
        )
    top = parts[0]
    code = top.line.row.endoscopic_base if top.line.row else ""
    if len(parts) > 1 and (base is None or base.status != "A" or base.na(top.line.asked.setting)):
        for line in dict.fromkeys(part.line.number for part in parts):
            held = next(part.line for part in parts if part.line.number == line)
            held.stop(
                "not_checked",
                f"Not checked: the base endoscopy {code} has no published value in this setting.",
                RULE,
            )
        return None
    top.line.steps.append(
        Step(f"Highest of the family of endoscopy {code}: in full", "", cents(top.exact), RULE)
    )
    for part in parts[1:]:
        assert base is not None
        line = part.line
        less = fee_of(base, line.asked.setting, at).amount
        part.exact = max(line.fee - less, Decimal(0)) * line.share
        share = "" if line.share == 1 else f" × {plain(line.share)}"
        text = f"Of the same family: what it exceeds the base {code} ({less})"
        told = f"({line.fee} - {less}){share}"
        refs = (*line.refs, Ref("pfs", base.source_row))
        line.steps.append(Step(text, told, cents(part.exact), RULE, refs))
        if line.share != 1:
            line.conditions.append(
                "The manual doesn't say how a percentage meets the endoscopy rule: here it is taken of both."
            )
    return _Item(parts)


def _settle(group: Sequence[PricedLine], items: Sequence[_Item]) -> None:
    totals = {line.number: Decimal(0) for line in group}
    by_report: set[int] = set()
    for rank, item in enumerate(items, 1):
        share = percent("51", 0 if rank == 1 else 1)
        for part in item.parts:
            if rank > PAID_BY_RANK:
                by_report.add(part.line.number)
                continue
            exact = part.exact * share
            totals[part.line.number] += exact
            if len(items) > 1:
                text = f"Rank {rank} of {len(items)} procedures that day: {plain(share * 100)} %"
                told = f"{cents(part.exact)} × {plain(share)}"
                part.line.steps.append(Step(text, told, cents(exact), RULE))
    for line in group:
        if line.number in by_report:
            line.stop(
                "contractor",
                "From the sixth procedure of a day on the contractor decides by the record.",
                RULE,
            )
        elif line.payable:
            line.settle(totals[line.number])
