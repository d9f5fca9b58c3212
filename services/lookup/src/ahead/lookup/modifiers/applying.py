"""Which modifiers go with a code on a date, and why: from its payment indicators, its kind, and the dated rules.

What the sources don't decide is said to depend on the case; nothing is guessed to be allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .rules import ModifierRule, in_force, load_rules

Standing = Literal["may", "depends", "not"]
Family = Literal[
    "visit", "anesthesia", "procedure", "imaging", "laboratory", "medicine", "drug", "measure", "other"
]

# Of each modifier that a fee schedule column decides: the values with which it may be used, and those with which it
# depends on documents, the contractor or another rule. Every other value of the column rules it out.
_MAY: Mapping[str, frozenset[str]] = {
    "22": frozenset({"000", "010", "090"}),
    "54": frozenset({"010", "090"}),
    "55": frozenset({"010", "090"}),
    "56": frozenset(),
    "78": frozenset({"000", "010", "090"}),
    "26": frozenset({"1", "6"}),
    "TC": frozenset({"1"}),
    "50": frozenset({"1", "3"}),
    "51": frozenset({"1", "2", "3"}),
    "LT": frozenset({"0", "1", "3"}),
    "RT": frozenset({"0", "1", "3"}),
    "62": frozenset({"2"}),
    "66": frozenset({"2"}),
    "80": frozenset({"2"}),
    "81": frozenset({"2"}),
    "82": frozenset({"2"}),
    "AS": frozenset({"2"}),
}
_DEPENDS: Mapping[str, frozenset[str]] = {
    "22": frozenset({"MMM", "YYY", "ZZZ"}),
    "54": frozenset({"YYY", "ZZZ"}),
    "55": frozenset({"YYY", "ZZZ"}),
    "56": frozenset({"010", "090", "YYY", "ZZZ"}),
    "78": frozenset({"MMM", "XXX", "YYY", "ZZZ"}),
    "51": frozenset({"4", "5", "6", "7"}),
    "LT": frozenset({"2"}),
    "RT": frozenset({"2"}),
    "62": frozenset({"1"}),
    "66": frozenset({"1"}),
    "80": frozenset({"0"}),
    "81": frozenset({"0"}),
    "82": frozenset({"0"}),
    "AS": frozenset({"0"}),
}
_VISITS = frozenset({"24", "25", "57"})
_DISTINCT = frozenset({"59", "XE", "XP", "XS", "XU"})
_ON_PROCEDURES = frozenset({"22", "51", "52", "53"})
_OPERATED: frozenset[Family] = frozenset({"procedure", "medicine"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of service a code is, and by what that is known."""

    family: Family
    known_by: str


@dataclass(frozen=True, slots=True)
class Applied:
    """One modifier judged for one code. `field` and `value`: the payment indicator that decided, or ""."""

    rule: ModifierRule
    standing: Standing
    why: str
    field: str = ""
    value: str = ""


def kind_of(code: str, *, drug: bool = False) -> Kind:
    """By the number of a CPT code; of a HCPCS code by its letter.

    drug: the official file prices it as a drug.
    """
    if code.isdigit():
        number = int(code)
        by = "the number of the code"
        if 99202 <= number <= 99499 or 98000 <= number <= 98016:
            return Kind("visit", by)
        if 100 <= number <= 1999:
            return Kind("anesthesia", by)
        if 10004 <= number <= 69990:
            return Kind("procedure", by)
        if 70010 <= number <= 79999:
            return Kind("imaging", by)
        if 80047 <= number <= 89398:
            return Kind("laboratory", by)
        return Kind("medicine", by)
    if code[0].isdigit():
        family: dict[str, Family] = {"F": "measure", "U": "laboratory", "M": "laboratory", "T": "procedure"}
        return Kind(family.get(code[-1], "other"), "the letter at the end of the code")
    if drug:
        return Kind("drug", "its price as a drug")
    if code[0] == "U" or code[0] == "P":
        return Kind("laboratory", "the letter of the code")
    if code[0] in "GM":
        return Kind("medicine", "the letter of the code")
    return Kind("other", "the letter of the code")


def applied(
    code: str,
    as_of: date,
    indicators: Mapping[str, str] | None,
    *,
    drug: bool = False,
    bypassed: int | None = None,
) -> tuple[Applied, ...]:
    """Every rule in force on the date, judged for the code; in the order of the rules.

    Args:
        indicators: heading of the fee schedule's column → value, of the code's own row; None where no edition is
            held for it, or the code isn't listed.
        drug: the official file prices the code as a drug.
        bypassed: how many NCCI edits of the code a modifier may bypass; None where that is not known.
    """
    kind = kind_of(code, drug=drug)
    return tuple(
        _judged(rule, kind, indicators, bypassed) for rule in load_rules().values() if in_force(rule, as_of)
    )


