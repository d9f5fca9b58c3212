"""Codes exempt from present-on-admission reporting: every row of the official list, and none matters to the grouper."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from inpatient_files import official

from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.ipps.service import Ipps
from ahead.lookup.msdrg.grouper import Case, Diagnosis, Poa
from ahead.lookup.msdrg.poa import PoaList
from ahead.lookup.msdrg.schemas import Asked, TypedDiagnosis
from ahead.lookup.msdrg.service import MsDrgs
from ahead.shared.db import migrations

HELD = date(2026, 1, 15)


@pytest.fixture(scope="session")
def printed() -> dict[str, int]:
    """Code without its dot → line, by a reader of the test's own."""
    with zipfile.ZipFile(official("icd10cm", "poa-exempt-2026.zip")) as archive:
        text = archive.read("POAexemptCodesFY26.txt").decode("latin-1").replace("\r", "")
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        cells = line.split("\t")
        if cells[0].isdecimal() and len(cells) > 2:
            found[cells[1].strip().replace(".", "")] = number
    return found


@pytest.fixture(scope="session")
def poa_data(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("poa")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    CatalogLoader(url, folder / "releases").load([official("icd10cm", "poa-exempt-2026.zip")])
    return url, folder / "releases"


async def test_every_row_is_exempt_with_its_line_and_no_other(
    poa_data: Any, open_reader: Any, printed: dict[str, int]
) -> None:
    assert len(printed) == 38_349
    poa = PoaList(open_reader(*poa_data))
    told = await poa.exempt(printed, HELD)
    assert told.edition.status == "held"
    assert {code: receipt.row for code, receipt in told.codes.items()} == printed
    assert (await poa.exempt(["I5021", "E1165", "L89154"], HELD)).codes == {}
    assert (await poa.exempt(["Z7901"], date(2025, 9, 30))).edition.status == "before_first"
    assert (await poa.exempt(["Z7901"], date(2026, 10, 1))).edition.marked


async def test_an_exempt_code_needs_no_indicator_where_the_list_is_held(
    poa_data: Any, open_reader: Any, grouper: Any
) -> None:
    reader = open_reader(*poa_data)
    tool = MsDrgs(grouper, Ipps(reader), PoaList(reader))
    asked = Asked(TypedDiagnosis("I50.21", "Y"), (TypedDiagnosis("Z79.01"),), (), 70, "F")
    told = await tool.group(asked, HELD)
    assert told.grouping is not None
    assert told.grouping.codes[1].poa == "1"
    later = await tool.group(asked, date(2026, 11, 1))
    assert (later.grouping, later.missing_poa) == (None, ("Z79.01",))
    marked = Asked(TypedDiagnosis("I50.21", "Y"), (TypedDiagnosis("Z79.01", "1"),), (), 70, "F")
    assert (await tool.group(marked, date(2026, 11, 1))).grouping is not None
    # A 1 on a code that isn't exempt is no indicator.
    wrong = Asked(TypedDiagnosis("I50.21", "1"), (), (), 70, "F")
    assert (await tool.group(wrong, HELD)).missing_poa == ("I50.21",)


def test_the_indicator_of_an_exempt_code_changes_nothing(grouper: Any, printed: dict[str, int]) -> None:
    version = grouper.version_for(HELD)
    indicators: tuple[Poa, ...] = ("Y", "N", "U", "W")
    for code in sorted(printed)[::37]:
        found = [
            grouper.group(version, Case(Diagnosis("I5021", "Y"), (Diagnosis(code, poa),), (), 70, "F", 1))
            for poa in indicators
        ]
        assert len({one.drg for one in found}) == 1, code
        assert not any(one.secondary[0].hacs for one in found), code
