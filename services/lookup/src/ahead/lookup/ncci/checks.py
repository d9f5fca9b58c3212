"""The user's own lines judged by NCCI: what the tools answer."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import msgspec

from ahead.lookup.catalog.procedure_codes import code_of
from ahead.lookup.catalog.receipts import whole_list
from ahead.lookup.catalog.schemas import Edition, Receipt
from ahead.lookup.modifiers.rules import in_force, load_rules
from ahead.lookup.tools.schemas import ToolAnswer, ToolResult
from ahead.shared.errors import BadInput

from .schemas import Mue, Pair
from .service import Ncci

MAX_LINES = 25
_MODIFIER = re.compile(r"[0-9A-Z]{2}")


class Line(msgspec.Struct, frozen=True):
    """One line of a claim. `units` counts for MUE only."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1


class Asked(msgspec.Struct, frozen=True):
    """What a tool is asked. `setting`: practitioner, outpatient_hospital, or dme_supplier (MUE only)."""

    lines: tuple[Line, ...]
    setting: str = "practitioner"
    as_of: str | None = None


def read_lines(asked: Asked, at_least: int) -> tuple[Line, ...]:
    """The lines, tidied.

    Raises:
        BadInput: too few or too many, or a code, modifier or number of units that can't be one.
    """
    if not at_least <= len(asked.lines) <= MAX_LINES:
        raise BadInput(f"Give {at_least} to {MAX_LINES} lines.", slug="bad-lines")
    return tuple(_tidied(number, line) for number, line in enumerate(asked.lines, 1))


def _tidied(number: int, line: Line) -> Line:
    modifiers = tuple(modifier.strip().upper() for modifier in line.modifiers)
    for modifier in modifiers:
        if not _MODIFIER.fullmatch(modifier):
            raise BadInput(f"Line {number}: {modifier[:10]!r} is not a modifier.", slug="bad-modifier")
    if not 0 <= line.units <= 9_999_999:
        raise BadInput(f"Line {number}: {line.units} is no number of units.", slug="bad-units")
    return Line(code_of(line.code), modifiers, line.units)


async def check_pairs(ncci: Ncci, asked: Asked, as_of: date | None) -> ToolAnswer:
    """Every pair of lines with different codes."""
    lines = read_lines(asked, 2)
    results: list[ToolResult] = []
    day = as_of
    for one, two in combinations(range(len(lines)), 2):
        if lines[one].code == lines[two].code:
            continue
        pair = await ncci.pair(asked.setting, lines[one].code, lines[two].code, as_of)
        day = pair.as_of
        modifiers = (lines[one].modifiers, lines[two].modifiers)
        results.append(judged_pair(pair, (one + 1, two + 1), modifiers))
    if day is None or not results:
        raise BadInput("Give at least two different codes.", slug="bad-lines")
    return ToolAnswer(day, tuple(results))


def judged_pair(
    pair: Pair, numbers: tuple[int, int], modifiers: tuple[Sequence[str], Sequence[str]]
) -> ToolResult:
    """What a pair of lines means. "Bypassed" needs an NCCI-associated modifier on an edit that allows one."""
    edit = pair.edit
    receipts = _list_of(pair.edition) if edit is None else (edit.receipt,)
    if pair.status == "not_checked" or edit is None:
        status = "pass" if pair.status == "no_edit" else "not_checked"
        return ToolResult("ncci-ptp", status, numbers, pair.why, "", receipts)
    if edit.modifier_indicator == 0:
        fix = f"Bill {edit.column1} alone: {edit.column2} is not paid beside it, whatever the modifier."
        return ToolResult("ncci-ptp", "fail", numbers, pair.why, fix, receipts)
    used = _associated([m for line in modifiers for m in line], pair.as_of)
    if used:
        fix = f"The record must support {', '.join(used)}: a distinct service, site, encounter or provider."
        return ToolResult("ncci-ptp", "bypassed", numbers, pair.why, fix, receipts)
    fix = (
        f"Bill {edit.column1} alone, or put an NCCI-associated modifier on {edit.column2} if the record supports "
        "a distinct service."
    )
    return ToolResult("ncci-ptp", "fail", numbers, pair.why, fix, receipts)


def _list_of(edition: Edition) -> tuple[Receipt, ...]:
    """For what isn't in it: the list itself, where one is held."""
    return () if edition.release is None else (whole_list(edition.release),)


def _associated(modifiers: Sequence[str], as_of: date) -> list[str]:
    rules = load_rules()
    return [
        modifier
        for modifier in dict.fromkeys(modifiers)
        if (rule := rules.get(modifier)) is not None and rule.ncci_associated and in_force(rule, as_of)
    ]


async def check_units(ncci: Ncci, asked: Asked, as_of: date | None) -> ToolAnswer:
    """Each line against its limit; lines of one code are added up where the indicator counts the day."""
    lines = read_lines(asked, 1)
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.code] = totals.get(line.code, 0) + line.units
    results: list[ToolResult] = []
    day = as_of
    for number, line in enumerate(lines, 1):
        limit = await ncci.mue(line.code, asked.setting, as_of)
        day = limit.as_of
        results.append(_held_against(limit, number, line.units, totals[line.code]))
    assert day is not None
    return ToolAnswer(day, tuple(results))


def _held_against(limit: Mue, number: int, units: int, total: int) -> ToolResult:
    receipts = _list_of(limit.edition) if limit.receipt is None else (limit.receipt,)
    why = f"{limit.why} {limit.mai_text}".strip()
    if limit.status != "published" or limit.units is None:
        return ToolResult("mue", "not_checked", (number,), why, "", receipts)
    counted = units if limit.mai == 1 else total
    if counted <= limit.units:
        return ToolResult("mue", "pass", (number,), f"{counted:,} of {limit.units:,}. {why}", "", receipts)
    fix = {
        1: "Split the units over lines with the modifier that tells them apart, if the record supports it.",
        2: "No more can be paid on one date of service: check the date and the units.",
        3: "Check the units; if they are right, appeal the denial with the record.",
    }[limit.mai or 1]
    return ToolResult("mue", "fail", (number,), f"{counted:,} units. {why}", fix, receipts)
