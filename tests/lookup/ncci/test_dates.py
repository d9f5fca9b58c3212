"""What is known of a day, and what is not checked."""

from datetime import date
from typing import Any

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.shared.errors import BadInput

ROWS = (
    "11042\t97597\t*\t1",
    "11042\t97598\t2019-12-31\t0",
    "11042\t97599\t2024-08-31\t0",
    "11042\t97600\t2024-01-01\t9",
)


async def status(made: Any, two: str, day: str, setting: str = "practitioner") -> str:
    return (await made.ncci().pair(setting, two, "11042", date.fromisoformat(day))).status


@pytest.mark.parametrize(
    ("two", "day", "wanted"),
    [
        ("97597", "2024-07-01", "edit"),
        ("97597", "2024-09-30", "edit"),
        ("97597", "2024-06-30", "not_checked"),
        ("97597", "2024-10-01", "not_checked"),
        ("97598", "2019-12-31", "edit"),
        ("97598", "2019-12-30", "not_checked"),
        ("97598", "2020-01-01", "not_checked"),
        ("97598", "2024-07-01", "no_edit"),
        ("97599", "2024-08-31", "edit"),
        ("97599", "2024-09-01", "no_edit"),
        ("97600", "2024-01-01", "not_checked"),
        ("97600", "2024-07-01", "no_edit"),
        ("99999", "2024-07-01", "no_edit"),
        ("99999", "2024-06-30", "not_checked"),
    ],
)
async def test_a_form_without_effective_dates_tells_of_its_quarter_and_of_deletion_dates(
    made: Any, two: str, day: str, wanted: str
) -> None:
    made.load(made.derived(*ROWS))
    assert await status(made, two, day) == wanted


async def test_four_parts_with_effective_dates_are_one_release(made: Any) -> None:
    parts = {
        1: ["0001A\t0591T\t \t20210101\t*\t1"],
        2: ["11042\t97597\t*\t19960101\t*\t1", "11042\t97598\t*\t19960101\t20191231\t0"],
        3: ["33202\t97597\t\t20260901\t*\t1"],
        4: ["99213\t99214\t\t20000101\t20000101\t9"],
    }
    (loaded,) = made.load(*made.published(parts))
    assert (loaded.edition, loaded.rows, loaded.window_from) == ("2026 Q3", 5, date(2026, 7, 1))
    assert not made.load(*made.published(parts))[0].new
    ncci = made.ncci()
    old = await ncci.pair("practitioner", "97598", "11042", date(2005, 1, 1))
    assert (old.status, old.edit and old.edit.receipt.file_name) == (
        "edit",
        "ccipra-v322r0-f2.zip/ccipra-v322r0-f2.TXT",
    )
    assert old.edit is not None
    assert old.edit.receipt.row == 7
    assert (await ncci.pair("practitioner", "33202", "97597", date(2026, 8, 31))).status == "no_edit"
    assert (await ncci.pair("practitioner", "33202", "97597", date(2026, 9, 1))).status == "edit"
    assert (await ncci.pair("practitioner", "99213", "99214", date(2026, 9, 1))).status == "no_edit"
    assert (
        await ncci.pair("outpatient_hospital", "11042", "97597", date(2026, 9, 1))
    ).status == "not_checked"


async def test_the_date_between_two_editions_is_not_checked(made: Any) -> None:
    made.load(made.derived(*ROWS))
    later = made.derived("11042\t97597\t*\t0", name="ptp_practitioner_2025-01-01.tsv")
    made.load(later, options=Options(window_from=date(2025, 2, 1)))
    assert await status(made, "97597", "2024-12-01") == "not_checked"
    assert await status(made, "97597", "2025-01-31") == "not_checked"
    assert await status(made, "97597", "2025-02-01") == "edit"


async def test_what_is_not_listed_has_no_published_limit(made: Any) -> None:
    header = "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\n"
    made.load(made.file("mue_x_2024-07-01.csv", header + "11042,1,2,Policy,Practitioner\n"))
    ncci = made.ncci()
    assert (await ncci.mue("11042", "practitioner", date(2024, 7, 1))).units == 1
    assert (await ncci.mue("11043", "practitioner", date(2024, 7, 1))).status == "no_published_limit"
    late = await ncci.mue("11042", "practitioner", date(2024, 10, 1))
    assert (late.status, late.units) == ("not_checked", 1)
    assert (await ncci.mue("11042", "dme_supplier", date(2024, 7, 1))).status == "not_checked"


@pytest.mark.parametrize(
    ("setting", "code"), [("practitioner", "1104"), ("home", "11042"), ("dme_supplier", "11042")]
)
async def test_what_can_not_be_asked_is_refused(made: Any, setting: str, code: str) -> None:
    with pytest.raises(BadInput):
        await made.ncci().pair(setting, code, "97597")
