"""Each modifier of daily work judged for codes of each kind: by the payment indicator, the kind of code, the edits."""

import csv
from datetime import date

import pytest

from ahead.lookup.modifiers.applying import Applied, Standing, applied, kind_of, standing
from ahead.lookup.modifiers.rules import load_rules

from .test_rules import COLUMNS, FIELDS, fee_schedule, official

ON = date(2026, 11, 15)
VISIT, SURGERY, IMAGING, LABORATORY, MEDICINE, DRUG, SUPPLY, MEASURE = (
    "99213", "27447", "70450", "80053", "93000", "J1885", "A4253", "0001F"
)  # fmt: skip
ALL = {
    "GLOB DAYS": "090", "MULT PROC": "2", "BILAT SURG": "1", "ASST SURG": "2", "CO-SURG": "1", "TEAM SURG": "0",
    "PCTC IND": "0",
}  # fmt: skip
TEST = {**ALL, "GLOB DAYS": "XXX", "MULT PROC": "4", "BILAT SURG": "3", "ASST SURG": "9", "CO-SURG": "9",
        "TEAM SURG": "9", "PCTC IND": "1"}  # fmt: skip


def judged(code: str, modifier: str, **given: object) -> Applied:
    indicators = given.pop("indicators", None)
    found = applied(code, ON, indicators, **given)  # pyright: ignore[reportArgumentType]
    return next(one for one in found if one.rule.modifier == modifier)


# Modifier, code, its payment indicators, edits that may be bypassed; what is said of it, and by what.
CASES: list[tuple[str, str, dict[str, str] | None, int | None, Standing, str]] = [
    ("22", SURGERY, ALL, None, "may", "90 day global period"),
    ("22", VISIT, {"GLOB DAYS": "XXX"}, None, "not", "No global period"),
    ("24", VISIT, None, None, "may", "global period"),
    ("24", SURGERY, ALL, None, "not", "goes on the code of the visit"),
    ("25", VISIT, None, None, "may", "global period"),
    ("25", SURGERY, {"GLOB DAYS": "010"}, None, "not", "truly separate"),
    ("26", IMAGING, TEST, None, "may", "two parts"),
    ("26", SURGERY, ALL, None, "not", "cannot be divided"),
    ("50", SURGERY, ALL, None, "may", "150 %"),
    ("50", SURGERY, {"BILAT SURG": "2"}, None, "not", "already covers both sides"),
    ("51", SURGERY, ALL, None, "may", "Standard rule"),
    ("51", IMAGING, TEST, None, "depends", "Imaging rule"),
    ("51", VISIT, {"MULT PROC": "0"}, None, "not", "not needed"),
    ("52", SURGERY, None, None, "may", "only part was done"),
    ("52", VISIT, None, None, "not", "shorter visit"),
    ("53", SURGERY, None, None, "may", "only part was done"),
    ("53", VISIT, None, None, "not", "procedures"),
    ("54", SURGERY, ALL, None, "may", "aftercare"),
    ("54", IMAGING, TEST, None, "not", "nothing to split"),
    ("55", SURGERY, ALL, None, "may", "within the 90"),
    ("55", SURGERY, {"GLOB DAYS": "000"}, None, "not", "No days afterwards"),
    ("56", SURGERY, ALL, None, "depends", "contractor decides"),
    ("57", VISIT, None, None, "may", "visit"),
    ("57", SURGERY, ALL, None, "not", "goes on the code of the visit"),
    ("58", SURGERY, ALL, None, "may", "earlier procedure"),
    ("58", VISIT, None, None, "not", "goes on procedures"),
    ("59", SURGERY, ALL, 12, "may", "12 NCCI edits"),
    ("59", SURGERY, ALL, 0, "not", "nothing for it to do"),
    ("59", SURGERY, ALL, None, "depends", "not held for this date"),
    ("62", SURGERY, ALL, None, "depends", "documents"),
    ("62", SURGERY, {"CO-SURG": "2"}, None, "may", "Permitted"),
    ("66", SURGERY, ALL, None, "not", "not permitted"),
    ("76", SURGERY, None, None, "may", "repeated"),
    ("76", LABORATORY, None, None, "not", "91"),
    ("77", IMAGING, None, None, "may", "repeated"),
    ("77", LABORATORY, None, None, "not", "91"),
    ("78", SURGERY, ALL, None, "may", "intraoperative"),
    ("79", SURGERY, ALL, None, "may", "earlier procedure"),
    ("79", VISIT, None, None, "not", "goes on procedures"),
    ("80", SURGERY, ALL, None, "may", "may be paid"),
    ("80", SURGERY, {"ASST SURG": "1"}, None, "not", "the law bars it"),
    ("81", SURGERY, {"ASST SURG": "0"}, None, "depends", "documents"),
    ("82", SURGERY, {"ASST SURG": "9"}, None, "not", "does not apply"),
    ("90", LABORATORY, None, None, "may", "laboratory test"),
    ("90", SURGERY, None, None, "not", "laboratory tests only"),
    ("91", LABORATORY, None, None, "may", "laboratory test"),
    ("91", VISIT, None, None, "not", "laboratory tests only"),
    ("95", VISIT, None, None, "depends", "telehealth"),
    ("XE", SURGERY, ALL, 1, "may", "1 NCCI edit with"),
    ("XP", SURGERY, ALL, 0, "not", "nothing for it to do"),
    ("XS", SURGERY, ALL, 3, "may", "3 NCCI edits"),
    ("XU", SURGERY, ALL, 3, "may", "if the record supports it"),
    ("JW", SURGERY, None, None, "not", "For drugs only"),
    ("JZ", SURGERY, None, None, "not", "For drugs only"),
    ("JZ", SUPPLY, None, None, "depends", "single-dose"),
    ("LT", SURGERY, ALL, None, "may", "One side"),
    ("LT", SURGERY, {"BILAT SURG": "9"}, None, "not", "do not apply"),
    ("RT", IMAGING, TEST, None, "may", "Each side"),
    ("TC", IMAGING, TEST, None, "may", "two parts"),
    ("TC", LABORATORY, {"PCTC IND": "6"}, None, "not", "laboratory fee schedule"),
    ("AS", SURGERY, ALL, None, "may", "may be paid"),
    ("QW", LABORATORY, None, None, "depends", "not held"),
    ("27", VISIT, None, None, "may", "hospital"),
    ("E1", SURGERY, None, None, "depends", "place of the body"),
    ("FA", VISIT, None, None, "not", "place of the body"),
    ("22", MEASURE, {"GLOB DAYS": "XXX"}, None, "not", "No global period"),
    ("52", MEASURE, None, None, "not", "quality of care"),
]  # fmt: skip
DAILY = {
    "22", "24", "25", "26", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "62", "66", "76", "77", "78",
    "79", "80", "81", "82", "90", "91", "95", "XE", "XP", "XS", "XU", "JW", "JZ", "LT", "RT", "TC",
}  # fmt: skip


