"""The official editions, compared with a reader that shares no code with the loader."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.ncci.service import Ncci

Rows = dict[tuple[str, str], list[tuple[str, str, str, int]]]

SETTINGS = {"practitioner": "ptp_practitioner", "outpatient_hospital": "ptp_outpatient_hospital"}
COUNTS = {
    "ptp-practitioner": 2_546_017,
    "ptp-hospital": 1_775_818,
    "mue-practitioner": 14_677,
    "mue-hospital": 14_628,
    "mue-dme": 2_928,
    "add-on": 7_465,
}
IN_QUARTER, BEFORE, AFTER = date(2024, 8, 15), date(2024, 6, 29), date(2026, 11, 23)


def sampled(folder: Path, name: str, one_in: int) -> Rows:
    """Every row of the pairs that a checksum picks: (deletion date, indicator, rationale, line)."""
    found: Rows = {}
    with gzip.open(next(folder.glob(f"{name}_*")), "rb") as lines:
        for number, line in enumerate(lines, 1):
            if zlib.crc32(line[:11]) % one_in == 0 and number > 1:
                one, two, end, modifier, why = line.decode("ascii").rstrip("\r\n").split("\t")
                found.setdefault((one, two), []).append((end, modifier, why, number))
    return found


def rows_with(folder: Path, name: str, part: str) -> list[list[str]]:
    with gzip.open(next(folder.glob(f"{name}_*")), "rt") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if part in line]


def table(folder: Path, pattern: str) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob(pattern)):
        with path.open(newline="") as file:
            yield from csv.DictReader(file)


def test_as_many_rows_are_held_as_the_publisher_counts(official: Any) -> None:
    assert {system: one.rows for system, one in official.loaded.items()} == COUNTS
    assert {(one.window_from, one.window_to) for one in official.loaded.values()} == {
        (date(2024, 7, 1), date(2024, 9, 30))
    }


@pytest.mark.parametrize("setting", SETTINGS)
async def test_sampled_pairs_are_answered_as_the_file_says(
    real: Ncci, ncci_folder: Path, setting: str, long_run: bool
) -> None:
    pairs = sampled(ncci_folder, SETTINGS[setting], 15 if long_run else 1_500)
    assert len(pairs) > (100_000 if long_run else 1_000)
    for number, ((one, two), rows) in enumerate(pairs.items()):
        given = (one, two) if number % 2 else (two, one)
        live = [r for r in rows if r[1] != "9" and (r[0] == "*" or r[0] >= IN_QUARTER.isoformat())]
        # The other direction of a pair may stand in the file too.
        answer = await real.pair(setting, *given, IN_QUARTER)
        mine = [e for e in answer.rows if e.column1 == one]
        assert [(e.receipt.row, e.rationale, str(e.modifier_indicator)) for e in mine] == [
            (r[3], r[2], r[1]) for r in rows
        ]
        assert [e.receipt.row for e in mine if e.in_force] == [r[3] for r in live]
        if live:
            assert answer.status == "edit"
        elif len(mine) == len(answer.rows):
            assert answer.status == "no_edit"
        end = rows[-1][0]
        day = date.fromisoformat(end) if end != "*" else (BEFORE, AFTER)[number % 2]
        if end != "*" and rows[-1][1] == "9":
            continue
        answer = await real.pair(setting, *given, day)
        if end != "*":
            assert any(e.in_force and e.receipt.row == rows[-1][3] for e in answer.rows)
            assert answer.status == "edit"
        elif not any(e.deleted == day for e in answer.rows):
            assert answer.status == "not_checked"


async def test_every_unit_limit_is_answered_as_the_file_says(real: Ncci, ncci_folder: Path) -> None:
    names = {"Practitioner": "practitioner", "Outpatient Hospital": "outpatient_hospital"}
    seen = 0
    for row in table(ncci_folder, "mue_*"):
        setting = names.get(row["mue_service"], "dme_supplier")
        got = await real.mue(row["hcpcs_code"], setting, IN_QUARTER)
        assert (got.status, str(got.units), str(got.mai), got.rationale) == (
            "published",
            row["mue_units"],
            row["mue_mai"],
            row["mue_rationale"],
        )
        seen += 1
    assert seen == 14_677 + 14_628 + 2_928


async def test_add_ons_by_type(real: Ncci, ncci_folder: Path) -> None:
    wanted: dict[str, set[tuple[str | None, str]]] = {}
    for row in table(ncci_folder, "addon_*"):
        primary = None if row["primary_code"] == "CCCCC" else row["primary_code"]
        wanted.setdefault(row["add_on_code"], set()).add((primary, row["aoc_edit_type"]))
    for code, edits in wanted.items():
        got = await real.add_on(code, IN_QUARTER)
        assert {(e.primary, str(e.type)) for e in got.edits} == edits
        assert got.complete == (all(kind == "1" for _, kind in edits) and (None, "1") not in edits)
    assert (await real.add_on("G2211", IN_QUARTER)).status == "not_listed"


async def test_all_edits_of_a_code_are_counted_and_paged(real: Ncci, ncci_folder: Path) -> None:
    rows = rows_with(ncci_folder, "ptp_practitioner", "\t36000\t")
    live = sorted(
        r[0] for r in rows if r[1] == "36000" and r[3] != "9" and (r[2] == "*" or r[2] >= "2024-08-15")
    )
    got: list[str] = []
    while True:
        page = await real.edits_of("practitioner", "36000", "column2", IN_QUARTER, offset=len(got), limit=500)
        assert page.total == len(live) == sum(page.by_indicator.values())
        got += [edit.column1 for edit in page.edits]
        if len(got) >= page.total:
            break
    assert got == live
    assert len(live) > 3_000
    start = live[len(live) // 2][:3]
    narrow = await real.edits_of("practitioner", "36000", "column2", IN_QUARTER, starts=start)
    assert 0 < narrow.total == sum(code.startswith(start) for code in live) < len(live)
    past = await real.edits_of("practitioner", "36000", "column2", AFTER)
    assert past.edition.marked
    assert past.total > 3_000
    assert (await real.edits_of("practitioner", "36000", "column2", BEFORE)).total == 0
