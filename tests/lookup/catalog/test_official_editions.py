"""The real releases April 2025, FY2026 and FY2027, compared with the files by a reader of its own; claims judged by
them as the table of worked cases says.
"""

import os
import zipfile
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from importlib import util
from pathlib import Path
from typing import Any

import pytest
from description_words import ENCOUNTER_WORDS, encounter, sides

from ahead.lookup.catalog.loading.official import OfficialLoader
from ahead.lookup.catalog.loading.registry import source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.schemas import Node
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.claims.rules.editor import CodeEditorRule
from ahead.lookup.claims.rules.held import Knowledge
from ahead.lookup.claims.schemas import Claim, ClaimLine, Diagnosis
from ahead.lookup.claims.service import ClaimCheck
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.descriptions.service import describe
from ahead.lookup.mce.service import Mce
from ahead.lookup.msdrg.native import NativeGrouper
from ahead.lookup.ncci.service import Ncci
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

_spec = util.spec_from_file_location("worked_diagnoses", Path(__file__).with_name("worked_diagnoses.py"))
assert _spec is not None
assert _spec.loader is not None
_table = util.module_from_spec(_spec)
_spec.loader.exec_module(_table)
WORKED: tuple[tuple[str, Any], ...] = tuple(
    (rule, case) for rule, cases in _table.RULES.items() for case in cases
)
FILES = (
    "icd10cm-2027.zip",
    "icd10cm-2025-april.zip",
    "icd10cm-2026.zip",
    "poa-exempt-2026.zip",
    "icd10cm-conversion-table-2026.xlsx",
)


@dataclass
class Held:
    url: str
    releases: Path


@pytest.fixture(scope="module")
def official() -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA", here)) / "icd10cm"
    if not all((folder / name).is_file() for name in FILES):
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail("the official files of ICD-10-CM are not there")
        pytest.skip("the official files of ICD-10-CM are not on this machine")
    return folder


@pytest.fixture(scope="module")
def held(official: Path, tmp_path_factory: pytest.TempPathFactory) -> Held:
    folder = tmp_path_factory.mktemp("official")
    found = Held(f"sqlite+aiosqlite:///{folder}/lookup.db", folder / "releases")
    migrations.upgrade(found.url, MIGRATIONS)
    with OfficialLoader(found.url, found.releases) as loader:
        loader.load_each([official / name for name in FILES])
    return found


def billable_in(path: Path, member: str) -> dict[str, str]:
    """Code and title of a list of codes, read by splitting at blanks: nothing shared with the loader."""
    with zipfile.ZipFile(path) as archive:
        lines = archive.read(member).decode("ascii").split("\r\n")
    return dict(line.split(None, 1) for line in lines if line)


async def every_node(catalog: Catalog, as_of: date) -> list[Node]:
    edition = await catalog.edition_for("icd10cm", as_of)
    assert edition.release is not None
    assert edition.status == "held"
    nodes: list[Node] = []
    while part := await catalog.stretch(edition.release.id, len(nodes), 20_000):
        nodes += part
    return nodes


@pytest.mark.parametrize(
    ("as_of", "zip_name", "member", "count"),
    [
        (date(2025, 9, 30), "icd10cm-2025-april.zip", "icd10cm-codes-April-2025.txt", 74_260),
        (date(2025, 10, 1), "icd10cm-2026.zip", "icd10cm-codes-2026.txt", 74_719),
        (date(2026, 9, 30), "icd10cm-2026.zip", "icd10cm-codes-2026.txt", 74_719),
        (date(2026, 10, 1), "icd10cm-2027.zip", "icd10cm_codes_2027.txt", 74_879),
    ],
)
async def test_every_code_of_the_official_list_is_billable_on_its_days_and_nothing_else(
    held: Held, official: Path, as_of: date, zip_name: str, member: str, count: int
) -> None:
    database = Database(held.url)
    catalog = Catalog(database, held.releases)
    nodes = await every_node(catalog, as_of)
    listed = billable_in(official / zip_name, member)
    assert len(listed) == count
    assert {node.code: node.title for node in nodes if node.billable} == listed
    assert [node.ordinal for node in nodes] == list(range(len(nodes)))
    below = {node.code: node.codes_below for node in nodes if node.depth == 0}
    assert sum(below.values()) == count
    await catalog.close()
    await database.close()


async def test_codes_of_other_years_are_described_on_their_side_in_their_encounter_and_trimester(
    held: Held,
) -> None:
    """All codes whose wording FY2026 doesn't have; of an encounter nothing is said where no tabular list is held."""
    database = Database(held.url)
    catalog = Catalog(database, held.releases)
    known = {(node.code, node.title) for node in await every_node(catalog, date(2026, 2, 2))}
    seen = 0
    for day in (date(2025, 9, 30), date(2026, 10, 1)):
        for node in await every_node(catalog, day):
            if (node.code, node.title) in known or node.kind in ("chapter", "section"):
                continue
            seen += 1
            text = " ".join(describe(await catalog.facts(node.release_id, node.code)).paragraphs)
            assert sides(text) == sides(node.title), node.code
            own = encounter(node.code, node.title)
            for name, words in ENCOUNTER_WORDS.items():
                assert any(word in text for word in words) <= (name == own), node.code
            for which in ("first", "second", "third"):
                said = f"{which} trimester"
                assert (said in text.lower()) <= (said in node.title.lower()), node.code
    assert seen > 250
    await catalog.close()
    await database.close()


