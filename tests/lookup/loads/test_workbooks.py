"""Official tables as workbooks: the same rows as from their text, and nothing of one that is damaged. Made up."""

import random
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from inpatient_files import TABLE5, TABLE6I, TABLE6J
from workbooks import write_workbook

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader, Outcome
from ahead.lookup.catalog.loading.workbook import printed_number
from ahead.lookup.catalog.models import bulk_metadata
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations

sys.path.insert(0, str(Path(__file__).parents[1] / "pfs"))
sys.path.insert(0, str(Path(__file__).parents[1] / "asc"))
import made_files as fees
import made_quarters as asc

QUARTER = {
    name: text.format(year=2031, quarter="January 2031")
    for name, text in {
        "AA": asc.AA + asc.AA_ROWS, "BB": asc.BB + asc.BB_ROWS, "EE": asc.EE + asc.EE_ROWS,
        "FF": asc.FF + asc.FF_ROWS,
    }.items()
}  # fmt: skip
DRGS = frozenset({"001", "291", "293", "998", "999", "05"})


class Store:
    """A database of its own for each load, or one for all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite+aiosqlite:///{folder}/lookup.db"
        folder.mkdir()
        migrations.upgrade(self.url, MIGRATIONS)

    def load(self, *paths: Path) -> Outcome:
        return CatalogLoader(self.url, self.folder / "releases").load(paths)

    def files(self) -> list[Path]:
        return sorted(path for path in (self.folder / "releases").glob("*") if path.name != "load.lock")

    def rows(self) -> dict[str, list[Any]]:
        """Everything that is held, without the numbers of lines and files."""
        found: dict[str, list[Any]] = {}
        for path in self.files():
            connection = sqlite3.connect(path)
            for table in bulk_metadata.sorted_tables:
                if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table.name,)).fetchone():
                    columns = [
                        c.name
                        for c in table.columns
                        if c.name not in ("release_id", "source_row", "source_file")
                    ]
                    query = f"SELECT {', '.join(columns)} FROM {table.name}"
                    found[table.name] = sorted(
                        [*found.get(table.name, []), *connection.execute(query).fetchall()], key=repr
                    )
            connection.close()
        return found


def fee_schedule(folder: Path) -> tuple[list[Path], list[Path]]:
    text = folder / "PPRRVU2031_Jan_nonQPP.csv"
    text.write_text(fees.published(2031, "January"))
    return [text], [write_workbook(folder / "PPRRVU2031_Jan_nonQPP.xlsx", {"PPRRVU31": text.read_text()})]


def addenda(folder: Path) -> tuple[list[Path], list[Path]]:
    texts = [folder / f"{name}.csv" for name in QUARTER]
    for path in texts:
        path.write_text(QUARTER[path.stem])
    return texts, [write_workbook(folder / "jan_2031_asc.xlsx", {"Notes": "made up\n"} | QUARTER)]


def inpatient(folder: Path) -> tuple[list[Path], list[Path]]:
    tables = {"table-5-fy2026": TABLE5, "table-6i-fy2026": TABLE6I, "table-6j-fy2026": TABLE6J}
    texts, books = [folder / f"{name}.txt" for name in tables], list[Path]()
    for path in texts:
        path.write_bytes(tables[path.stem].encode("cp1252"))
        book = folder / f"{path.stem}.xlsx"
        books.append(write_workbook(book, {"Table": tables[path.stem]}, delimiter="\t", as_text=DRGS))
    return texts, books


FORMS: list[Callable[[Path], tuple[list[Path], list[Path]]]] = [fee_schedule, addenda, inpatient]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def plain(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Figures without the zeros at their ends, which a workbook without formats doesn't have."""
    return {
        table: [tuple(f"{float(cell)}" if _is_figure(cell) else cell for cell in row) for row in found]
        for table, found in rows.items()
    }


def _is_figure(cell: object) -> bool:
    return isinstance(cell, str) and cell.replace(".", "", 1).isdigit()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_workbook_has_the_rows_of_its_text(form: Any, store: Store, tmp_path: Path) -> None:
    texts, books = form(tmp_path)
    other = Store(tmp_path / "other")
    one, two = store.load(*texts), other.load(*books)
    assert plain(other.rows()) == plain(store.rows())
    assert {(r.system, r.edition, r.rows, r.window_from, r.window_to) for r in one.loaded} == {
        (r.system, r.edition, r.rows, r.window_from, r.window_to) for r in two.loaded
    }
    assert two.left_out == ()
    assert not any(release.new for release in other.load(*books).loaded)


