"""Units of a drug: what was given and what was discarded, by the unit in the official description.

Medicare pays what was given and what was discarded of a single-dose container: the discarded part on a line of its own
with JW, and JZ on the line where nothing was discarded. The rules are dated: `modifiers/data/rules.toml`.
"""

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.modifiers.rules import load_rules
from ahead.lookup.tools.schemas import Status, ToolResult
from ahead.shared.errors import BadInput

from .schemas import HcpcsCode
from .service import Hcpcs
from .units import Unit, unit_of

Container = Literal["single_dose", "multi_dose"]
_MOST = Decimal(10_000_000)
# Measures that can be turned into each other: how many of the smallest one is.
_SCALES: dict[str, tuple[str, Decimal]] = {
    "mcg": ("mass", Decimal(1)),
    "mg": ("mass", Decimal(1000)),
    "g": ("mass", Decimal(1_000_000)),
}


class DrugAsked(msgspec.Struct, frozen=True):
    """Amounts are decimals as text ("12.5"), in `measure`; empty is the measure of the code's own unit."""

    code: str
    administered: str
    discarded: str = "0"
    measure: str = ""
    container: Container = "single_dose"
    as_of: str | None = None


class DrugLine(msgspec.Struct, frozen=True):
    """A line as it would be billed."""

    code: str
    modifier: str
    units: int
    what: str


class DrugAnswer(msgspec.Struct, frozen=True):
    """`lines` are empty where the units can't be worked out; `results` say why, and what the dates demand."""

    as_of: date
    unit: str
    lines: tuple[DrugLine, ...]
    steps: tuple[str, ...]
    results: tuple[ToolResult, ...]


async def drug_units(hcpcs: Hcpcs, asked: DrugAsked, as_of: date | None) -> DrugAnswer:
    """The lines for an amount of a drug.

    Raises:
        BadInput: no amount, or that is no code.
    """
    key = asked.code.strip().upper()
    given, waste = _amount(asked.administered, "administered"), _amount(asked.discarded, "discarded")
    if len(key) != 5 or not key[0].isalpha() or not key[1:].isdigit():
        raise BadInput(
            f"{asked.code.strip()[:20]!r} is not a HCPCS Level II code.",
            slug="malformed-code",
            hint="A drug's code looks like J1885.",
        )
    if given + waste <= 0:
        raise BadInput(
            "No amount was given.", slug="bad-amount", hint="Give the amount administered, such as 30."
        )
    edition = await hcpcs.edition(as_of)
    day = edition.as_of
    code = await hcpcs.code(key, as_of)
    if edition.status != "held" or code is None:
        why = (
            f"{key} is not in HCPCS Level II {edition.release.edition}."
            if edition.status == "held" and edition.release
            else f"Not checked: {edition.message}"
        )
        return DrugAnswer(day, "", (), (), (_result("drug-units", "not_checked", why),))
    receipts = (code.receipt,)
    if problem := _invalid(code, day):
        return DrugAnswer(
            day, "", (), (), (_result("drug-units", "fail", problem, "Use a code that is valid.", receipts),)
        )
    unit = unit_of(code.long_description)
    if unit is None:
        why = f"The description of {key} names no single amount as its unit: {code.long_description}"
        return DrugAnswer(
            day,
            "",
            (),
            (),
            (_result("drug-units", "not_checked", why, "Count the units by hand.", receipts),),
        )
    return _worked_out(code, unit, given, waste, asked, day)


def _worked_out(
    code: HcpcsCode, unit: Unit, given: Decimal, waste: Decimal, asked: DrugAsked, day: date
) -> DrugAnswer:
    factor = _factor(asked.measure, unit)
    given_units, waste_units = given * factor / unit.amount, waste * factor / unit.amount
    billed = int(given_units.to_integral_value(ROUND_CEILING))
    steps = [
        f"One unit of {code.code} is {unit.text} (read from “{code.long_description}”).",
        f"Given: {_plain(given * factor)} {unit.measure} ÷ {_plain(unit.amount)} = {_plain(given_units)}, billed as "
        f"{billed}: a part of a unit counts as a whole one.",
    ]
    lines = [DrugLine(code.code, "", billed, "administered")] if billed else []
    wasted = 0
    if waste > 0:
        # What the last unit of the dose already pays for is not billed a second time, nor a part of a unit.
        total = given_units + waste_units
        wasted = max(int((total - billed).to_integral_value(ROUND_FLOOR)), 0)
        steps.append(
            f"Discarded: {_plain(waste * factor)} {unit.measure}; with what was given {_plain(total)} units, of which "
            f"{billed} are on the first line: {wasted} whole units discarded."
        )
    results: list[ToolResult] = []
    if asked.container == "multi_dose":
        why = "Discarded amounts of a multi-dose container are not paid, and neither JW nor JZ is used."
        results.append(_result("drug-waste", "pass", why, "", (code.receipt,)))
        if waste > 0:
            steps.append("From a multi-dose container: the discarded amount is not billed.")
        return DrugAnswer(day, unit.text, tuple(lines), tuple(steps), tuple(results))
    lines, results = _single_dose(code, lines, billed, waste, wasted, day)
    return DrugAnswer(day, unit.text, tuple(lines), tuple(steps), tuple(results))


