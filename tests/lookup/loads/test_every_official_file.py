"""Every row of every official file is held: counted by readers of this test's own, which share nothing with a loader.

The short form says which release each file makes, and that nothing is passed over in silence; `--long` loads them all
in one call and compares the rows. Tests of the sources compare the rows themselves.
"""

import csv
import gzip
import io
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest

from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader, claims
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations

Count = Callable[[Path], int]
LEFT_OUT = re.compile(r"\.xsd$|ReadMe|ZIP[59]lyout\.txt$")
"""Descriptions of forms, and notes to readers."""


@pytest.fixture(scope="module")
def official() -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here)
    if not (folder / "ncci").is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


def paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


def text(path: Path) -> str:
    """Of a file, or of a member: "a.zip/b.txt"."""
    archive = next((one for one in path.parents if one.suffix == ".zip"), None)
    if archive is None:
        return path.read_bytes().decode("latin-1")
    with zipfile.ZipFile(archive) as packed:
        return packed.read(path.relative_to(archive).as_posix()).decode("latin-1")


def rows(path: Path) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text(path), newline=""))


def below_the_heading(path: Path) -> int:
    return sum(any(cell.strip() for cell in row) for row in rows(path)) - 1


def lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in text(path).split("\n"))


def packed_lines(path: Path) -> int:
    with gzip.open(path, "rb") as file:
        return sum(1 for _ in file) - 1


def numbered(path: Path) -> int:
    """Rows whose first cell is a number: the rest of the file is headings and notes."""
    return sum(bool(row) and row[0].strip().isdigit() for row in rows(path))


def elements(*names: str) -> Count:
    pattern = re.compile(rf"<(?:{'|'.join(names)})[ >]")
    return lambda path: len(pattern.findall(text(path)))


def workbook_rows(key: str, column: int = 0) -> Count:
    """Rows of the first sheet whose cell in that column looks like a key."""
    pattern = re.compile(key)

    def count(path: Path) -> int:
        book = openpyxl.load_workbook(path, read_only=True)
        found = sum(
            len(row) > column and bool(pattern.fullmatch(str(row[column] or "").strip()))
            for row in book.worksheets[0].iter_rows(values_only=True)
        )
        book.close()
        return found

    return count


def pairs(path: Path) -> int:
    listed = json.loads(text(path)).values()
    return sum(len(one["covered"]) + len(one["notCovered"]) for one in listed)


def lines_that_begin(pattern: str) -> Count:
    begins = re.compile(pattern)
    return lambda path: sum(bool(begins.match(line)) for line in text(path).split("\n"))


def first_table(path: Path) -> int:
    """Codes of Table 6I or 6J: lines that begin with a diagnosis code."""
    return lines_that_begin(r'"?[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?"?\t')(path)


