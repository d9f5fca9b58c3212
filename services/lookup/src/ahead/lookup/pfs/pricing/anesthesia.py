"""Anesthesia: (base units + time units) x the conversion factor of the locality.

Medicare Claims Processing Manual, Pub. 100-04, chapter 12, sections 50 and 140; 42 CFR 414.46. Base units are in no
file here: the user enters them. Time units are minutes by 15, rounded to one decimal.
"""

from decimal import ROUND_HALF_UP, Decimal

from ..repository import AnesthesiaRow
from .lines import PricedLine, Ref, Step, cents, plain

RULE = "Medicare Claims Processing Manual, Pub. 100-04, chapter 12, section 50; 42 CFR 414.46"
MINUTES_PER_UNIT = 15
SUPERVISED_UNITS = Decimal(3)
SHARES: dict[str, tuple[Decimal, str]] = {
    "AA": (Decimal(1), "given by the anesthesiologist in person"),
    "QZ": (Decimal(1), "given by a nurse anesthetist without medical direction"),
    "QY": (Decimal("0.5"), "direction of one nurse anesthetist or assistant"),
    "QK": (Decimal("0.5"), "direction of two to four procedures at once"),
    "QX": (Decimal("0.5"), "given under medical direction"),
    "AD": (Decimal(1), "supervision of more than four procedures at once"),
}


def is_anesthesia(code: str) -> bool:
    return code.isdigit() and "00100" <= code <= "01999"


def time_units(minutes: int) -> Decimal:
    return (Decimal(minutes) / MINUTES_PER_UNIT).quantize(Decimal("0.1"), ROUND_HALF_UP)


def price(line: PricedLine, factor: AnesthesiaRow | None, source: str) -> None:
    """Settles an anesthesia line.

    Args:
        factor: of the place; None where none is held.
        source: key of the source that it is of.
    """
    asked = line.asked
    given = [modifier for modifier in asked.modifiers if modifier in SHARES]
    if len(given) != 1:
        line.stop(
            "not_checked",
            f"Not checked: say with one of {', '.join(SHARES)} who gave or directed the anesthesia.",
            RULE,
        )
        return
    if factor is None:
        line.stop(
            "not_checked",
            "Not checked: no anesthesia conversion factor is held for this place and date.",
            RULE,
        )
        return
    modifier = given[0]
    share, what = SHARES[modifier]
    refs = (Ref(source, factor.source_row),)
    if modifier == "AD":
        more = Decimal(1) if asked.present_at_induction else Decimal(0)
        told = "3 units a procedure" + (", and 1 for being there at induction" if more else "")
        line.steps.append(Step(f"AD, {what}: {told}; no time units", rule=RULE))
        units = SUPERVISED_UNITS + more
    else:
        if asked.base_units is None or asked.minutes is None:
            line.stop(
                "not_checked",
                "Not checked: give the base units of the code (no file here has them) and the minutes.",
                RULE,
            )
            return
        time = time_units(asked.minutes)
        line.steps.append(Step("Time units", f"{asked.minutes} minutes / 15 = {time}", rule=RULE))
        units = asked.base_units + time
        line.steps.append(
            Step("Units", f"{plain(asked.base_units)} base + {time} time = {plain(units)}", rule=RULE)
        )
    exact = units * factor.factor
    told = f"{plain(units)} × {factor.factor}"
    line.steps.append(
        Step(f"By the anesthesia conversion factor of {factor.name}", told, cents(exact), RULE, refs)
    )
    if share != 1:
        told = f"{cents(exact)} × {plain(share)}"
        exact *= share
        line.steps.append(Step(f"{modifier}, {what}: {plain(share * 100)} %", told, cents(exact), RULE))
    line.conditions.append("The base units are the ones entered; they are not checked here.")
    line.settle(exact)