@pytest.mark.parametrize(("modifier", "code", "indicators", "bypassed", "expected", "reason"), CASES)
def test_a_modifier_is_judged_for_a_code(
    modifier: str,
    code: str,
    indicators: dict[str, str] | None,
    bypassed: int | None,
    expected: Standing,
    reason: str,
) -> None:
    one = judged(code, modifier, indicators=indicators, bypassed=bypassed)
    assert (one.standing, reason in one.why) == (expected, True), one.why
    if one.field:
        assert indicators is not None
        assert one.value == indicators[one.field]


def test_every_modifier_of_daily_work_has_its_cases() -> None:
    assert {case[0] for case in CASES} >= DAILY
    assert set(load_rules()) >= DAILY


@pytest.mark.parametrize("modifier", ["JW", "JZ"])
def test_a_drug_takes_one_of_the_two(modifier: str) -> None:
    one = judged(DRUG, modifier, drug=True)
    assert (one.standing, one.why.startswith("A drug, by its price as a drug")) == ("may", True)


def test_without_its_column_nothing_is_allowed_or_ruled_out() -> None:
    for modifier in FIELDS:
        if load_rules()[modifier].pfs_reads == "line":
            assert judged(SURGERY, modifier).standing == "depends"


@pytest.mark.parametrize("modifier", sorted(set(FIELDS) - {"24", "25", "57", "58", "79"}))
def test_what_a_column_rules_out_is_never_allowed(modifier: str) -> None:
    """Every value of the official file is judged, and its text agrees with the judgement."""
    rule = load_rules()[modifier]
    for value, text in rule.pfs_values.items():
        found = standing(modifier, value)
        if any(
            word in text
            for word in ("not used", "not permitted", "may not be paid", "do not apply", "does not accept")
        ):
            assert found == "not", (value, text)
        if "ay be used" in text or text.startswith(("Permitted", "Not restricted")):
            assert found == "may", (value, text)


def test_kinds_of_codes_are_told_by_their_numbers() -> None:
    with official("pfs/PPRRVU2025_Oct.csv").open(newline="", encoding="latin-1") as file:
        codes = {row[0] for row in csv.reader(file)} - {"HCPCS"}
    kinds = {code: kind_of(code).family for code in codes}
    assert {kinds[code] for code in codes if code.isdigit()} == {
        "visit", "anesthesia", "procedure", "imaging", "laboratory", "medicine",
    }  # fmt: skip
    place = next(i for i, name in enumerate(fee_schedule()[0]) if name == COLUMNS["GLOB DAYS"][0])
    surgical = {row[0] for row in fee_schedule()[1:] if row[place] in ("010", "090") and row[0].isdigit()}
    # Four codes of radiation treatment have a global period too.
    assert {code for code in surgical if kinds[code] not in ("procedure", "medicine")} <= {
        code for code in surgical if "77261" <= code <= "77799"
    }


def test_a_modifier_before_its_first_day_is_not_spoken_of() -> None:
    before = {one.rule.modifier for one in applied(DRUG, date(2022, 12, 31), None, drug=True)}
    after = {one.rule.modifier for one in applied(DRUG, date(2023, 1, 1), None, drug=True)}
    assert after - before == {"JZ"}
