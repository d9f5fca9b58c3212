"""A claim judged: what fails, what is bypassed on the record's word, what passes, and what is not checked.

Each case names the note, row or rule that it rests on; ICD-10-CM is the real edition of FY2026, NCCI is made up.
"""

from datetime import date
from typing import Any

import pytest

from ahead.lookup.claims.schemas import Claim, ClaimAnswer, ClaimLine, Diagnosis, Setting
from ahead.lookup.claims.service import ClaimCheck
from ahead.shared.errors import BadInput

DAY = date(2026, 2, 2)


def claim(
    *codes: str, lines: tuple[ClaimLine, ...] = (), setting: Setting = "practitioner", **more: Any
) -> Claim:
    diagnoses = tuple(Diagnosis(*code.split()) for code in codes)
    if not lines and setting != "inpatient":
        lines = (ClaimLine("99213", DAY),)
    return Claim(setting, diagnoses, lines, **more)


def line(
    code: str, *modifiers: str, units: int = 1, on: date = DAY, by: str = "", at: tuple[int, ...] = ()
) -> ClaimLine:
    return ClaimLine(code, on, modifiers, units, "11", by, at)


def of(answer: ClaimAnswer, rule: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.status, one.diagnoses or one.lines) for one in answer.results if one.rule == rule]


def statuses(answer: ClaimAnswer, rule: str) -> list[str]:
    return [one.status for one in answer.results if one.rule == rule]


# Diagnoses


async def test_a_header_is_not_valid_and_says_what_to_code_instead(claims: ClaimCheck) -> None:
    answer = await claims.check(claim("E11"))
    failed = next(one for one in answer.results if one.rule == "valid-code" and one.diagnoses)
    assert failed.status == "fail"
    assert "E11.00" in failed.fix
    assert failed.receipts


async def test_a_code_that_the_edition_does_not_have_fails(claims: ClaimCheck) -> None:
    answer = await claims.check(claim("E11.A9"))
    assert ("fail", (1,)) in of(answer, "valid-code")


@pytest.mark.parametrize(
    ("codes", "fails"),
    [
        # E10 has Excludes1 "type 2 diabetes mellitus (E11.-)", E11 the other way round.
        (("E10.9", "E11.9"), True),
        (("E11.9", "E10.9"), True),
        # R10 has Excludes1 "renal colic (N23)": the note stands at one of the two only.
        (("N23", "R10.9"), True),
        # Hypertension and type 2 diabetes stand in no Excludes1 of each other.
        (("I10", "E11.9"), False),
    ],
)
async def test_excludes1_holds_both_ways(claims: ClaimCheck, codes: tuple[str, str], fails: bool) -> None:
    found = statuses(await claims.check(claim(*codes)), "excludes1")
    assert found == (["fail"] if fails else ["pass"])


async def test_excludes1_says_that_unrelated_conditions_need_a_query(claims: ClaimCheck) -> None:
    answer = await claims.check(claim("E10.9", "E11.9"))
    found = next(one for one in answer.results if one.rule == "excludes1")
    assert "I.A.12.a" in found.why
    assert "Query" in found.fix
    assert found.receipts[0].row > 0


async def test_code_first_in_the_wrong_order_fails_and_in_the_right_order_passes(claims: ClaimCheck) -> None:
    # F02 "Dementia in other diseases classified elsewhere": code first the underlying condition, such as G30.-.
    assert ("pass", (1, 2)) in of(await claims.check(claim("G30.9", "F02.80")), "code-first")
    assert ("fail", (1, 2)) in of(await claims.check(claim("F02.80", "G30.9")), "code-first")


async def test_a_manifestation_alone_fails(claims: ClaimCheck) -> None:
    answer = await claims.check(claim("F02.80"))
    assert statuses(answer, "code-first") == ["fail"]
    assert statuses(answer, "sequence") == ["fail"]


async def test_an_external_cause_never_comes_first(claims: ClaimCheck) -> None:
    assert statuses(await claims.check(claim("W01.0XXA", "S52.501A")), "sequence") == ["fail"]
    assert statuses(await claims.check(claim("S52.501A", "W01.0XXA")), "sequence") == ["pass"]


async def test_a_missing_additional_code_is_not_checked_because_the_record_decides(
    claims: ClaimCheck,
) -> None:
    # E11: use additional code to identify control using insulin (Z79.4), ...
    assert set(statuses(await claims.check(claim("E11.9")), "use-additional")) == {"not_checked"}
    assert "pass" in statuses(await claims.check(claim("E11.9", "Z79.4")), "use-additional")


async def test_both_sides_and_one_of_them_contradict(claims: ClaimCheck) -> None:
    # M17.0 bilateral and M17.11 right have different parents; H25.13 bilateral and H25.11 right have one.
    assert statuses(await claims.check(claim("H25.13", "H25.11")), "laterality") == ["fail"]
    assert statuses(await claims.check(claim("H25.11", "H25.12")), "laterality") == []
    assert statuses(await claims.check(claim("H25.10", "H25.11")), "laterality") == ["fail"]


async def test_a_modifier_for_the_other_side_than_its_diagnosis_fails(claims: ClaimCheck) -> None:
    right = claim("H25.11", lines=(line("66984", "RT", at=(1,)),))
    wrong = claim("H25.11", lines=(line("66984", "LT", at=(1,)),))
    assert statuses(await claims.check(right), "laterality") == ["pass"]
    assert statuses(await claims.check(wrong), "laterality") == ["fail"]


async def test_notes_of_another_year_judge_nothing(claims: ClaimCheck) -> None:
    late = claim("E10.9", "E11.9", lines=(line("99213", on=date(2026, 10, 2)),))
    assert set(statuses(await claims.check(late), "excludes1")) == {"not_checked"}


