"""The official quarters, compared with a reader that shares no code with the loader."""

import csv
import io
import sqlite3
import zipfile
import zlib
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.asc.service import Asc

QUARTERS = {
    "20250101": ("January 2025", date(2025, 1, 1), date(2025, 3, 31)),
    "20250401": ("April 2025", date(2025, 4, 1), date(2025, 6, 30)),
    "20250701": ("July 2025", date(2025, 7, 1), date(2025, 9, 30)),
    "20251001": ("October 2025", date(2025, 10, 1), date(2025, 12, 31)),
    "20260101": ("January 2026", date(2026, 1, 1), date(2026, 3, 31)),
    "20260401": ("April 2026", date(2026, 4, 1), date(2026, 6, 30)),
}


def member(archive: Path, name: str) -> str:
    with zipfile.ZipFile(archive) as found:
        return found.read(name).decode("latin-1")


def under_the_heading(archive: Path, name: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of all that stands below "HCPCS Code": a title or heading cell may have line breaks."""
    text = member(archive, name).replace("\r\n", "\n")
    at = text.index("\nHCPCS Code,") + 1
    first = text[:at].count("\n") + 2
    body = text[text.index("\n", at) + 1 :].removesuffix("\n").split("\n")
    return [(number, next(csv.reader([line]), [])) for number, line in enumerate(body, first)]


def test_as_many_lines_are_held_as_the_files_have(official_asc: Any, archive: Path) -> None:
    by_edition = {one.edition: one for one in official_asc.loaded}
    lines = 0
    for folder, (edition, start, end) in QUARTERS.items():
        found = [
            row
            for name in ("AA", "BB", "EE", "FF")
            for row in under_the_heading(archive, f"{folder}/{name}.csv")
        ]
        lines += len(found)
        codes = [cells for _, cells in found if len(cells[0].strip()) == 5]
        release = by_edition[edition]
        assert (release.rows, release.window_from, release.window_to) == (len(codes), start, end)
        assert release.remark.startswith(f"{len(found):,} lines under the headings")
    assert lines == 79_634
    assert by_edition["CY2025"].rows == 503
    assert by_edition["CY2026"].rows == 486


@pytest.mark.parametrize("folder", QUARTERS)
def test_every_line_is_held_as_it_is_printed(official_asc: Any, archive: Path, folder: str) -> None:
    release = next(one for one in official_asc.loaded if one.edition == QUARTERS[folder][0])
    (path,) = official_asc.releases.glob(f"{release.release_id}-*.db")
    with closing(sqlite3.connect(path)) as held:
        rates = set(
            held.execute("SELECT code, source_row, addendum, mark, indicator, weight, rate FROM asc_rates")
        )
        excluded = set(held.execute("SELECT code, source_row FROM asc_excluded"))
        devices = set(held.execute("SELECT code, source_row, apc, opps_rate, device_amount FROM asc_devices"))
        notes = {row[0] for row in held.execute("SELECT source_row FROM asc_notes WHERE addendum = 'BB'")}

    def codes(name: str) -> list[tuple[int, list[str]]]:
        return [
            (n, [c.strip() for c in r])
            for n, r in under_the_heading(archive, f"{folder}/{name}.csv")
            if len(r[0].strip()) == 5
        ]

    assert rates == {
        (r[0], line, name, r[1], r[4], r[5] or None, in_cents(r[6]))
        for name in ("AA", "BB")
        for line, r in codes(name)
    }
    assert excluded == {(r[0], line) for line, r in codes("EE")}
    assert devices == {(r[0], line, r[4], in_cents(r[6]), in_cents(r[8])) for line, r in codes("FF")}
    assert notes == {
        line for line, r in under_the_heading(archive, f"{folder}/BB.csv") if r[0].startswith("NOTE")
    }


def in_cents(text: str) -> int | None:
    return int(text.replace("$", "").replace(",", "").replace(".", "")) if text else None


@pytest.mark.parametrize("folder", QUARTERS)
async def test_lines_are_answered_as_the_file_says(
    real: Asc, archive: Path, folder: str, long_run: bool
) -> None:
    """Every code in the long run, else those that a checksum picks."""
    day = QUARTERS[folder][1]

    def picked(code: str) -> bool:
        return long_run or zlib.crc32(code.encode()) % 16 == 0

    hospital = {cells[0]: (line, cells) for line, cells in under_the_heading(archive, f"{folder}/FF.csv")}
    rate_column = {"AA": 6, "BB": 6}
    seen: dict[str, list[tuple[str, int]]] = {}
    for name in ("AA", "BB"):
        for line, cells in under_the_heading(archive, f"{folder}/{name}.csv"):
            if len(cells[0].strip()) == 5:
                seen.setdefault(cells[0], []).append((name, line))
    for name in ("AA", "BB"):
        for line, cells in under_the_heading(archive, f"{folder}/{name}.csv"):
            code = cells[0]
            if len(code.strip()) != 5 or seen[code][0] != (name, line) or not picked(code):
                continue
            got = await real.fee(code, day)
            rate = cells[rate_column[name]].strip().replace("$", "").replace(",", "")
            assert (got.addendum, got.indicator, got.national or "", got.weight or "") == (
                name, cells[4].upper(), rate, cells[5],
            )  # fmt: skip
            assert [(r.file_name.rsplit("/", 1)[1], r.row) for r in got.receipts[: len(seen[code])]] == [
                (f"{n}.csv", at) for n, at in seen[code]
            ]
            if name == "AA":
                assert got.discounted == (cells[3] == "Y")
                at, ff = hospital[code]
                assert got.hospital is not None
                assert (got.hospital.apc, got.hospital.receipt.row) == (ff[4], at)
                assert (got.hospital.rate or "") == ff[6].strip().replace("$", "").replace(",", "")
                assert (got.hospital.device_amount or "") == ff[8].strip().replace("$", "").replace(",", "")
                assert (got.hospital.device_offset or "") == ff[7].removesuffix("%")
    for line, cells in under_the_heading(archive, f"{folder}/EE.csv"):
        if not picked(cells[0]):
            continue
        got = await real.fee(cells[0], day)
        assert (got.status, got.receipts[0].row) == ("excluded", line)


@pytest.mark.parametrize(("name", "year"), [("wage_index_2025.txt", 2025), ("wage_index_2026.csv", 2026)])
async def test_every_area_is_offered_as_often_as_it_stands(
    real: Asc, archive: Path, name: str, year: int
) -> None:
    text = member(archive, name)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if name.endswith("txt") else ","))
    edition, areas = await real.areas(date(year, 6, 1))
    assert edition.status == "held"
    assert [(a.row, a.area, a.wage_index or "") for a in areas] == [
        (number, row[0], row[2]) for number, row in enumerate(rows[1:], 2)
    ]
    names = {a.area: a.name for a in areas}
    assert names["32420"] == "Mayagüez, PR"
    assert names["41980"] == "San Juan-Bayamón-Caguas, PR"


@pytest.mark.parametrize(
    ("day", "status", "edition"),
    [
        ("2024-12-31", "not_checked", ""),
        ("2025-01-01", "priced", "January 2025"),
        ("2025-03-31", "priced", "January 2025"),
        ("2025-04-01", "priced", "April 2025"),
        ("2025-12-31", "priced", "October 2025"),
        ("2026-01-01", "priced", "January 2026"),
        ("2026-06-30", "priced", "April 2026"),
        ("2026-07-01", "not_checked", "April 2026"),
    ],
)
async def test_each_quarter_answers_for_its_days_only(real: Asc, day: str, status: str, edition: str) -> None:
    got = await real.fee("66984", date.fromisoformat(day))
    release = got.edition.release
    assert (got.status, release.edition if release else "") == (status, edition)
    if status == "not_checked":
        assert got.amount is None
        assert got.why.startswith("Not checked")