def _judged(
    rule: ModifierRule, kind: Kind, indicators: Mapping[str, str] | None, bypassed: int | None
) -> Applied:
    name = rule.modifier
    if kind.family == "drug" and (
        name in _ON_PROCEDURES or rule.kind in ("surgeons", "global package", "component")
    ):
        return Applied(rule, "not", f"It goes on procedures and visits; this is a drug, by {kind.known_by}.")
    if rule.pfs_reads == "line":
        if indicators is None or (value := indicators.get(rule.pfs_field)) is None:
            return Applied(
                rule,
                "depends",
                f"The fee schedule's column {rule.pfs_field} decides; it is not held for this code.",
            )
        text = rule.pfs_values.get(value, "This value is not explained here.")
        return Applied(rule, standing(name, value), text, rule.pfs_field, value)
    if rule.pfs_reads == "surgery":
        return _around_surgery(rule, kind, indicators)
    if name in _DISTINCT:
        return _distinct(rule, bypassed)
    return Applied(rule, *_by_kind(rule, kind))


def standing(modifier: str, value: str) -> Standing:
    """What the value of the modifier's own fee schedule column says of it."""
    if value in _MAY.get(modifier, ()):
        return "may"
    return "depends" if value in _DEPENDS.get(modifier, ()) else "not"


def _around_surgery(rule: ModifierRule, kind: Kind, indicators: Mapping[str, str] | None) -> Applied:
    """Modifiers of one line that read the global days of another: 24, 25 and 57 on visits, 58 and 79 on procedures."""
    visit = kind.family == "visit"
    if rule.modifier in _VISITS:
        if visit:
            return Applied(
                rule, "may", "A visit code: used when the visit falls into a procedure's global period."
            )
        days = (indicators or {}).get("GLOB DAYS")
        if days in ("000", "010", "090"):
            return Applied(
                rule, "not", f"It goes on the code of the visit. {rule.pfs_values[days]}", "GLOB DAYS", days
            )
        if kind.family == "medicine":
            return Applied(rule, "depends", "It goes on visits only: on this code only if it is a visit.")
        return Applied(rule, "not", f"It goes on visits; this is none, by {kind.known_by}.")
    if visit:
        return Applied(rule, "not", "It goes on procedures; this is a visit, by the number of the code.")
    if kind.family in _OPERATED:
        return Applied(
            rule, "may", "Used when the service falls into the global period of an earlier procedure."
        )
    return Applied(
        rule, "depends", "Only when the service falls into the global period of an earlier procedure."
    )


def _distinct(rule: ModifierRule, bypassed: int | None) -> Applied:
    if bypassed is None:
        return Applied(
            rule, "depends", "Only to bypass an NCCI edit that allows it; edits are not held for this date."
        )
    if bypassed == 0:
        return Applied(
            rule,
            "not",
            "No NCCI edit in force with this code may be bypassed: there is nothing for it to do.",
        )
    plural = "" if bypassed == 1 else "s"
    return Applied(
        rule,
        "may",
        f"{bypassed:,} NCCI edit{plural} with this code may be bypassed, if the record supports it.",
    )


def _by_kind(rule: ModifierRule, kind: Kind) -> tuple[Standing, str]:
    name, family = rule.modifier, kind.family
    by = f", by {kind.known_by}"
    if family == "measure":
        return "not", f"The code reports the quality of care{by}; this modifier is for services."
    if rule.kind == "drug waste":
        if family == "drug":
            return (
                "may",
                f"A drug{by}: one of JW and JZ is needed when it comes from a single-dose container.",
            )
        return ("depends", "Only for a drug from a single-dose container.") if family == "other" else (
            "not", f"For drugs only; this is none{by}.",
        )  # fmt: skip
    if name in ("90", "91", "QW"):
        if family != "laboratory":
            return "not", f"For laboratory tests only; this is none{by}."
        text = (
            "Which tests are waived is in a list that is not held here."
            if name == "QW"
            else "A laboratory test" + by + "."
        )
        return ("depends" if name == "QW" else "may"), text
    if name in ("76", "77"):
        if family in ("procedure", "imaging", "medicine"):
            return "may", "When the same service is repeated on the same day."
        if family == "laboratory":
            return "not", "A repeated laboratory test is marked with 91."
        return "depends", "Only when a procedure is repeated on the same day."
    if name in ("52", "53"):
        if family == "visit":
            return "not", "A shorter visit has its own level; this modifier is for procedures."
        if family in ("procedure", "imaging", "medicine"):
            return "may", "When only part was done, as the rule says."
        return "depends", "For procedures of which only part was done."
    if name == "27":
        return ("may", "On a hospital's claim, for a later visit of the day.") if family == "visit" else (
            "not", f"For visits on a hospital's claim; this is none{by}.",
        )  # fmt: skip
    if name == "95":
        return "depends", "Medicare's list of telehealth services decides; it is not held here."
    if rule.kind == "anatomical":
        if family == "procedure":
            return "depends", "Only when the procedure was done at that place of the body."
        if family in ("visit", "anesthesia", "laboratory", "drug"):
            return "not", f"It names a place of the body that was treated; this is no such procedure{by}."
        return "depends", "Only when the service is for that place of the body."
    return "depends", rule.use_when[0]