async def test_before_the_first_edition_nothing_is_said(held: Held) -> None:
    database = Database(held.url)
    catalog = Catalog(database, held.releases)
    for day in (date(2025, 3, 31), date(2020, 1, 1)):
        edition = await catalog.edition_for("icd10cm", day)
        assert (edition.status, edition.release) == ("before_first", None)
        assert "No edition held" in edition.message
    await catalog.close()
    await database.close()


async def test_headings_published_nowhere_are_derived_and_labelled(held: Held) -> None:
    database = Database(held.url)
    catalog = Catalog(database, held.releases)
    nodes = {node.code: node for node in await every_node(catalog, date(2026, 10, 1))}
    derived = {code for code, node in nodes.items() if node.title_origin == "derived"}
    assert len(derived) == 48
    assert {"K6A", "M67A", "QA1"} <= derived
    assert nodes["M67A"].title == "Plantar fasciitis"
    assert nodes["O005"].title == "Cornual ectopic pregnancy"
    assert nodes["QA1"].title.startswith("Lynch syndrome; Familial cancer syndrome with pathogenic BRCA1")
    assert (nodes["T52811A"].kind, nodes["K6A01"].kind) == ("extension", "code")
    release_id = nodes["I420"].release_id
    carried = await catalog.facts(release_id, "I420")
    assert (carried.node.billable, carried.node.title) == (False, "Dilated cardiomyopathy")
    assert (carried.receipt.file_name, carried.receipt.release) == (
        "icd10cm-2026.zip/icd10cm-order-2026.txt",
        "FY2026",
    )
    assert carried.receipt.window_to == date(2026, 9, 30)
    assert carried.notes_from is not None
    assert carried.notes_from.edition == "April 2026"
    await catalog.close()
    await database.close()


async def test_the_order_file_is_chosen_before_the_package_and_notes_come_from_the_tabular_list(
    held: Held,
) -> None:
    database = Database(held.url)
    catalog = Catalog(database, held.releases)
    assert [release.kind for release in await catalog.answering("icd10cm")] == [
        "icd10cm-order",
        "icd10cm-order",
        "icd10cm-codes",
    ]
    found = await catalog.find("icd10cm", "W08.XXXS", date(2026, 1, 1))
    assert found.node is not None
    assert (found.node.title, found.node.title_origin) == ("Fall from other furniture, sequela", "official")
    found = await catalog.find("icd10cm", "E11.9", date(2025, 4, 1))
    assert found.node is not None
    early = await catalog.facts(found.node.release_id, "E119")
    assert (early.notes_from, early.inherited) == (None, ())
    await catalog.close()
    await database.close()


def test_loading_twice_changes_nothing(held: Held, official: Path) -> None:
    with OfficialLoader(held.url, held.releases) as loader:
        again = loader.load_each([official / name for name in FILES])
    assert [one.new for one in again] == [False] * 5
    assert {(one.edition, one.codes) for one in again} == {
        ("April 2025", 97_584),
        ("FY2026", 98_186),
        ("FY2027", 98_403),
        ("FY2026", 38_349),
        ("FY2026", 5_892),
    }


@pytest.fixture(scope="module")
def editor() -> Generator[NativeGrouper]:
    native = NativeGrouper()
    yield native
    native.close()


def claim_of(case: Any) -> Claim:
    day = date.fromisoformat(case.day)
    diagnoses = tuple(Diagnosis(*one.split()) for one in case.coded.split(","))
    if case.inpatient:
        return Claim("inpatient", diagnoses, age=case.age, sex=case.sex, discharged=day)
    code, *modifiers = case.service.split("-")
    line = ClaimLine(code, day, tuple(modifiers), 1, "11", pointers=(1,))
    return Claim("practitioner", diagnoses, (line,), age=case.age, sex=case.sex)


@pytest.mark.parametrize(("rule", "case"), WORKED, ids=[f"{rule}, {case.lines}" for rule, case in WORKED])
async def test_a_claim_worked_by_hand(held: Held, editor: NativeGrouper, rule: str, case: Any) -> None:
    database = Database(held.url)
    catalog = Catalog(database, held.releases)
    reader = SourceReader(catalog, CatalogRepository(database, held.releases), source_names())
    try:
        check = ClaimCheck(Knowledge(catalog, reader, Ncci(reader)), (CodeEditorRule(Mce(reader, editor)),))
        answer = await check.check(claim_of(case))
    finally:
        await reader.close()
        await catalog.close()
        await database.close()
    # Of the line's own code nothing is held: the cases are about diagnoses.
    found = [one for one in answer.results if one.rule == rule and (one.diagnoses or rule != "valid-code")]
    assert [one.status for one in found] == case.expected.split()
    assert set(case.cited) <= {receipt.row for one in found for receipt in one.receipts}
    assert all(one.why for one in found)
    assert all(one.fix for one in found if one.status == "fail")


def test_the_table_is_long_enough() -> None:
    assert len(WORKED) >= 120
