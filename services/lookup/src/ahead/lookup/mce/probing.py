"""Asks the code editor what it does: it answers for whole claims, so that single codes are told apart by trying.

Blocking, some 40 µs a question; services call it in a thread.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.msdrg.cases import MAX_AGE
from ahead.lookup.msdrg.grouper import Case, Diagnosis, Grouper, Sex

from .edits import SEX_OFF_SINCE
from .schemas import AboutCode

_BESIDE = "J189"
"""A principal diagnosis that meets no edit by itself, for procedures: pneumonia, unspecified organism."""
_OF_THE_CLAIM = frozenset({"INVALID_AGE", "INVALID_SEX", "INVALID_DISCHARGE_STATUS", "INVALID_ADMIT_DX"})


def found_in(editor: Grouper, discharged: date, case: Case) -> dict[str, tuple[int, ...]] | None:
    """The edits that a claim meets, each with the lines that meet it: the principal diagnosis is line 1, secondary
    diagnoses follow, then procedures; no line where the claim as a whole does. None: no data for the date."""
    edits = editor.edits(discharged, case)
    if edits is None:
        return None
    found: dict[str, list[int]] = {edit.name: [] for edit in edits}
    if not found:
        return {}
    total = {edit.name: edit.count for edit in edits}
    alone = editor.edits(discharged, msgspec.structs.replace(case, secondary=(), procedures=()))
    for edit in alone or ():
        if edit.name in found and edit.name not in _OF_THE_CLAIM:
            found[edit.name].append(1)
    for line, rest in _without_each(case):
        left = {edit.name: edit.count for edit in editor.edits(discharged, rest) or ()}
        for name, count in total.items():
            if left.get(name, 0) < count and name not in _OF_THE_CLAIM:
                found[name].append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def _without_each(case: Case) -> Iterator[tuple[int, Case]]:
    for place in range(len(case.secondary)):
        rest = case.secondary[:place] + case.secondary[place + 1 :]
        yield place + 2, msgspec.structs.replace(case, secondary=rest)
    for place in range(len(case.procedures)):
        rest = case.procedures[:place] + case.procedures[place + 1 :]
        yield len(case.secondary) + place + 2, msgspec.structs.replace(case, procedures=rest)


def about(editor: Grouper, code: str, as_of: date, *, procedure: bool) -> AboutCode | None:
    """What it does with one code on a date; None: no data for the date."""

    def met(age: int = 40, sex: Sex = "F", day: date = as_of) -> dict[str, int]:
        principal = Diagnosis(_BESIDE if procedure else code, "Y")
        case = Case(principal, (), (code,) if procedure else (), age, sex, 1)
        return {edit.name: edit.count for edit in editor.edits(day, case) or ()}

    if editor.edits(as_of, Case(Diagnosis(_BESIDE, "Y"), sex="F")) is None:
        return None
    receipt: Receipt = editor.receipt(as_of)
    if "INVALID_CODE" in met():
        return AboutCode(as_of, False, None, "", "", (), receipt)
    going = [age for age in range(MAX_AGE + 1) if "AGE_CONFLICT" not in met(age=age)]
    ages = None if len(going) == MAX_AGE + 1 or not going else (going[0], going[-1])
    age = going[len(going) // 2] if going else 40
    was = SEX_OFF_SINCE - timedelta(days=1)
    others: dict[str, None] = {}
    for sex in ("F", "M"):
        others |= dict.fromkeys(met(age=age, sex=sex))
    return AboutCode(
        as_of,
        True,
        ages,
        _only({sex: "SEX_CONFLICT" in met(age=age, sex=sex) for sex in ("F", "M")}),
        _only({sex: "SEX_CONFLICT" in met(age=age, sex=sex, day=was) for sex in ("F", "M")})
        if as_of >= SEX_OFF_SINCE
        else "",
        tuple(name for name in others if name not in ("SEX_CONFLICT", "AGE_CONFLICT")),
        receipt,
    )


def _only(conflicts: dict[Sex, bool]) -> str:
    """The one sex that goes with the code; "" for both."""
    going = [sex for sex, conflict in conflicts.items() if not conflict]
    return going[0] if len(going) == 1 else ""
