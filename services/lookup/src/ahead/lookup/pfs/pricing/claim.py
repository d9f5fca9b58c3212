"""All lines of a claim of one date, priced together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..kinds import ANESTHESIA
from ..repository import AnesthesiaRow, CapRow, RvuRow
from . import anesthesia, multiple, sides, single, technical, therapy
from .lines import AskedLine, Indices, PricedLine, Step
from .single import RECORD_LAYOUT


@dataclass(frozen=True)
class Held:
    """What is held for the date and place.

    Attributes:
        rows: relative values by code, then by modifier; those of the base endoscopies too.
        technical: by code of a whole test: the rows of its technical part.
        factor: anesthesia conversion factor.
        caps: published prices of capped imaging, by code and modifier.
    """

    rows: Mapping[str, dict[str, RvuRow]]
    at: Indices
    technical: Mapping[str, tuple[RvuRow, ...]] = field(default_factory=dict[str, tuple[RvuRow, ...]])
    factor: AnesthesiaRow | None = None
    caps: Mapping[tuple[str, str], CapRow] = field(default_factory=dict[tuple[str, str], CapRow])


def price_claim(asked: Sequence[AskedLine], held: Held, as_of: date) -> list[PricedLine]:
    """Lines in the order asked, each with its outcome, amount and steps."""
    lines = [
        PricedLine(one, held.rows.get(one.code, {}), units=one.units, technical=held.technical.get(one.code))
        for one in asked
    ]
    for line in lines:
        if anesthesia.is_anesthesia(line.asked.code) and line.rows and line.rows[""].status == "J":
            line.row = line.rows[""]
            anesthesia.price(line, held.factor, ANESTHESIA)
        else:
            part = line.asked.first("26", "TC")
            line.published = held.caps.get((line.asked.code, part))
            single.price(line, held.at, as_of)
    _alone(lines)
    open_lines = [line for line in lines if line.payable and line.amount is None]
    if as_of < technical.SINCE:
        _before_the_rules(open_lines)
    sides.both_sides(open_lines)
    bases = {code: rows[""] for code, rows in held.rows.items() if "" in rows}
    multiple.by_rank(open_lines, bases, held.at)
    technical.tests(open_lines, held.at)
    therapy.units_of_therapy(open_lines, held.at)
    for line in open_lines:
        if line.payable and line.amount is None:
            _each_by_itself(line)
    return lines


def _alone(lines: Sequence[PricedLine]) -> None:
    """Status T is paid only where nothing else payable is billed that day by the same provider."""
    for line in lines:
        if not line.payable or line.row is None or line.row.status != "T":
            continue
        others = [
            other.number
            for other in lines
            if other.payable
            and other.row
            and other.row.status != "T"
            and other.asked.provider == line.asked.provider
        ]
        if others:
            why = f"Status T: not paid beside something else payable that day (line {others[0]})."
            line.stop("bundled", why, RECORD_LAYOUT)
        else:
            line.conditions.append("Status T: only where nothing else payable is billed that day.")


def _before_the_rules(lines: Sequence[PricedLine]) -> None:
    several = [line for line in lines if line.row is not None and line.row.multiple in technical.TECHNICAL]
    if sum(line.units for line in several) > 1:
        for line in several:
            why = (
                f"Not checked: the rule for several tests is held from {technical.SINCE.isoformat()} on only."
            )
            line.stop("not_checked", why, RECORD_LAYOUT)


def _each_by_itself(line: PricedLine) -> None:
    if line.row is not None and line.row.multiple == "1":
        line.conditions.append("The old rule for several procedures (indicator 1) is not applied here.")
    exact = line.fee * line.share * line.units
    if line.units != 1:
        told = f"{line.fee * line.share} × {line.units}"
        line.steps.append(Step(f"{line.units:,} units, none reduced by another", told, rule=RECORD_LAYOUT))
    line.settle(exact)
