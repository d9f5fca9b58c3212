"""Unit limits in the form CMS publishes them in, as text and as workbook. Nothing in them is real."""

import sqlite3
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from workbooks import write_workbook

from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations

HEAD = (
    '"Current Procedural Terminology (CPT) codes, descriptions and other data only are copyright 2025 American Medical '
    'Association.\nMade up for tests.",,,\r\n'
    '"HCPCS/\nCPT Code",{setting} Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n'
)
ROWS = (
    "A4298,2,1 Line Edit,Made up: one\r\n"
    'A4299,12,3 Date of Service Edit: Clinical,"Made up: two, and more"\r\n'
    "J3999,0,2 Date of Service Edit: Policy,Made up: three\r\n"
)
NAME = "MCR_MUE_PractitionerServices_Eff_01-01-2026"


class Store:
    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        migrations.upgrade(url, MIGRATIONS)

    def load(self, *paths: Path) -> list[tuple[Any, ...]]:
        outcome = CatalogLoader(self.url, self.folder / "releases").load(paths)
        return [(one.system, one.edition, one.rows, one.window_from, one.window_to) for one in outcome.loaded]

    def text(self, content: str, name: str = f"{NAME}.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode("latin-1"))
        return path

    def rows(self) -> list[tuple[Any, ...]]:
        (path,) = (self.folder / "releases").glob("*.db")
        connection = sqlite3.connect(path)
        found = connection.execute(
            "SELECT code, units, mai, rationale, source_row FROM mue_values"
        ).fetchall()
        connection.close()
        return sorted(found)


@pytest.fixture
def store(tmp_path: Path, sqlite_url: str) -> Store:
    return Store(tmp_path, sqlite_url)


WINDOW = (date(2026, 1, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("setting", "system"),
    [
        ("Practitioner", "mue-practitioner"),
        ("Outpatient Hospital", "mue-hospital"),
        ("DME Supplier", "mue-dme"),
    ],
)
def test_each_setting_is_told_by_its_header(store: Store, setting: str, system: str) -> None:
    loaded = store.load(store.text(HEAD.format(setting=setting) + ROWS))
    assert loaded == [(system, "2026 Q1", 3, *WINDOW)]
    assert store.rows() == [
        ("A4298", 2, 1, "Made up: one", 5),
        ("A4299", 12, 3, "Made up: two, and more", 6),
        ("J3999", 0, 2, "Made up: three", 7),
    ]


def test_a_workbook_has_the_same_rows(store: Store) -> None:
    book = write_workbook(store.folder / f"{NAME}.xlsx", {"MUE": HEAD.format(setting="Practitioner") + ROWS})
    assert store.load(book) == [("mue-practitioner", "2026 Q1", 3, *WINDOW)]
    assert [row[:4] for row in store.rows()] == [
        ("A4298", 2, 1, "Made up: one"),
        ("A4299", 12, 3, "Made up: two, and more"),
        ("J3999", 0, 2, "Made up: three"),
    ]


def test_a_zip_with_text_and_workbook_is_one_release(store: Store) -> None:
    text = store.text(HEAD.format(setting="Practitioner") + ROWS)
    book = write_workbook(store.folder / f"{NAME}.xlsx", {"MUE": text.read_text("latin-1")})
    with zipfile.ZipFile(
        store.folder / "medicare-ncci-2026-q1-practitioner-services-mue-table.zip", "w"
    ) as archive:
        for path in (book, text):
            archive.write(path, path.name)
    assert store.load(Path(archive.filename or "")) == [("mue-practitioner", "2026 Q1", 3, *WINDOW)]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("three\r\n", "thr", "cut off"),
        ("A4299,12", "A4298,12", "line 6: has A4298 a second time"),
        ("2,1 Line Edit", "1 Line Edit,2", "line 5: '1 Line Edit'|adjudication"),
        ("2,1 Line Edit", "=1+1,1 Line Edit", "units"),
        ("1 Line Edit", "4 Line Edit", "line 5: '4 Line Edit' is not an adjudication indicator"),
        ("A4298,", '"A4298,', "read|cells|not a HCPCS"),
        (",Made up: one", "", "line 5: has 3 cells where 4 are meant"),
        (ROWS, "", "no line below its header"),
    ],
)
def test_a_damaged_file_is_refused_whole(store: Store, old: str, new: str, reason: str) -> None:
    whole = HEAD.format(setting="Practitioner") + ROWS
    assert old in whole
    with pytest.raises(Refused, match=reason):
        store.load(store.text(whole.replace(old, new, 1)))
    assert not list((store.folder / "releases").glob("*.db"))


def test_another_encoding_is_refused(store: Store) -> None:
    path = store.folder / f"{NAME}.csv"
    path.write_bytes((HEAD.format(setting="Practitioner") + ROWS).encode("utf-16"))
    with pytest.raises(Refused):
        store.load(path)