TABLES = "icd10cm/icd10cm-tables-april-2026.zip"
PCS = "icd10pcs/icd10pcs-xml-2021.zip"
IPPS = "msdrg/ipps-fy2026-tables.zip"
COUNTS: dict[str, tuple[str, Count]] = {
    # file or member: (system, how its rows are counted)
    "icd10cm/icd10cm-2025-april.zip/icd10cm-order-April-2025.txt": ("icd10cm", lines),
    "icd10cm/icd10cm-2026.zip/icd10cm-order-2026.txt": ("icd10cm", lines),
    "icd10cm/poa-exempt-2026.zip/POAexemptCodesFY26.txt": ("icd10cm", lines_that_begin(r"[0-9]+\t")),
    "icd10cm/icd10cm-conversion-table-2026.xlsx": ("icd10cm", workbook_rows(r"[A-Z][0-9A-Z]{2}\.?[0-9A-Z]{0,4}")),
    "icd10cm/icd10cm-index-2017.zip/icd10cm_index_2017.xml": ("icd10cm-index", elements("mainTerm", "term")),
    "icd10cm/icd10cm-index-2025-rebuilt.zip/RECONSTRUCTED-icd10cm-index-2025.xml": (
        "icd10cm-index", elements("mainTerm", "term"),
    ),
    f"{TABLES}/icd10cm-drug-April-1-2026-XML.xml": ("icd10cm-drugs", elements("mainTerm", "term")),
    f"{TABLES}/icd10cm-eindex-April-1-2026-XML.xml": ("icd10cm-eindex", elements("mainTerm", "term")),
    f"{TABLES}/icd10cm-neoplasm-April-1-2026-XML.xml": ("icd10cm-neoplasm", elements("mainTerm", "term")),
    "icd10pcs/icd10pcs-2026.zip/icd10pcs_order_2026.txt": ("icd10pcs", lines),
    f"{PCS}/icd10pcs_tables_2021.xml": ("icd10pcs-tables", elements("pcsTable")),
    f"{PCS}/icd10pcs_index_2021.xml": ("icd10pcs-index", elements("mainTerm")),
    f"{PCS}/icd10pcs_definitions_2021.xml": ("icd10pcs-definitions", elements("terms")),
    "icd9cm/CMS32_DESC_LONG_SHORT_DX.xlsx": ("icd9cm", workbook_rows(r"[0-9VE][0-9]{2,4}")),
    "gems/dxgem-2018.zip/2018_I9gem.txt": ("gem-icd9cm", lines),
    "gems/dxgem-2018.zip/2018_I10gem.txt": ("gem-icd10cm", lines),
    "hcpcs/hcpcs_level2_2024q3_from_ANWEB.csv": ("hcpcs", below_the_heading),
    "hcpcs/noc_codes_2024q3.csv": ("hcpcs-noc", below_the_heading),
    "hcpcs/HCPC2020_OCT_anweb.xlsx": ("hcpcs", workbook_rows(r"[A-Z][0-9]{4}|[A-Z0-9]{2}")),
    "reference/hcpcs_level2_modifiers_2024.csv": ("hcpcs-modifiers", below_the_heading),
    "reference/place_of_service_codes_2024.csv": ("pos", below_the_heading),
    "reference/rbcs_2024_hcpcs_categories.csv": ("rbcs", below_the_heading),
    "ncci/ptp_practitioner_2024-07-01.tsv.gz": ("ptp-practitioner", packed_lines),
    "ncci/ptp_outpatient_hospital_2024-07-01.tsv.gz": ("ptp-hospital", packed_lines),
    "ncci/mue_practitioner_2024-07-01.csv": ("mue-practitioner", below_the_heading),
    "ncci/mue_outpatient_hospital_2024-07-01.csv": ("mue-hospital", below_the_heading),
    "ncci/mue_dme_supplier_2024-07-01.csv": ("mue-dme", below_the_heading),
    "ncci/addon_code_edits_2024-06-03.csv": ("add-on", below_the_heading),
    "pfs/PPRRVU2025_Oct.csv": ("pfs", below_the_heading),
    "pfs/GPCI2025.csv": ("pfs-gpci", numbered),
    "pfs/25LOCCO.csv": ("pfs-localities", numbered),
    "pfs/ANES2025.csv": ("pfs-anesthesia", numbered),
    "pfs/OPPSCAP_Oct.csv": ("pfs-opps-caps", below_the_heading),
    "pfs/zip5-locality-2025-october.zip/ZIP5_OCT2025.txt": ("pfs-zip", lines),
    "mce/MCE_Simple_Code_Edits_v37.txt": ("mce", lambda path: lines(path) - 1),
    "msdrg/msdrg-v40-appendix-a.txt": ("msdrg", lines_that_begin(r"[0-9]{3} ")),
    f"{IPPS}/table-5-fy2026-final.txt": ("ipps-5", lines_that_begin(r"[0-9]{3}\t")),
    f"{IPPS}/table-6i-complete-mcc-list-fy2026.txt": ("ipps-6i", first_table),
    f"{IPPS}/table-6j-complete-cc-list-fy2026.txt": ("ipps-6j", first_table),
    "clfs/clfs-2026q2-rates-derived.csv": ("clfs", below_the_heading),
    "mcd/lcd-code-coverage-2026-derived.zip/lcd-code-coverage-2026.json": ("lcd-code-coverage", pairs),
    "mcd/mcd-documents-2025-august.csv": ("mcd-documents", below_the_heading),
}  # fmt: skip
ELSEWHERE = {
    "icd10cm-2027.zip": "catalog/test_official_editions.py",
    "icd10cm-tabular-2021.zip": "catalog/test_tabular_tree.py",
    "icd10cm-guidelines-2026.pdf": "guidelines/test_official_guidelines.py",
    "HCPC2020_OCT_trans_alpha.xlsx": "hcpcs/test_official_files.py",
    "asc-addenda-2025-2026.zip": "asc/test_official_files.py",
    "table-6k-complete-cc-exclusions-fy2026.txt": "ipps/test_official_tables.py",
}
"""Not counted by a line of its own here: which test compares it row by row."""


def test_every_file_is_counted_here_or_compared_elsewhere(official: Path) -> None:
    tests = Path(__file__).parents[1]
    assert all((tests / name).is_file() for name in ELSEWHERE.values())
    counted = {name.partition(".zip/")[0].rpartition("/")[2].removesuffix(".zip") for name in COUNTS}
    known = counted | {name.removesuffix(".zip") for name in ELSEWHERE}
    assert {path.name.removesuffix(".zip") for path in paths(official)} <= known
    with pytest.raises(Refused):
        CatalogLoader("sqlite:///nowhere.db", Path("nowhere")).load([Path(__file__)])


def test_every_file_of_a_source_is_claimed_by_it(official: Path) -> None:
    works = claims([path for path in paths(official) if path.parent.name != "icd10cm"])
    claimed = {(work.system, file.name) for work in works for file in work.files}
    for name, (system, _) in COUNTS.items():
        if name.startswith("icd10cm/"):
            continue
        folder, _, rest = name.partition("/")
        assert (system, rest) in claimed, (folder, rest)


@pytest.mark.timeout(1_200)
@pytest.mark.filterwarnings("ignore:Cannot parse header:UserWarning")
def test_as_many_rows_are_held_as_the_files_have(official: Path, tmp_path: Path, long_run: bool) -> None:
    if not long_run:
        chosen = [
            name
            for name in COUNTS
            if name.startswith(("reference", "clfs", "gems", "pfs/GPCI", "ncci/addon"))
        ]
        given = [official / name.partition(".zip/")[0] for name in chosen]
        files = sorted({path if path.is_file() else path.with_name(f"{path.name}.zip") for path in given})
    else:
        chosen, files = list(COUNTS), paths(official)
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    refused: list[Refused] = []
    outcome = CatalogLoader(url, tmp_path / "releases").load(files, refuse=refused.append)
    assert not refused
    assert all(LEFT_OUT.search(name) for name in outcome.left_out), outcome.left_out
    with sqlite3.connect(tmp_path / "lookup.db") as database:
        held = {
            (system, json.loads(listed)[0][0]): count
            for system, listed, count in database.execute("SELECT system, files, rows FROM releases")
        }
    wrong: dict[str, tuple[int | None, int]] = {}
    for name in chosen:
        system, count = COUNTS[name]
        wanted, got = count(official / name), held.get((system, name.partition("/")[2]))
        if wanted != got:
            wrong[name] = (got, wanted)
    assert not wrong, f"(held, in the file): {wrong}"
    total = sum(count for count in held.values())
    print(f"{len(held)} releases, {total:,} rows held; {len(chosen)} files counted")
