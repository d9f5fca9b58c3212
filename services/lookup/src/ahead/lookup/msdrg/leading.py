"""Which MS-DRGs a code leads to, found by asking the grouper. Blocking; a code takes some milliseconds."""

from collections.abc import Iterable
from typing import NamedTuple

from .grouper import Case, Diagnosis, Grouper, Grouping, Level, Sex, Version

UNRELATED = frozenset({"981", "982", "983", "987", "988", "989"})
"""O.R. procedures unrelated to the principal diagnosis."""
# Secondary diagnoses that raise the severity, of several chapters, so that no principal diagnosis excludes all.
_CC = ("D62", "N179", "E871", "J690", "I5020", "K567", "F05")
_MCC = ("J9601", "K7200", "A419", "N170", "I214", "G931", "E0800")
# Who is in hospital: the words for it, age, sex and discharge status.
_STAYS: tuple[tuple[str, int, Sex, int], ...] = (
    ("a woman", 40, "F", 1),
    ("a man", 40, "M", 1),
    ("a newborn", 0, "F", 1),
    ("a patient who died", 40, "F", 20),
    ("a patient who died", 40, "M", 20),
)
_ANY = "any patient"


class Severities(NamedTuple):
    """MS-DRGs (number and title) of a stay without CC or MCC, with a CC, and with an MCC."""

    without: tuple[str, str]
    cc: tuple[str, str]
    mcc: tuple[str, str]


class Lead(NamedTuple):
    """`stays`: for whom, in words; the first one is the usual."""

    stays: tuple[str, ...]
    mdc: str
    mdc_title: str
    drgs: Severities


class Leads(NamedTuple):
    """`reason`: why no stay could be grouped, in the grouper's words, else ""."""

    leads: tuple[Lead, ...]
    reason: str


class Operated(NamedTuple):
    """MS-DRG family that a procedure leads to, with the first principal diagnosis that was tried."""

    mdc: str
    mdc_title: str
    drg: str
    title: str
    principal: str


class OperatedOn(NamedTuple):
    found: tuple[Operated, ...]
    tried: int
    unrelated: bool
    """With some principal diagnoses it leads to the MS-DRGs of unrelated procedures."""


def leads_of(grouper: Grouper, version: Version, code: str) -> Leads:
    """With the code as principal diagnosis and no procedure. Other sexes, newborns and patients who died are told
    apart where they lead elsewhere."""
    found: dict[tuple[str, Severities], tuple[list[str], str]] = {}
    reason = ""
    for words, age, sex, status in _STAYS:
        case = Case(Diagnosis(code, "Y"), (), (), age, sex, status)
        alone = grouper.group(version, case)
        if alone.reason != "OK":
            reason = reason or alone.reason
            continue
        drgs = Severities(
            _pair(alone),
            _pair(_raised(grouper, version, case, _CC, "CC") or alone),
            _pair(_raised(grouper, version, case, _MCC, "MCC") or alone),
        )
        found.setdefault((alone.mdc, drgs), ([], alone.mdc_title))[0].append(words)
    leads = [Lead(tuple(_tidied(stays)), mdc, title, drgs) for (mdc, drgs), (stays, title) in found.items()]
    return Leads(tuple(_without_impossible(leads)), "" if found else reason)


def _tidied(stays: Iterable[str]) -> list[str]:
    said = list(dict.fromkeys(stays))
    if {"a woman", "a man"} <= set(said):
        return [_ANY]  # those who lead elsewhere have a line of their own
    return said


def _without_impossible(leads: list[Lead]) -> list[Lead]:
    """Leaves out what isn't groupable where something else is: a newborn's code on an adult, a sex that can't be."""
    groupable = [one for one in leads if one.drgs.without[0] not in ("998", "999")]
    return groupable or leads


def _raised(
    grouper: Grouper, version: Version, case: Case, candidates: tuple[str, ...], level: Level
) -> Grouping | None:
    for code in candidates:
        secondary = (Diagnosis(code, "Y"),)
        grouping = grouper.group(
            version, Case(case.principal, secondary, (), case.age, case.sex, case.discharge_status)
        )
        if grouping.level == level:
            return grouping
    return None


def _pair(grouping: Grouping) -> tuple[str, str]:
    return grouping.drg, grouping.title


def principals_of(grouper: Grouper, version: Version, codes: Iterable[str]) -> tuple[str, ...]:
    """One principal diagnosis for each medical MS-DRG family that the codes lead to."""
    found: dict[str, str] = {}
    for code in codes:
        for sex in ("F", "M"):
            grouping = grouper.group(version, Case(Diagnosis(code, "Y"), (), (), 40, sex, 1))
            if grouping.reason == "OK" and grouping.drg not in ("998", "999"):
                found.setdefault(grouping.family, code)
                break
    return tuple(found.values())


def operated(grouper: Grouper, version: Version, procedure: str, principals: Iterable[str]) -> OperatedOn:
    """With the procedure alone, and each of the principal diagnoses in turn."""
    found: dict[str, Operated] = {}
    tried, unrelated = 0, False
    for code in principals:
        tried += 1
        for sex in ("F", "M"):
            grouping = grouper.group(version, Case(Diagnosis(code, "Y"), (), (procedure,), 40, sex, 1))
            if grouping.drg in UNRELATED:
                unrelated = True
            elif any(one.used for one in grouping.procedures) and grouping.drg not in ("998", "999"):
                one = Operated(grouping.mdc, grouping.mdc_title, grouping.drg, grouping.title, code)
                found.setdefault(grouping.drg, one)
                break
    return OperatedOn(tuple(found[drg] for drg in sorted(found)), tried, unrelated)
