"""Every row of the official list is held, and the editor's program does what the row says on a day of its year."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from inpatient_files import official
from sqlalchemy import select

from ahead.lookup.mce.edits import LISTED
from ahead.lookup.mce.models import MCE_CODES
from ahead.lookup.mce.service import Mce
from ahead.lookup.msdrg.grouper import Case, Diagnosis, Sex

IN_ITS_YEAR = date(2020, 1, 15)
AGES = {"Newborn_Only": (0, 0), "Pediatric_Only": (0, 17), "Maternity_Only": (9, 64), "Adult_Only": (15, 124)}
# Rows for which more than the code decides: what the program says of the code alone, and why.
CONDITIONAL = {
    ("Principal_Unacceptable", "Z5189"): "REQUIRES_SDX",  # acceptable with a secondary diagnosis
    ("Limited_Coverage", "0FYG0Z0"): "NON_COVERED",  # pancreas transplant: covered for diabetics only
    ("Limited_Coverage", "0FYG0Z1"): "NON_COVERED",
}
Met = Callable[..., set[str]]


@pytest.fixture(scope="session")
def printed_rows() -> list[tuple[int, list[str]]]:
    """(line, cells) of the file, by a reader of the test's own."""
    text = official("mce", "MCE_Simple_Code_Edits_v37.txt").read_text("latin-1")
    return [(number, line.split("\t")) for number, line in enumerate(text.split("\n"), 1) if number > 1]


@pytest.fixture
def met(grouper: Any) -> Met:
    def ask(code: str, kind: str, *, age: int = 40, sex: Sex = "F", day: date = IN_ITS_YEAR) -> set[str]:
        procedure = kind == "P"
        principal = Diagnosis("J189" if procedure else code, "Y")
        case = Case(principal, (), (code,) if procedure else (), age, sex, 1)
        return {edit.name for edit in grouper.edits(day, case)}

    return ask


async def test_every_row_is_held_with_its_line(official_reader: Any, printed_rows: Any) -> None:
    edition = await official_reader.edition("mce", IN_ITS_YEAR)
    assert (edition.status, edition.release.edition) == ("held", "v37 (FY2020)")
    query = select(MCE_CODES).where(MCE_CODES.c.release_id == edition.release.id)
    held = await official_reader.read(edition.release.id, lambda c: c.execute(query).all())
    assert len(held) == len(printed_rows) == 14_153
    assert {
        (row.source_row, row.section, row.subsection or "_", row.edit, row.code_type, row.code, row.title)
        for row in held
    } == {(number, *cells[2:]) for number, cells in printed_rows}


async def test_every_row_is_answered_on_the_dates_that_the_file_knows_and_marked_after(
    official_reader: Any, grouper: Any, printed_rows: Any, long_run: bool
) -> None:
    mce = Mce(official_reader, grouper)
    by_code: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for number, cells in printed_rows:
        by_code.setdefault((cells[5], cells[6]), set()).add((cells[4], number))
    for (kind, code), wanted in list(by_code.items())[:: 1 if long_run else 7]:
        system = "icd10pcs" if kind == "P" else "icd10cm"
        told = await mce.listed(code, system, IN_ITS_YEAR)
        assert {(one.edit, one.receipt.row) for one in told.found} == wanted
        assert not told.edition.marked
    assert (await mce.listed("N400", "icd10cm", date(2026, 1, 1))).edition.marked
    before = await mce.listed("N400", "icd10cm", date(2019, 9, 30))
    assert (before.found, before.edition.status) == ((), "before_first")


def test_the_program_does_what_every_row_says(met: Met, printed_rows: Any) -> None:
    others: dict[tuple[str, str], Any] = {}
    for _, cells in printed_rows:
        edit, kind, code = cells[4:7]
        if edit in AGES:
            first, last = AGES[edit]
            ages = (max(first - 1, 0), first, last, min(last + 1, 124))
            said = ["AGE_CONFLICT" in met(code, kind, age=age) for age in ages]
            right = said == [first > 0, False, False, last < 124]
        elif edit in ("Female_Only", "Male_Only"):
            said = {sex: "SEX_CONFLICT" in met(code, kind, sex=sex) for sex in ("F", "M")}
            right = said == {"F": edit == "Male_Only", "M": edit == "Female_Only"}
        else:
            name = LISTED[edit][1]
            said = met(code, kind, age=70 if edit == "Noncovered_Over60" else 40)
            # The length of the stay decides: the program isn't told it.
            right = not name or name in said
        if not right:
            others[edit, code] = said
    assert set(others) == set(CONDITIONAL)
    assert all(CONDITIONAL[key] in said for key, said in others.items())


def test_the_program_says_nothing_that_no_row_says(met: Met, printed_rows: Any) -> None:
    listed: dict[str, set[str]] = {}
    for _, cells in printed_rows:
        if cells[5] == "D":
            listed.setdefault(cells[6], set()).add(cells[4])
    codes = {cells[6] for _, cells in printed_rows if cells[5] == "D"}
    codes |= {
        f"{letter}{number:02}{last}"
        for letter in "ABCDEFGHIJKLMN"
        for number in range(100)
        for last in "0129"
    }
    checked = Counter[bool]()
    for code in sorted(codes):
        found = met(code, "D")
        if "INVALID_CODE" in found:
            continue
        men = met(code, "D", sex="M")
        said = {
            "Principal_Manifestation": "MANIFESTATION_AS_PDX" in found,
            "Principal_Unacceptable": bool({"UNACCEPTABLE_PDX", "REQUIRES_SDX"} & found),
            "Principal_Questionable_Admit": "QUESTIONABLE_ADMISSION" in found,
            "Female_Only": "SEX_CONFLICT" in men,
            "Male_Only": "SEX_CONFLICT" in found,
        }
        assert {edit for edit, yes in said.items() if yes} == listed.get(code, set()) & set(said), code
        checked[True] += 1
    assert checked[True] > 6_000


@pytest.mark.parametrize(("day", "edited"), [(date(2024, 9, 30), True), (date(2024, 10, 1), False)])
def test_sex_edits_end_with_september_2024_for_every_code_that_has_one(
    met: Met, printed_rows: Any, day: date, edited: bool
) -> None:
    for _, cells in printed_rows:
        if cells[4] not in ("Female_Only", "Male_Only"):
            continue
        other: Sex = "M" if cells[4] == "Female_Only" else "F"
        found = met(cells[6], cells[5], sex=other, day=day)
        if "INVALID_CODE" not in found:
            assert ("SEX_CONFLICT" in found) is edited, cells[6]