def test_relative_values_get_their_zeros_back(store: Store, tmp_path: Path) -> None:
    texts, books = fee_schedule(tmp_path)
    other = Store(tmp_path / "other")
    store.load(*texts)
    other.load(*books)
    assert other.rows()["pfs_rvus"] == store.rows()["pfs_rvus"]


def test_the_text_is_taken_where_a_zip_has_both(store: Store, tmp_path: Path) -> None:
    (text,), (book,) = fee_schedule(tmp_path)
    with zipfile.ZipFile(tmp_path / "rvu31a.zip", "w") as archive:
        archive.write(text, text.name)
        archive.write(book, book.name)
    outcome = store.load(tmp_path / "rvu31a.zip")
    assert [release.system for release in outcome.loaded] == ["cpt", "pfs"]
    assert outcome.left_out == ()


def test_a_workbook_in_a_zip_is_read(store: Store, tmp_path: Path) -> None:
    _, (book,) = addenda(tmp_path)
    with zipfile.ZipFile(tmp_path / "asc.zip", "w") as archive:
        archive.write(book, f"2031/{book.name}")
    (release,) = store.load(tmp_path / "asc.zip").loaded
    assert (release.system, release.edition) == ("asc", "January 2031")


def test_a_receipt_names_the_sheet(store: Store, tmp_path: Path) -> None:
    _, books = addenda(tmp_path)
    store.load(*books)
    connection = sqlite3.connect(store.folder / "lookup.db")
    (files,) = connection.execute("SELECT files FROM releases").fetchone()
    connection.close()
    assert "jan_2031_asc.xlsx, sheet AA" in files
    assert InputFile(books[0]).sha256 in files


def edited(path: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        change(sheet)
    book.save(path)
    return path


def formula(sheet: Any) -> None:
    sheet.cell(sheet.max_row, 1).value = "=1+1"


def formula_as_number(sheet: Any) -> None:
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, float):
                cell.value = "=1+1"


def columns_swapped(sheet: Any) -> None:
    for row in range(1, sheet.max_row + 1):
        one, two = sheet.cell(row, 1), sheet.cell(row, 5)
        one.value, two.value = two.value, one.value


CHANGES: list[Callable[[Any], None]] = [formula, formula_as_number, columns_swapped]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("form", FORMS[:2], ids=lambda form: form.__name__)
def test_formulas_and_moved_columns_are_refused(form: Any, change: Any, store: Store, tmp_path: Path) -> None:
    _, books = form(tmp_path)
    with pytest.raises(Refused):
        store.load(*(edited(book, change) for book in books))
    assert not store.files()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_damaged_workbooks_never_crash_a_loader(
    form: Any, store: Store, tmp_path: Path, long_run: bool
) -> None:
    _, books = form(tmp_path)
    draw = random.Random(20310101)
    good = [book.read_bytes() for book in books]
    refused = 0
    for _ in range(100 if long_run else 12):
        for book, data in zip(books, good, strict=True):
            content = bytearray(data)
            kind = draw.randrange(3)
            if kind == 0:
                content = content[: draw.randrange(1, len(content))]
            elif kind == 1:
                for _ in range(draw.choice((1, 4, 20))):
                    content[draw.randrange(len(content))] = draw.randrange(256)
            else:
                content = bytearray(data.decode("latin-1").encode("utf-16"))
            book.write_bytes(bytes(content))
        try:
            store.load(*books)
        except Refused:
            refused += 1
    assert refused
    assert not [path for path in store.files() if path.suffix != ".db"]


def test_a_sheet_with_a_document_type_is_refused(store: Store, tmp_path: Path) -> None:
    _, (book,) = fee_schedule(tmp_path)
    hostile = tmp_path / f"{book.stem}_hostile.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(hostile, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<!DOCTYPE a [<!ENTITY b "c">]>' + data
            new.writestr(name, data)
    with pytest.raises(Refused):
        store.load(hostile)
    assert not store.files()
    shutil.rmtree(store.folder)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1579.16, '"$"#,##0.00', "$1,579.16"), (1579.16, '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)', "$1,579.16"),
        (0.3562, "0.00%", "35.62%"), (0.285, "0.00%", "28.50%"), (1.5, "0.00", "1.50"), (1, "0.0000", "1.0000"),
        (2.675, "0.00", "2.68"), (100, "00000", "00100"), (1.5, "General", "1.5"), (99213.0, "General", "99213"),
        (99213, "@", "99213"), (0.1, "0.0##", "0.1"), (1234567.0, "#,##0", "1,234,567"),
    ],
)  # fmt: skip
def test_a_number_reads_as_its_format_shows_it(value: float, number_format: str, text: str) -> None:
    assert printed_number(value, number_format) == text
