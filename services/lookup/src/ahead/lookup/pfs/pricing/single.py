"""One line by itself: which row it is priced by, whether there is a price at all, and what its modifiers do.

Percentages are those of the modifier rules (`modifiers/data/rules.toml`), which name their Medicare sources.
"""

from datetime import date
from decimal import Decimal

from ahead.lookup.modifiers.rules import ModifierRule, in_force, load_rules

from .. import indicators
from ..kinds import OPPS_CAPS, SETTING_NAMES
from ..repository import RvuRow
from . import amounts
from .lines import Indices, Outcome, PricedLine, Ref, Step, cents, plain

HUNDRED = Decimal(100)
BY_REPORT = ("22", "52", "53", "66")
ASSISTANTS = ("AS", "80", "81", "82")
SPLIT = ("54", "55", "56")
DENIED = ("GX", "GY", "GZ")
"""The modifier itself says that the line is to be denied."""
# Known to lower the technical part; by how much depends on the year, and is not held here.
LOWERED = {
    "CT": "a CT scanner below the equipment standard",
    "FX": "an X-ray on film",
    "FY": "computed radiography",
}
LOWERED_RULE = "Social Security Act, section 1834(p) and section 1848(b)(9)"
THERAPY_ASSISTANTS = ("CQ", "CO")
THERAPY_ASSISTANT_SHARE = Decimal("0.85")
THERAPY_ASSISTANT_RULE = "Social Security Act, section 1834(v), since 2022-01-01"
RECORD_LAYOUT = (
    "Medicare Claims Processing Manual, Pub. 100-04, chapter 23, Addendum (fee schedule record layout)"
)

# Status: the outcome where it never is paid on its own.
_NEVER: dict[str, Outcome] = {
    "B": "bundled", "P": "bundled", "D": "not_paid", "E": "not_paid", "F": "not_paid", "G": "not_paid", "H": "not_paid",
    "I": "not_paid", "M": "not_paid", "N": "not_paid", "Q": "not_paid", "X": "not_paid",
}  # fmt: skip


def rule_of(modifier: str, as_of: date) -> ModifierRule | None:
    rule = load_rules().get(modifier)
    return rule if rule is not None and in_force(rule, as_of) else None


def source_of(modifier: str) -> str:
    rule = load_rules().get(modifier)
    return rule.sources[0] if rule else ""


def percent(modifier: str, place: int = 0) -> Decimal:
    """A percentage of the rule, as a fraction."""
    return load_rules()[modifier].percents[place] / HUNDRED


def price(line: PricedLine, at: Indices, as_of: date) -> None:
    """Finds the line's row and the amount of one unit with its own modifiers; several lines are looked at later."""
    if not _choose(line) or not _has_price(line, at):
        return
    row = line.row
    assert row is not None
    fee = amounts.fee_of(row, line.asked.setting, at)
    line.fee = fee.amount
    line.steps += amounts.fee_steps(row, line.asked.setting, at, fee)
    if fee.capped:
        _published(line, fee.amount)
    for modifier in line.asked.modifiers:
        if line.payable:
            _apply(line, row, modifier)
    unknown = [m for m in line.asked.modifiers if rule_of(m, as_of) is None and m not in THERAPY_ASSISTANTS]
    if unknown and line.payable:
        line.conditions.append(
            f"{', '.join(unknown)}: no rule about payment is held here; taken as no change."
        )


def _choose(line: PricedLine) -> bool:
    """The row: the code's own, or that of 26, TC or 53."""
    asked, rows = line.asked, line.rows
    if not rows:
        line.stop("not_checked", f"Not checked: {asked.code} is not in the relative value file.")
        return False
    parts = [part for part in ("26", "TC") if part in asked.modifiers]
    if len(parts) > 1:
        line.stop(
            "not_paid", "26 and TC on one line: without a modifier the code stands for both.", RECORD_LAYOUT
        )
        return False
    part = parts[0] if parts else "53" if "53" in asked.modifiers and "53" in rows else ""
    line.row = rows.get(part)
    if line.row is None:
        own = rows.get("")
        line.row = own
        told = indicators.PCTC.get(own.pctc, "") if own else ""
        line.stop(
            "not_paid",
            f"{part} is not used with {asked.code}: the file has no such row. {told}".strip(),
            RECORD_LAYOUT,
        )
        return False
    for first, second in (("54", "55"), ("54", "56"), ("55", "56"), ("62", "66"), ("62", "80"), ("66", "80")):
        if asked.has(first) and asked.has(second):
            line.stop(
                "not_checked",
                f"Not checked: {first} and {second} on one line contradict each other; give two lines.",
            )
            return False
    return True


