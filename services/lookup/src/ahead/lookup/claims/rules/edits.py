"""NCCI: procedure-to-procedure edits in both directions, unit limits, add-on codes."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations

from ahead.lookup.ncci.checks import judged_pair
from ahead.lookup.ncci.schemas import Mue
from ahead.lookup.tools.schemas import ToolResult

from ..schemas import Claim, ClaimLine
from .held import Knowledge, by_date, not_checked, quantity, result, same_provider

PTP, MUE, ADD_ON = "ncci-ptp", "mue", "add-on"
_SETTINGS = {
    "practitioner": "practitioner",
    "outpatient_hospital": "outpatient_hospital",
    "dme_supplier": "dme_supplier",
}
Numbered = Sequence[tuple[int, ClaimLine]]


async def check(claim: Claim, held: Knowledge) -> list[ToolResult]:
    setting = _SETTINGS.get(claim.setting)
    if setting is None or not claim.lines:
        return []
    results: list[ToolResult] = []
    for day, lines in by_date(claim).items():
        if setting != "dme_supplier":
            results += await _pairs(held, setting, day, lines)
        results += await _units(claim, held, setting, day, lines)
        results += await _add_ons(claim, held, day, lines)
    return results


async def _pairs(held: Knowledge, setting: str, day: date, lines: Numbered) -> list[ToolResult]:
    codes = {line.code for _, line in lines}
    if len(codes) < 2:
        return []
    numbers = tuple(number for number, _ in lines)
    edition, pairs = await held.ncci.pairs(setting, codes, day)
    results: list[ToolResult] = []
    for (first, one), (second, two) in combinations(lines, 2):
        pair = pairs.get(frozenset({one.code, two.code})) if one.code != two.code else None
        if pair is not None and pair.status == "edit" and same_provider(one, two):
            answer = judged_pair(pair, (first, second), (one.modifiers, two.modifiers))
            results.append(answer)
    if why := not_checked(edition):
        # A row may tell of a single day outside the edition's window; of all other pairs nothing is known.
        return [*results, result(PTP, "not_checked", f"PTP edits: {why}", lines=numbers)]
    if not results:
        results.append(
            result(PTP, "pass", f"No PTP edit is in force between the lines of {day}.", lines=numbers)
        )
    return results


async def _units(claim: Claim, held: Knowledge, setting: str, day: date, lines: Numbered) -> list[ToolResult]:
    results: list[ToolResult] = []
    earlier = [line for line in claim.earlier if line.date_of_service == day]
    limits = await held.ncci.mues({line.code for _, line in lines}, setting, day)
    for number, line in lines:
        limit = limits[line.code]
        same = [one for _, one in lines if one.code == line.code and same_provider(one, line)]
        before = [one for one in earlier if one.code == line.code and same_provider(one, line)]
        day_total = sum(one.units for one in (*same, *before))
        results.append(_against(limit, number, line.units, day_total, len(same) + len(before)))
    return results


def _against(limit: Mue, number: int, units: int, day_total: int, counted_lines: int) -> ToolResult:
    receipts = (limit.receipt,)
    if limit.status == "not_checked":
        return result(MUE, "not_checked", limit.why, lines=(number,), receipts=receipts)
    if limit.units is None:
        fix = "Units that the record doesn't support can still be denied."
        return result(MUE, "not_checked", limit.why, fix, lines=(number,))
    by_line = limit.mai == 1
    counted = units if by_line else day_total
    where = "on this line" if by_line else f"on the date of service, over {quantity(counted_lines, 'line')}"
    why = (
        f"{quantity(counted, 'unit')} of {limit.code} {where}; the limit is {limit.units:,} (MAI {limit.mai}). "
        f"{limit.mai_text}"
    )
    if counted <= limit.units:
        return result(MUE, "pass", why, lines=(number,), receipts=receipts)
    fix = {
        1: "Split the units over lines with the modifier that tells them apart, if the record supports it.",
        2: "No more can be paid on one date of service: check the date and the units.",
        3: "Check the units; if they are right, appeal the denial with the record.",
    }[limit.mai or 1]
    return result(MUE, "fail", why, fix, lines=(number,), receipts=receipts)


async def _add_ons(claim: Claim, held: Knowledge, day: date, lines: Numbered) -> list[ToolResult]:
    results: list[ToolResult] = []
    same_day = [line for line in (*(one for _, one in lines), *claim.earlier) if line.date_of_service == day]
    relations = await held.ncci.add_ons({line.code for _, line in lines}, day)
    for number, line in lines:
        found = relations[line.code]
        if found.status == "not_checked":
            results.append(result(ADD_ON, "not_checked", f"Add-on edits: {found.why}", lines=(number,)))
            continue
        if not found.edits:
            continue
        listed = {edit.primary: edit for edit in found.edits if edit.primary}
        codes = {one.code for one in same_day if same_provider(one, line)}
        present = next((listed[code] for code in listed if code in codes), None)
        if present is not None:
            why = f"{line.code} is an add-on to {present.primary}, which is on the claim."
            results.append(result(ADD_ON, "pass", why, lines=(number,), receipts=(present.receipt,)))
        elif found.complete:
            some = ", ".join(list(listed)[:6]) + (" …" if len(listed) > 6 else "")
            why = f"{line.code} is an add-on code, and none of its primaries is billed on {day}."
            fix = f"Bill it with its primary ({some}), or take it off."
            results.append(
                result(ADD_ON, "fail", why, fix, lines=(number,), receipts=(found.edits[0].receipt,))
            )
        else:
            why = (
                f"{line.code} is an add-on code of which the contractor decides primaries; those on the claim are "
                "not listed."
            )
            fix = "Check the contractor's list of primaries."
            results.append(
                result(ADD_ON, "not_checked", why, fix, lines=(number,), receipts=(found.edits[0].receipt,))
            )
    return results
