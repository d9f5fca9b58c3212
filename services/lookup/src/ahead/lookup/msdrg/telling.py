"""What the grouper did, in words."""

from collections.abc import Mapping, Sequence

from ahead.lookup.ipps.schemas import Exclusion

from .cases import printed
from .grouper import Case, GroupedDiagnosis, Grouping
from .schemas import CodeInCase

REASONS = {
    "INVALID_PDX": "The principal diagnosis is no valid code on this date.",
    "DX_CANNOT_BE_PDX": "This diagnosis can't be a principal diagnosis.",
    "INVALID_SEX": "The sex is missing, and this diagnosis needs it.",
    "INVALID_AGE": "The age can't be.",
    "INVALID_DISCHARGE_STATUS": "The discharge status can't be.",
    "RECORD_DOES_NOT_MEET_CRITERIA": "The stay meets the criteria of no MS-DRG.",
    "INVALID_POA_INDICATOR": "A present-on-admission indicator is missing or can't be.",
}


def counts(one: GroupedDiagnosis) -> bool:
    """Whether a secondary diagnosis raises the severity."""
    return bool(one.level) and not one.excluded and not one.died and not any(hac.met for hac in one.hacs)


def made_by(case: Case, grouping: Grouping) -> tuple[str, ...]:
    """What decided, in the order of the grouper's logic."""
    said = [
        f"Principal diagnosis {printed(case.principal.code)}"
        + (f": MDC {grouping.mdc}." if grouping.mdc != "00" else ".")
    ]
    used = [one.code for one in grouping.procedures if one.used]
    if used:
        said.append(f"Procedures that decide: {', '.join(dict.fromkeys(used))}.")
    elif grouping.procedures:
        said.append("No procedure decides it.")
    deciding = [one for one in grouping.secondary if one.used and counts(one)]
    if grouping.level and deciding:
        codes = ", ".join(dict.fromkeys(f"{printed(one.code)} ({one.level})" for one in deciding))
        said.append(f"Severity {grouping.level} by {codes}.")
    elif grouping.level:
        said.append(f"Severity {grouping.level}.")
    else:
        said.append("No secondary diagnosis raises the severity.")
    others = [one.code for one in grouping.secondary if one.used and not one.level]
    if others:
        codes = ", ".join(dict.fromkeys(printed(code) for code in others))
        said.append(f"Secondary diagnoses that the MS-DRG itself asks for: {codes}.")
    if grouping.initial != grouping.drg:
        said.append(
            f"Without its hospital-acquired conditions it would be MS-DRG {grouping.initial} "
            f"({grouping.initial_title}): they don't count."
        )
    return tuple(said)


def codes_of_case(
    case: Case, grouping: Grouping, without: Sequence[str], reasons: Mapping[str, Exclusion]
) -> tuple[CodeInCase, ...]:
    """Every code of the stay: principal first, then secondary diagnoses, then procedures, as they were given."""
    found = [_principal(case, grouping)]
    for place, (given, one) in enumerate(zip(case.secondary, grouping.secondary, strict=True)):
        reason = reasons.get(one.code)
        found.append(
            CodeInCase(
                line=len(found) + 1,
                role="secondary",
                code=printed(one.code),
                poa=given.poa,
                level=one.level,
                counts=counts(one),
                decides=one.used and (counts(one) or not one.level),
                why=_why(one, reason),
                hac=_hac(one),
                drg_without=without[place],
                receipts=(reason.receipt,) if reason is not None and (one.excluded or one.died) else (),
            )
        )
    for one in grouping.procedures:
        why = "It decides the MS-DRG." if one.used else "It doesn't decide the MS-DRG."
        found.append(CodeInCase(len(found) + 1, "procedure", one.code, "", "", False, one.used, why))
    return tuple(found)


def _principal(case: Case, grouping: Grouping) -> CodeInCase:
    one = grouping.principal
    why = f"It leads to MDC {grouping.mdc}." if grouping.mdc != "00" else "It leads to no MDC."
    if grouping.reason != "OK":
        why = REASONS.get(grouping.reason, why)
    return CodeInCase(1, "principal", printed(one.code), case.principal.poa, "", False, True, why, _hac(one))


def _why(one: GroupedDiagnosis, reason: Exclusion | None) -> str:
    if not one.valid:
        return "It is no valid code on this date: the grouper passes it over."
    if not one.level:
        return "It is neither CC nor MCC."
    if one.died:
        return reason.why if reason else f"{one.level} only if the patient is discharged alive."
    if one.excluded:
        return reason.why if reason else "Excluded by the principal diagnosis or the MS-DRG."
    if any(hac.met for hac in one.hacs):
        return f"{one.level}, but a hospital-acquired condition that was not present on admission: it doesn't count."
    return f"It counts as {one.level}."


def _hac(one: GroupedDiagnosis) -> str:
    return "; ".join(f"HAC {hac.number}: {hac.title}{'' if hac.met else ' (not met)'}" for hac in one.hacs)