def _has_price(line: PricedLine, at: Indices) -> bool:
    row, setting = line.row, line.asked.setting
    assert row is not None
    name, text = indicators.STATUS.get(row.status, ("", indicators.UNKNOWN))
    told = f"Status {row.status}: {name}. {text}"
    total = row.total(setting)
    if row.status == "J":
        line.stop("not_checked", f"Not checked. {told} Give the base units and the minutes.")
    elif row.status in _NEVER:
        extra = " The values in the file are for information." if total else ""
        line.stop(_NEVER[row.status], told + extra, RECORD_LAYOUT)
    elif row.status == "C" or (row.status == "R" and not row.total_facility and not row.total_nonfacility):
        line.stop("contractor", f"No published price, which is not “free”. {told}", RECORD_LAYOUT)
        ceiling = amounts.cap_of(line.rows, row.modifier, setting, at)
        if ceiling is not None:
            text = f"The contractor's price may not be above the hospital outpatient rate: at most {ceiling}"
            line.steps.append(Step(text, amount=ceiling, rule=amounts.CAP, refs=line.refs))
            line.conditions.append(f"{text}.")
            _published(line, ceiling)
    elif row.na(setting):
        where = SETTING_NAMES[setting].lower()
        hint = " Report the reading there with 26." if row.pctc == "1" and not row.modifier else ""
        line.stop(
            "not_in_setting",
            f"No price is published for {row.code} in this setting ({where}): NA.{hint}",
            RECORD_LAYOUT,
        )
    elif not total:
        line.stop("not_in_setting", f"The file has no value for {row.code} in this setting.", RECORD_LAYOUT)
    else:
        if row.status == "R":
            line.conditions.append(f"Only where covered. {told}")
        elif row.status not in "AT":
            line.stop("not_checked", f"Not checked. {told}")
    return line.payable


def _published(line: PricedLine, ours: Decimal) -> None:
    """The publisher's own price beside ours."""
    if line.published is None:
        return
    price = line.published.facility if line.asked.setting == "facility" else line.published.nonfacility
    same = "the same" if price == ours else f"not ours, {ours}: ask the contractor"
    refs = (Ref(OPPS_CAPS, line.published.source_row),)
    line.steps.append(Step(f"Published for this locality: {price}, {same}", rule=amounts.CAP, refs=refs))


def _apply(line: PricedLine, row: RvuRow, modifier: str) -> None:
    if modifier in BY_REPORT and modifier != row.modifier:
        _by_report(line, row, modifier)
    elif modifier in DENIED:
        line.stop("not_paid", f"{modifier}: {load_rules()[modifier].payment}", source_of(modifier))
    elif modifier in LOWERED and row.modifier != "26":
        why = f"Not checked: {modifier} ({LOWERED[modifier]}) lowers the technical part, by how much is not held here."
        line.stop("not_checked", why, LOWERED_RULE)
    elif modifier in SPLIT:
        _split(line, row, modifier)
    elif modifier == "78":
        _return_to_theatre(line, row)
    elif modifier == "50":
        _both_sides(line, row)
    elif modifier == "62":
        _two_surgeons(line, row)
    elif modifier in ASSISTANTS:
        _assistant(line, row, modifier)
    elif modifier in THERAPY_ASSISTANTS and row.pctc == "7" and line.after == 1:
        line.after, line.after_rule = THERAPY_ASSISTANT_SHARE, THERAPY_ASSISTANT_RULE
        line.after_text = f"{modifier}: 85 % where a therapy assistant gave the service in whole or in part"


def multiply(line: PricedLine, share: Decimal, text: str, rule: str) -> None:
    line.share *= share
    amount = cents(line.fee * line.share)
    line.steps.append(Step(text, f"{line.fee} × {plain(line.share)}", amount, rule, line.refs))