def _single_dose(
    code: HcpcsCode, lines: list[DrugLine], billed: int, waste: Decimal, wasted: int, day: date
) -> tuple[list[DrugLine], list[ToolResult]]:
    """JW for what was discarded, JZ where nothing was, each from the day on which it exists and is required."""
    rules = load_rules()
    jw, jz = rules["JW"], rules["JZ"]
    receipts = (code.receipt,)
    if waste > 0 and wasted == 0:
        why = (
            "The discarded amount is less than what the last billed unit already covers: no unit is left to bill with "
            "JW, and JZ would say that nothing was discarded."
        )
        return lines, [
            _result("drug-waste", "pass", why, "Note the discarded amount in the record.", receipts)
        ]
    rule, needed = (jw, wasted) if waste > 0 else (jz, 0)
    if rule.in_force_from is not None and day < rule.in_force_from:
        why = f"{rule.modifier} begins on {rule.in_force_from.isoformat()}: not used on {day.isoformat()}."
        return lines, [_result("drug-waste", "pass", why, "", receipts)]
    required = rule.required_from is not None and day >= rule.required_from
    since = f"since {rule.required_from.isoformat()}" if required and rule.required_from else ""
    why = (
        f"{rule.modifier} is required on this date for a drug from a single-dose container that is paid "
        f"separately ({since})."
        if required
        else f"{rule.modifier} may be used on this date; it is required from "
        f"{rule.required_from.isoformat() if rule.required_from else 'a later day'}."
    )
    if rule is jz:
        lines = [DrugLine(code.code, "JZ", billed, "administered, nothing discarded")]
    else:
        lines = [*lines, DrugLine(code.code, "JW", needed, "discarded")]
    fix = "The record must show the amounts given and discarded." if rule is jw else ""
    return lines, [_result("drug-waste", "pass", why, fix, receipts)]


def _invalid(code: HcpcsCode, day: date) -> str:
    if code.ended is not None and day > code.ended:
        return f"{code.code} ended on {code.ended.isoformat()}."
    if code.added is not None and day < code.added:
        return f"{code.code} was added on {code.added.isoformat()}."
    return ""


def _factor(measure: str, unit: Unit) -> Decimal:
    """By what an amount in `measure` is multiplied to be in the unit's own."""
    name = measure.strip().lower()
    if name in ("", unit.measure.lower()):
        return Decimal(1)
    mine, theirs = _SCALES.get(name), _SCALES.get(unit.measure)
    if mine is None or theirs is None:
        raise BadInput(
            f"The unit of this code is {unit.text}: {measure.strip()[:20]!r} can't be turned into it.",
            slug="bad-measure",
            hint=f"Give the amounts in {unit.measure}.",
        )
    return mine[1] / theirs[1]


def _amount(text: str, what: str) -> Decimal:
    try:
        amount = Decimal(text.strip().replace(",", "") or "0")
    except InvalidOperation:
        raise BadInput(
            f"{text[:20]!r} is no amount.", slug="bad-amount", hint="Give a number such as 12.5."
        ) from None
    if not amount.is_finite() or amount < 0 or amount > _MOST:
        raise BadInput(f"The amount {what} has to be from 0 to {_MOST:,}.", slug="bad-amount")
    return amount


def _plain(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.0001')).normalize():f}"


def _result(
    rule: str, status: Status, why: str, fix: str = "", receipts: tuple[Receipt, ...] = ()
) -> ToolResult:
    return ToolResult(rule, status, (), why, fix, receipts)