# NCCI


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((line("11042"), line("97597")), "fail"),
        ((line("97597"), line("11042")), "fail"),
        ((line("11042"), line("97597", "59")), "bypassed"),
        ((line("11042"), line("97597", "XS")), "bypassed"),
        # 22 is no NCCI-associated modifier.
        ((line("11042"), line("97597", "22")), "fail"),
        # Indicator 0: nothing bypasses it.
        ((line("11042"), line("97598", "59")), "fail"),
        # Indicator 9: the edit never was in force.
        ((line("99213"), line("36415")), "pass"),
        # Deleted on 2026-01-15, and inclusive.
        ((line("20610"), line("11042")), "pass"),
        ((line("20610", on=date(2026, 1, 15)), line("11042", on=date(2026, 1, 15))), "fail"),
        # Different providers, different days: no pair.
        ((line("11042", by="A"), line("97597", by="B")), "pass"),
    ],
)
async def test_pairs_of_lines(claims: ClaimCheck, lines: tuple[ClaimLine, ...], status: str) -> None:
    answer = await claims.check(claim("L97.511", lines=lines))
    assert statuses(answer, "ncci-ptp") == [status]
    if status == "bypassed":
        assert answer.verdict != "clean"
        assert "record must support" in next(o.fix for o in answer.results if o.rule == "ncci-ptp")


@pytest.mark.parametrize(
    ("lines", "earlier", "expected"),
    [
        # MAI 1 counts a line.
        ((line("11045", units=12), line("11045", units=12)), (), ["pass", "pass"]),
        ((line("11045", units=13),), (), ["fail"]),
        # MAI 2 adds up the day's lines of one provider, earlier claims too.
        ((line("11042"), line("11042")), (), ["fail", "fail"]),
        ((line("11042", by="A"), line("11042", by="B")), (), ["pass", "pass"]),
        ((line("11042"),), (line("11042"),), ["fail"]),
        ((line("11042"),), (line("11042", on=date(2026, 2, 1)),), ["pass"]),
        # MAI 3 too.
        ((line("J1100", units=6), line("J1100", units=4)), (), ["pass", "pass"]),
        ((line("J1100", units=6), line("J1100", units=5)), (), ["fail", "fail"]),
        # Unlisted is not unlimited.
        ((line("99213"),), (), ["not_checked"]),
    ],
)
async def test_units(
    claims: ClaimCheck, lines: tuple[ClaimLine, ...], earlier: tuple[ClaimLine, ...], expected: list[str]
) -> None:
    assert statuses(await claims.check(claim("L97.511", lines=lines, earlier=earlier)), "mue") == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("11042", "11045"), ["pass"]),
        (("11045",), ["fail"]),
        # Type 2 and 3 don't list all primaries.
        (("99292",), ["not_checked"]),
        (("99291", "99292"), ["pass"]),
        (("99213",), []),
    ],
)
async def test_add_on_codes(claims: ClaimCheck, codes: tuple[str, ...], expected: list[str]) -> None:
    answer = await claims.check(claim("L97.511", lines=tuple(line(code) for code in codes)))
    assert statuses(answer, "add-on") == expected


async def test_dates_without_an_edition_are_not_checked(claims: ClaimCheck) -> None:
    lines = (line("11042", on=date(2026, 5, 5)), line("97597", on=date(2026, 5, 5)))
    answer = await claims.check(claim("L97.511", lines=lines))
    assert statuses(answer, "ncci-ptp") == ["not_checked"]
    assert statuses(answer, "mue") == ["not_checked", "not_checked"]
    assert answer.verdict != "clean"


# Modifiers, present on admission


@pytest.mark.parametrize(
    ("modifiers", "status"),
    [
        (("25",), "pass"),
        (("25", "25"), "fail"),
        (("RT", "LT"), "fail"),
        (("JW", "JZ"), "fail"),
        (("ZZ",), "not_checked"),
    ],
)
async def test_modifiers(claims: ClaimCheck, modifiers: tuple[str, ...], status: str) -> None:
    answer = await claims.check(claim("L97.511", lines=(line("99213", *modifiers),)))
    assert status in statuses(answer, "modifier")


async def test_a_modifier_before_its_time_fails(claims: ClaimCheck) -> None:
    early = claim("L97.511", lines=(line("J1100", "JZ", on=date(2016, 1, 4)),))
    assert "fail" in statuses(await claims.check(early), "modifier")


async def test_present_on_admission_is_asked_of_inpatient_claims_only(claims: ClaimCheck) -> None:
    assert statuses(await claims.check(claim("E11.9")), "poa") == []
    inpatient = claim("E11.9", setting="inpatient", discharged=DAY)
    assert statuses(await claims.check(inpatient), "poa") == ["not_checked"]


# What can't be read


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Claim("practitioner"), "at least one line"),
        (Claim("inpatient", (Diagnosis("E11.9"),)), "date of discharge"),
        (claim("nonsense"), "Diagnosis 1"),
        (claim("E11.9", lines=(line("99213", "1234"),)), "not a modifier"),
        (claim("E11.9", lines=(line("99213", units=0),)), "no number of units"),
        (claim("E11.9", lines=(line("99213", at=(2,)),)), "leads to none"),
        (claim("E11.9 Q"), "POA indicator"),
        (claim("E11.9", age=200), "age"),
        (claim("E11.9", state="Texas"), "two letters"),
        (claim("E11.9", contractor="x"), "3 to 80"),
        (claim("E11.9", lines=tuple(line("99213") for _ in range(101))), "at most 100"),
    ],
)
async def test_what_can_not_be_read_is_said(claims: ClaimCheck, bad: Claim, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        await claims.check(bad)