def _by_report(line: PricedLine, row: RvuRow, modifier: str) -> None:
    rule = source_of(modifier)
    if modifier == "66":
        if row.team in "09":
            line.stop("not_paid", f"66: {indicators.TEAM[row.team]}", rule)
        else:
            line.stop("contractor", f"66: {indicators.TEAM[row.team]} No amount is published.", rule)
        return
    why = {
        "22": f"22: the contractor decides by the record what is paid above the usual {line.fee}.",
        "52": f"52: the contractor decides by the record how much less than {line.fee} is paid.",
        "53": f"53: the contractor decides by the record how much less than {line.fee} is paid.",
    }[modifier]
    line.stop("contractor", why, rule)


def _split(line: PricedLine, row: RvuRow, modifier: str) -> None:
    rule = source_of(modifier)
    if not row.intraoperative:
        told = indicators.GLOBAL_DAYS.get(row.global_days, "")
        line.stop(
            "not_paid",
            f"{modifier} is not used with {row.code}: no split of its payment is published. {told}",
            rule,
        )
        return
    share, what = {
        "54": (row.preoperative + row.intraoperative, "before and in the operation"),
        "55": (row.postoperative, "after the operation"),
        "56": (row.preoperative, "before the operation"),
    }[modifier]
    multiply(line, share, f"{modifier}: the share {what}, {plain(share * HUNDRED)} %", rule)
    if modifier == "55":
        line.conditions.append("55: for the whole aftercare; where it is shared, by days.")
    if modifier == "56":
        line.conditions.append(
            "56: the contractor decides; Medicare normally pays this share to the surgeon with 54."
        )


def _return_to_theatre(line: PricedLine, row: RvuRow) -> None:
    rule = source_of("78")
    if row.global_days in ("000", "ZZZ"):
        line.steps.append(
            Step("78: paid in full, the code has no share before or after the operation", rule=rule)
        )
    elif row.intraoperative:
        share = plain(row.intraoperative * HUNDRED)
        multiply(line, row.intraoperative, f"78: the share in the operation, {share} %", rule)
    else:
        line.stop(
            "contractor",
            f"78: the file has no share in the operation for {row.code}; the contractor sets it.",
            rule,
        )


def _both_sides(line: PricedLine, row: RvuRow) -> None:
    rule, told = (
        source_of("50"),
        indicators.BILATERAL.get(row.bilateral, ""),
    )
    if line.asked.units != 1:
        line.stop("not_checked", "Not checked: report 50 with one unit.", rule)
    elif row.bilateral == "1":
        share = percent("50")
        multiply(line, share, f"50: {told} {plain(share * HUNDRED)} %", rule)
    elif row.bilateral == "3":
        multiply(line, Decimal(2), f"50: {told} Two sides", rule)
    elif row.bilateral in ("0", "2"):
        line.steps.append(Step(f"50: {told}", rule=rule))
    else:
        line.stop("not_paid", f"50 is not used with {row.code}. {told}".strip(), rule)


def _two_surgeons(line: PricedLine, row: RvuRow) -> None:
    rule, told = source_of("62"), indicators.CO_SURGEONS.get(row.co_surgeons, "")
    if row.co_surgeons not in ("1", "2"):
        line.stop("not_paid", f"62: {told}", rule)
        return
    share = percent("62")
    multiply(line, share, f"62: {plain(share * HUNDRED)} % to each of two surgeons", rule)
    if row.co_surgeons == "1":
        line.conditions.append(f"62: {told}")


def _assistant(line: PricedLine, row: RvuRow, modifier: str) -> None:
    if line.after != 1:
        return
    rule, told = source_of(modifier), indicators.ASSISTANT.get(row.assistant, "")
    if row.assistant not in ("0", "2"):
        line.stop("not_paid", f"{modifier}: {told}", rule)
        return
    line.after = percent("AS", 2) if line.asked.has("AS") else percent(modifier)
    who = "AS" if line.asked.has("AS") else modifier
    line.after_text = f"{who}: {plain(line.after * HUNDRED)} % of the surgeon's amount"
    line.after_rule = rule
    if row.assistant == "0":
        line.conditions.append(f"{modifier}: {told}")
