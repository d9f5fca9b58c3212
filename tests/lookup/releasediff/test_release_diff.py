"""Two editions compared: made up on both databases, and the official ones against the publisher's addenda."""

import csv
import io
import os
import zipfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.releasediff.service import ReleaseDiff
from ahead.lookup.settings import Settings
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.settings import load

HTML = {"Accept": "text/html"}

# Made up: titles of no edition.
OLD = {
    "0WQ": "Anatomical Regions, Repair",
    "0WQ00ZZ": "Repair Head, Open Approach",
    "0WQ04ZZ": "Repair Head, Percutaneous Endoscopic Approach",
    "0WQ10ZZ": "Repair Tail, Open Approach",
}
NEW = {
    "0WQ": "Anatomical Regions, Repair",
    "0WQ00ZZ": "Repair Head, Open Approach",
    "0WQ04ZZ": "Repair Whole Head, Percutaneous Endoscopic Approach",
    "0WQ20ZZ": "Repair Wing, Open Approach",
    "0WU": "Anatomical Regions, Supplement",
    "0WU00JZ": "Supplement Head with Synthetic Substitute, Open Approach",
}


def order_file(titles: dict[str, str]) -> str:
    return "".join(
        f"{number:05} {code:<7} {int(len(code) == 7)} {title[:60]:<60} {title}\r\n"
        for number, (code, title) in enumerate(titles.items(), 1)
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "icd10pcs_order_2030.txt", tmp_path / "icd10pcs_order_2031.txt"]
    for path, titles in zip(paths, (OLD, NEW), strict=True):
        path.write_bytes(order_file(titles).encode())
    return paths


Opened = Callable[[str, Path], ReleaseDiff]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> ReleaseDiff:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return ReleaseDiff(reader)

        yield open_one


@pytest.fixture
def made(database_url: str, tmp_path: Path, files: list[Path], opened: Opened) -> ReleaseDiff:
    migrations.upgrade(database_url, MIGRATIONS)
    CatalogLoader(database_url, tmp_path / "releases").load(files)
    return opened(database_url, tmp_path / "releases")


async def test_what_came_went_and_was_retitled(made: Any) -> None:
    found = await made.difference("icd10pcs")
    assert (found.old.edition, found.new.edition) == ("FY2030", "FY2031")
    assert [(one.kind, one.code) for one in found.changes] == [
        ("revised", "0WQ04ZZ"),
        ("deleted", "0WQ10ZZ"),
        ("added", "0WQ20ZZ"),
        ("added", "0WU"),
        ("added", "0WU00JZ"),
    ]
    assert found.counts == {"added": 3, "deleted": 1, "revised": 1, "billable": 0, "not_compared": 0}
    assert found.counts_billable["added"] == 2
    revised = found.changes[0]
    assert (revised.old_title, revised.new_title) == (OLD["0WQ04ZZ"], NEW["0WQ04ZZ"])
    assert (revised.old_receipt.row, revised.new_receipt.file_name) == (3, "icd10pcs_order_2031.txt")


async def test_parts_kinds_and_the_other_way_round(made: Any) -> None:
    part = await made.difference("icd10pcs", "FY2030", "fy2031", kinds=("added",), offset=1, limit=1)
    assert (part.total, [one.code for one in part.changes]) == (3, ["0WU"])
    back = await made.difference("icd10pcs", "FY2031", "FY2030")
    assert back.counts["deleted"] == 3
    assert back.note


async def test_what_can_not_be_compared_is_told(made: Any) -> None:
    for wrong in (("nothing", "", ""), ("icd10pcs", "FY2030", "FY2030")):
        with pytest.raises(BadInput):
            await made.difference(*wrong)
    for wrong in (("icd9cm", "", ""), ("icd10pcs", "FY1999", "")):
        with pytest.raises(NotFound) as problem:
            await made.difference(*wrong)
        assert problem.value.hint
    with pytest.raises(BadInput):
        await made.difference("icd10pcs", kinds=("invented",))
    assert set(await made.systems()) == {"icd10pcs"}


@pytest.fixture(scope="session")
def icd10cm_folder() -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "icd10cm"
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official ICD-10-CM files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official ICD-10-CM files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


async def test_official_editions_differ_as_the_addenda_say(
    tmp_path: Path, opened: Opened, icd10cm_folder: Path
) -> None:
    """190 codes added, 30 deleted and 4 retitled with FY2027, by the publisher's own list."""
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    loader = CatalogLoader(url, tmp_path / "releases")
    for name in ("icd10cm-2026.zip", "icd10cm-2027.zip"):
        loader.load([icd10cm_folder / name])
    diff = opened(url, tmp_path / "releases")
    found = await diff.difference("icd10cm", "FY2026", "FY2027")
    with zipfile.ZipFile(icd10cm_folder / "icd10cm-2027.zip") as archive:
        (name,) = [one for one in archive.namelist() if "addenda" in one.lower() and one.endswith(".txt")]
        lines = archive.read(name).decode("utf-8", "replace").splitlines()
    listed = {
        action: {line.split(":", 1)[1].split()[0] for line in lines if line.startswith(f"{action}:")}
        for action in ("Add", "Delete", "Revise to")
    }
    assert {action: len(codes) for action, codes in listed.items()} == {
        "Add": 190,
        "Delete": 30,
        "Revise to": 4,
    }
    got: dict[str, set[str]] = {"added": set(), "deleted": set(), "revised": set(), "billable": set()}
    for one in found.changes:
        code = one.code.replace(".", "")
        if one.kind == "billable":
            # A code that was divided is a heading now, and the other way.
            got["added" if one.new_billable else "deleted"].add(code)
        elif one.kind in got and (one.new_billable if one.kind != "deleted" else one.old_billable):
            got[one.kind].add(code)
    assert got["added"] == listed["Add"]
    assert got["deleted"] == listed["Delete"]
    assert got["revised"] == listed["Revise to"]


@pytest.fixture
async def stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str], files: list[Path]
) -> AsyncGenerator[AsyncTestClient[Any]]:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
    settings = load(Settings)
    db.upgrade(settings)
    CatalogLoader(settings.database, settings.releases_dir).load(files)
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36"
        yield client


async def test_the_doors(stranger: AsyncTestClient[Any], accounts: tuple[str, str]) -> None:
    page = await stranger.get("/tools/release-diff", headers=HTML, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)
    stranger.headers["Authorization"] = f"Bearer {accounts[1]}"
    asked = await stranger.post("/api/lookup/v1/tools/release-diff", json={"system": "icd10pcs"})
    assert asked.status_code == 200, asked.text
    assert asked.json()["counts"]["added"] == 3
    assert "Compare" in (await stranger.get("/tools/release-diff", headers=HTML)).text
    page = await stranger.get("/tools/release-diff?system=icd10pcs&kind=revised", headers=HTML)
    assert "Repair Whole Head" in page.text
    assert "Repair Wing" not in page.text
    file = await stranger.get("/tools/release-diff.csv?system=icd10pcs", headers=HTML)
    assert "icd10pcs-FY2030-to-FY2031.csv" in file.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [(row["change"], row["code"]) for row in rows][1] == ("deleted", "0WQ10ZZ")
    wrong = await stranger.get("/tools/release-diff?system=icd10pcs&old=nothing", headers=HTML)
    assert "Editions held" in wrong.text
