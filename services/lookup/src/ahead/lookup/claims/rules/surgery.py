"""Global surgical packages: visits and procedures in the days that a surgery's payment covers.

Global days are the fee schedule's (000, 010, 090); which modifiers take a service out of a package is the Medicare
Claims Processing Manual, chapter 12, section 40.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.pfs.service import Pfs
from ahead.lookup.tools.schemas import ToolResult

from ..schemas import Claim, ClaimLine
from .held import Coded, not_checked, result, same_provider

RULE = "global-days"
_DAYS = {"000": 0, "010": 10, "090": 90}
_VISIT_OF_MINOR, _DECISION, _UNRELATED_VISIT = "25", "57", "24"
_RETURNS = ("58", "78", "79")
_SURGERY_ONLY = "54"


@dataclass(frozen=True)
class _Surgery:
    line: ClaimLine
    number: int | None
    """Of the line; None on an earlier claim."""
    days: str
    receipt: Receipt

    @property
    def first(self) -> date:
        """A major surgery's package begins the day before."""
        return self.line.date_of_service - timedelta(days=1 if self.days == "090" else 0)

    @property
    def last(self) -> date:
        if _SURGERY_ONLY in self.line.modifiers:
            return self.line.date_of_service
        return self.line.date_of_service + timedelta(days=_DAYS[self.days])


def is_visit(code: str) -> bool:
    """Evaluation and management: 99202 to 99499, and the ophthalmologists' 92002 to 92014."""
    return code.isdecimal() and ("99202" <= code <= "99499" or code in ("92002", "92004", "92012", "92014"))


class GlobalDays:
    def __init__(self, pfs: Pfs) -> None:
        self._pfs = pfs

    async def __call__(self, claim: Claim, _coded: tuple[Coded, ...]) -> list[ToolResult]:
        if claim.setting != "practitioner":
            return []
        results: list[ToolResult] = []
        surgeries: list[_Surgery] = []
        numbered: list[tuple[int | None, ClaimLine]] = [*enumerate(claim.lines, 1)]
        numbered += [(None, line) for line in claim.earlier]
        by_day: dict[date, list[tuple[int | None, ClaimLine]]] = {}
        for number, line in numbered:
            if not is_visit(line.code):
                by_day.setdefault(line.date_of_service, []).append((number, line))
        for day, lines in by_day.items():
            edition, held = await self._pfs.global_days({line.code for _, line in lines}, day)
            if why := not_checked(edition):
                own = tuple(number for number, _ in lines if number is not None)
                results.append(result(RULE, "not_checked", f"Global days on {day}: {why}", lines=own))
                continue
            for number, line in lines:
                days, receipt = held.get(line.code, ("", None))
                if days in _DAYS and receipt is not None:
                    surgeries.append(_Surgery(line, number, days, receipt))
        return [*results, *_judged(claim, surgeries)]


def _judged(claim: Claim, surgeries: list[_Surgery]) -> Iterator[ToolResult]:
    own = {surgery.number for surgery in surgeries}
    for number, line in enumerate(claim.lines, 1):
        for surgery in surgeries:
            if surgery.number == number or not same_provider(line, surgery.line):
                continue
            if not surgery.first <= line.date_of_service <= surgery.last:
                continue
            if is_visit(line.code):
                yield _visit(number, line, surgery)
            elif number in own and line.date_of_service > surgery.line.date_of_service:
                yield _procedure(number, line, surgery)


def _package(surgery: _Surgery) -> str:
    return (
        f"the global package of {surgery.line.code} of {surgery.line.date_of_service} "
        f"({surgery.days} days, {surgery.first} to {surgery.last})"
    )


def _lines(number: int, surgery: _Surgery) -> tuple[int, ...]:
    return (number,) if surgery.number is None else (number, surgery.number)


def _visit(number: int, line: ClaimLine, surgery: _Surgery) -> ToolResult:
    after = line.date_of_service > surgery.line.date_of_service
    if after:
        wanted, what = _UNRELATED_VISIT, "an unrelated visit in the postoperative period"
    elif surgery.days == "090":
        wanted, what = _DECISION, "the visit at which the surgery was decided on"
    else:
        wanted, what = _VISIT_OF_MINOR, "a significant visit apart from the procedure"
    if not after and surgery.days == "090" and _VISIT_OF_MINOR in line.modifiers:
        wanted = _VISIT_OF_MINOR
    return _answer(number, line, surgery, (wanted,), what)


def _procedure(number: int, line: ClaimLine, surgery: _Surgery) -> ToolResult:
    what = "a staged (58), unplanned (78) or unrelated (79) procedure in the postoperative period"
    return _answer(number, line, surgery, _RETURNS, what)


def _answer(
    number: int, line: ClaimLine, surgery: _Surgery, wanted: tuple[str, ...], what: str
) -> ToolResult:
    used = [modifier for modifier in wanted if modifier in line.modifiers]
    lines, receipts = _lines(number, surgery), (surgery.receipt,)
    why = f"{line.code} of {line.date_of_service} falls into {_package(surgery)}."
    if used:
        fix = f"The record must support {', '.join(used)}: {what}."
        return result(RULE, "bypassed", why, fix, lines=lines, receipts=receipts)
    fix = f"It is paid apart only with {' or '.join(wanted)}, for {what}; else take it off."
    return result(RULE, "fail", why, fix, lines=lines, receipts=receipts)
