"""The official lists, compared with a reader that shares no code with the loaders."""

import csv
import json
import sqlite3
import zipfile
import zlib
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from ahead.lookup.coverage.service import Coverage

IN_AUGUST, IN_SPRING = date(2025, 8, 20), date(2026, 4, 10)


def merged(folder: Path) -> dict[str, dict[str, list[str]]]:
    with zipfile.ZipFile(folder / "lcd-code-coverage-2026-derived.zip") as archive:
        return json.loads(archive.read("lcd-code-coverage-2026.json"))


def report(folder: Path) -> list[dict[str, str]]:
    with (folder / "mcd-documents-2025-august.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def held(official: Any, system: str, query: str) -> list[tuple[Any, ...]]:
    (path,) = official.releases.glob(f"{official.loaded[system].release_id}-*.db")
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_every_document_is_held_as_it_is_printed(official: Any, mcd_folder: Path) -> None:
    rows = report(mcd_folder)
    loaded = official.loaded["mcd-documents"]
    assert (loaded.rows, loaded.window_from, loaded.window_to) == (3_133, date(2025, 8, 1), date(2025, 8, 31))
    found = held(
        official, "mcd-documents", "SELECT document, version, type, effective_on, url FROM coverage_documents"
    )

    def number(text: str) -> int:
        month, day, year = text.split("/")
        return int(year + month + day)

    assert sorted(found) == sorted(
        (
            r["document_display_id"],
            r["document_version"],
            r["document_type"],
            number(r["effective_date"]),
            r["url"],
        )
        for r in rows
    )
    several = [r for r in rows if "\n\n" in r["contractor_name_type"]]
    names = held(official, "mcd-documents", "SELECT document, version, name, kinds FROM coverage_contractors")
    assert len(names) == len(rows) + len(several)
    two = several[0]
    assert {n[2:] for n in names if n[:2] == (two["document_display_id"], two["document_version"])} == {
        ("CGS Administrators, LLC", "DME MAC"),
        ("Noridian Healthcare Solutions, LLC", "DME MAC"),
    }


def test_every_pair_is_held(official: Any, mcd_folder: Path) -> None:
    lists = merged(mcd_folder)
    wanted = {
        (code, 1 if name == "covered" else 0, diagnosis.replace(".", ""))
        for code, entry in lists.items()
        for name in ("covered", "notCovered")
        for diagnosis in entry[name]
    }
    assert sum(1 for pair in wanted if pair[1]) == 206_592
    assert official.loaded["lcd-code-coverage"].rows == len(wanted) == 208_029
    found = held(official, "lcd-code-coverage", "SELECT code, listed, diagnosis FROM coverage_merged_pairs")
    assert set(found) == wanted
    assert len(found) == len(wanted)


async def test_codes_are_answered_as_the_merged_list_says(
    real: Coverage, mcd_folder: Path, long_run: bool
) -> None:
    lists = merged(mcd_folder)
    for place, (code, entry) in enumerate(lists.items(), 1):
        if not long_run and zlib.crc32(code.encode()) % 10:
            continue
        got = (await real.of_code(code, IN_SPRING)).merged
        assert got is not None
        assert (got.lcds, got.covered, got.not_covered, got.receipt.row) == (
            tuple(entry["lcdIds"]), len(entry["covered"]), len(entry["notCovered"]), place,
        )  # fmt: skip
        page = await real.diagnoses(code, "covered", IN_SPRING, limit=500)
        assert page.total == len(entry["covered"])
        assert [pair.diagnosis for pair in page.pairs] == sorted(
            entry["covered"], key=lambda c: c.replace(".", "")
        )[:500]


async def test_a_diagnosis_leads_to_the_procedures_that_list_it(real: Coverage, mcd_folder: Path) -> None:
    lists = merged(mcd_folder)
    wanted = sorted(code for code, entry in lists.items() if "M46.1" in entry["covered"])
    got = await real.procedures("M46.1", "covered", IN_SPRING)
    assert [pair.code for pair in got.pairs] == wanted
    assert got.total == len(wanted) > 1
    start = wanted[0][:2]
    narrow = await real.procedures("M461", "covered", IN_SPRING, starts=start)
    assert [pair.code for pair in narrow.pairs] == [code for code in wanted if code.startswith(start)]


async def test_lists_longer_than_a_page_are_paged_with_true_counts(real: Coverage, mcd_folder: Path) -> None:
    code, entry = max(merged(mcd_folder).items(), key=lambda item: len(item[1]["covered"]))
    got: list[str] = []
    while True:
        page = await real.diagnoses(code, "covered", IN_SPRING, offset=len(got), limit=400)
        assert page.total == len(entry["covered"])
        got += [pair.diagnosis for pair in page.pairs]
        if len(got) >= page.total:
            break
    assert sorted(got) == sorted(entry["covered"])


async def test_the_merged_list_judges_only_what_it_says(real: Coverage, mcd_folder: Path) -> None:
    lists = merged(mcd_folder)
    one = next(code for code, entry in lists.items() if len(entry["lcdIds"]) == 1 and entry["covered"])
    several = next(code for code, entry in lists.items() if len(entry["lcdIds"]) > 1 and entry["covered"])
    fits = await real.check(one, ["A00.0", lists[one]["covered"][0]], IN_SPRING)
    assert fits.status == "pass"
    assert lists[one]["lcdIds"][0] in fits.why
    assert fits.receipts
    unknown = await real.check(several, [lists[several]["covered"][0]], IN_SPRING)
    assert unknown.status == "not_checked"
    assert "doesn't say of which" in unknown.why
    assert (await real.check(one, ["A00.0"], IN_SPRING)).status == "not_checked"
    assert (await real.check("99213", ["A00.0"], IN_SPRING)).status == "not_checked"
    for day in (date(2026, 2, 28), date(2026, 6, 1), IN_AUGUST):
        late = await real.check(one, [lists[one]["covered"][0]], day)
        assert late.status == "not_checked"
        assert late.why.startswith("Not checked")


async def test_the_contractor_of_a_single_lcd_decides_whose_no_it_is(
    real: Coverage, mcd_folder: Path
) -> None:
    # 31513 is in the merged list for L34635 alone, which the report of August 2025 has under one contractor.
    (document,) = [r for r in report(mcd_folder) if r["document_display_id"] == "L34635"]
    name = document["contractor_name_type"].split("\n")[0]
    listed = merged(mcd_folder)["31513"]["covered"][0]
    assert (await real.check("31513", ["A00.0"], IN_SPRING, contractor=name)).status == "fail"
    assert (await real.check("31513", [listed], IN_SPRING, contractor=name)).status == "pass"
    other = await real.check("31513", [listed], IN_SPRING, contractor="Palmetto")
    assert (other.status, name in other.why) == ("not_checked", True)
    # The report has no states: a state alone doesn't tell whose document it is.
    assert (await real.check("31513", ["A00.0"], IN_SPRING, state="TX")).status == "not_checked"


async def test_lcds_are_named_with_their_contractor_where_the_report_has_them(real: Coverage) -> None:
    got = (await real.of_code("31513", IN_SPRING)).merged
    assert got is not None
    assert [(one.document, bool(one.contractors), one.covered) for one in got.named] == [
        ("L34635", True, None)
    ]
