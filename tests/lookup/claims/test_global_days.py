"""Visits and procedures inside a surgery's global package, by the real fee schedule of October 2025.

Rows of PPRRVU2025_Oct.csv: 11042 has global days 000, 17000 has 010, 27447 has 090, 99213 XXX.
"""

import os
from collections.abc import AsyncGenerator
from datetime import date
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.rules.surgery import GlobalDays
from ahead.lookup.claims.rules.unlisted_add_ons import UnlistedAddOns
from ahead.lookup.claims.schemas import Claim, ClaimLine
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.ncci.service import Ncci
from ahead.lookup.pfs.service import Pfs
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

DAY = date(2025, 11, 3)


def official_file(name: str = "pfs/PPRRVU2025_Oct.csv") -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    file = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / name
    if not file.is_file():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official fee schedule is not there (AHEAD_OFFICIAL_DATA): {file}")
        pytest.skip("the official fee schedule is not on this machine (AHEAD_OFFICIAL_DATA)")
    return file


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("global-days")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    loader = CatalogLoader(url, folder / "releases")
    loader.load([official_file()])
    # Its own window is another year's: it is given the schedule's.
    shared = Options(window_from=date(2025, 10, 1), window_to=date(2025, 12, 31))
    loader.load([official_file("ncci/addon_code_edits_2024-06-03.csv")], shared)
    return folder


@pytest.fixture
async def reader(loaded: Path) -> AsyncGenerator[SourceReader]:
    database = Database(f"sqlite+aiosqlite:///{loaded}/lookup.db")
    catalog = Catalog(database, loaded / "releases")
    reader = SourceReader(catalog, CatalogRepository(database, loaded / "releases"), source_names())
    yield reader
    await reader.close()
    await catalog.close()
    await database.close()


@pytest.fixture
def rule(reader: SourceReader) -> GlobalDays:
    return GlobalDays(Pfs(reader))


def line(code: str, *modifiers: str, on: date = DAY, by: str = "") -> ClaimLine:
    return ClaimLine(code, on, modifiers, 1, "11", by)


AFTER = date(2025, 11, 20)
BEFORE = date(2025, 11, 2)


@pytest.mark.parametrize(
    ("lines", "earlier", "expected"),
    [
        # A visit on the day of a minor procedure needs 25.
        ((line("11042"), line("99213")), (), ["fail"]),
        ((line("11042"), line("99213", "25")), (), ["bypassed"]),
        # Ten days cover the tenth day and not the eleventh.
        ((line("99213", on=date(2025, 11, 13)),), (line("17000"),), ["fail"]),
        ((line("99213", on=date(2025, 11, 14)),), (line("17000"),), []),
        # A major surgery: the day before needs 57, the ninety days after need 24.
        ((line("99213", on=BEFORE), line("27447")), (), ["fail"]),
        ((line("99213", "57", on=BEFORE), line("27447")), (), ["bypassed"]),
        ((line("99213", on=AFTER),), (line("27447"),), ["fail"]),
        ((line("99213", "24", on=AFTER),), (line("27447"),), ["bypassed"]),
        # Another procedure in the postoperative period needs 58, 78 or 79.
        ((line("11042", on=AFTER),), (line("27447"),), ["fail"]),
        ((line("11042", "78", on=AFTER),), (line("27447"),), ["bypassed"]),
        # Who gave the surgical care only has no postoperative period; another provider has none either.
        ((line("99213", on=AFTER),), (line("27447", "54"),), []),
        ((line("99213", on=AFTER, by="B"),), (line("27447", by="A"),), []),
        # Nothing is held before the edition's first day.
        ((line("99213", on=date(2024, 2, 1)), line("11042", on=date(2024, 2, 1))), (), ["not_checked"]),
    ],
)
async def test_services_in_a_global_package(
    rule: GlobalDays, lines: tuple[ClaimLine, ...], earlier: tuple[ClaimLine, ...], expected: list[str]
) -> None:
    claim = Claim("practitioner", (), lines, earlier=earlier)
    results = await rule(claim, ())
    assert [one.status for one in results] == expected
    for one in results:
        assert one.fix or one.status == "not_checked"
        assert one.receipts or one.status == "not_checked"


async def test_facilities_have_no_global_package(rule: GlobalDays) -> None:
    claim = Claim("outpatient_hospital", (), (line("11042"), line("99213")))
    assert await rule(claim, ()) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("G2211", ["not_checked"]),  # ZZZ, and the add-on file has no line for it
        ("96131", ["not_checked"]),
        ("11045", []),  # ZZZ, and line by line an add-on to 11042: the rule of add-ons judges it
        ("11042", []),
    ],
)
async def test_an_add_on_that_the_add_on_file_does_not_list_is_not_passed_over(
    reader: SourceReader, code: str, expected: list[str]
) -> None:
    rule = UnlistedAddOns(Pfs(reader), Ncci(reader))
    results = await rule(Claim("practitioner", (), (line("99213"), line(code))), ())
    assert [one.status for one in results] == expected
    for one in results:
        assert one.lines == (2,)
        assert "ZZZ" in one.why
        assert one.receipts
