"""The official files, compared with a reader that shares no code with the loader."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.pfs.service import Pfs

COUNTS = {
    "pfs": 19_090,
    "pfs-gpci": 109,
    "pfs-localities": 110,
    "pfs-anesthesia": 109,
    "pfs-opps-caps": 16_100,
    "pfs-zip": 42_956,
}
HELD, BEFORE, AFTER = date(2025, 11, 15), date(2025, 9, 30), date(2026, 1, 1)


def table(path: Path, skip: int) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.reader(file), 1):
            if number > skip:
                yield [*row, str(number)]


def test_as_many_rows_are_held_as_the_publisher_counts(official: Any) -> None:
    assert {system: one.rows for system, one in official.loaded.items()} == COUNTS
    windows = {system: (one.window_from, one.window_to) for system, one in official.loaded.items()}
    quarter, year = (date(2025, 10, 1), date(2025, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))
    assert windows == {
        "pfs": quarter,
        "pfs-opps-caps": quarter,
        "pfs-zip": quarter,
        "pfs-gpci": year,
        "pfs-localities": year,
        "pfs-anesthesia": year,
    }


async def test_every_row_of_values_and_indicators_is_answered_as_the_file_says(
    real: Pfs, pfs_folder: Path
) -> None:
    wanted: dict[str, list[list[str]]] = {}
    for row in table(pfs_folder / "PPRRVU2025_Oct.csv", 1):
        wanted.setdefault(row[0], []).append(row)
    headings = {
        "STATUS CODE": 3, "PCTC IND": 13, "GLOB DAYS": 14, "MULT PROC": 18, "BILAT SURG": 19, "ASST SURG": 20,
        "CO-SURG": 21, "TEAM SURG": 22, "SUPERVISION": 25,
    }  # fmt: skip
    numbers = {
        "work": 5, "pe_nonfacility": 6, "pe_facility": 8, "mp": 10, "total_nonfacility": 11, "total_facility": 12,
        "preoperative": 15, "intraoperative": 16, "postoperative": 17, "conversion_factor": 24,
    }  # fmt: skip
    for code, rows in wanted.items():
        got = await real.indicators(code, HELD)
        assert got.status == "listed"
        assert {one.modifier for one in got.rows} == {row[1] for row in rows}
        for row in rows:
            one = got.row(row[1])
            assert one is not None
            assert {heading: one.value(heading) for heading in headings} == {
                h: row[n] for h, n in headings.items()
            }
            assert all(getattr(one, name) == Decimal(row[place]) for name, place in numbers.items())
            assert (one.na_nonfacility, one.na_facility) == (row[7] == "NA", row[9] == "NA")
            assert (one.endoscopic_base, one.imaging_family, one.receipt.row) == (
                row[23],
                row[27],
                int(row[31]),
            )
            assert abs(one.work + one.pe_nonfacility + one.mp - one.total_nonfacility) <= Decimal("0.01")
            assert abs(one.work + one.pe_facility + one.mp - one.total_facility) <= Decimal("0.01")
            assert all(indicator.meaning for indicator in one.indicators)
            assert "not known here" not in " ".join(indicator.meaning for indicator in one.indicators)


@pytest.mark.parametrize(
    ("day", "status", "rows"), [(HELD, "listed", 3), (BEFORE, "not_checked", 0), (AFTER, "not_checked", 3)]
)
async def test_indicators_are_told_for_the_window_and_shown_after_it(
    real: Pfs, day: date, status: str, rows: int
) -> None:
    got = await real.indicators("70450", day)
    assert (got.status, len(got.rows)) == (status, rows)
    assert got.why


async def test_what_is_not_listed_says_so(real: Pfs) -> None:
    got = await real.indicators("99998", HELD)
    assert (got.status, got.rows) == ("not_listed", ())
    assert "is not in the relative value file" in got.why
