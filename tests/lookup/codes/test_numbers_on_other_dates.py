"""A CPT number on a date for which no list of numbers is held: nothing is said of its validity, and everything that
other sources hold for that date is shown. All files here are made up."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.settings import Settings
from ahead.shared.settings import load

Client = AsyncTestClient[Litestar]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
COLUMNS = (
    "HCPCS,MOD,DESCRIPTION,STATUS CODE,NOT USED FOR MEDICARE PAYMENT,WORK RVU,NON-FAC PE RVU,NON-FAC NA IND,"
    "FAC PE RVU,FAC NA IND,MP RVU,NON-FAC TOTAL,FAC TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,"
    "PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT"
)
VALUES = "A,,1.00,2.00,,1.00,,0.10,3.10,2.10,0,XXX,0.00,0.00,0.00,0,0,0,0,0,,30.0000,09,0,99,0.00,0.00,0.00"
EDITS = (
    "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n64001\t64002\t*\t1\tmade up: another\n"
)
EARLY, FIRST, LATER = "2024-08-15", "2025-10-01", "2025-11-03"


@pytest.fixture
async def client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str]
) -> AsyncGenerator[Client]:
    """Numbers since October 2025, and edits of the third quarter of 2024."""
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
    settings = load(Settings)
    db.upgrade(settings)
    rvu, ptp = tmp_path / "PPRRVU2025_Oct.csv", tmp_path / "ptp_practitioner_2024-07-01.tsv"
    rvu.write_text(COLUMNS + "".join(f"\n{code},,x,{VALUES}" for code in ("64001", "64002")) + "\n")
    ptp.write_text(EDITS)
    loader = CatalogLoader(settings.database, settings.releases_dir)
    loader.load([rvu])
    loader.load([ptp])
    rates = tmp_path / "clfs-2025q4.csv"
    rates.write_text("hcpcs,rate_usd\n0001U,720.00\n")
    loader.load([rates])
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers.update({"User-Agent": BROWSER, "Authorization": f"Bearer {accounts[1]}"})
        yield client


async def test_edits_of_that_date_are_shown_and_validity_is_not_checked(client: Client) -> None:
    answer = await client.get(f"/api/lookup/v1/codes/cpt/64001?as_of={EARLY}")
    assert answer.status_code == 200
    page = answer.json()
    assert page["edition"]["status"] == "before_first"
    assert page["edition"]["message"].startswith("No edition held for this date")
    sections = {one["key"]: one for one in page["sections"]}
    (validity, *_) = sections["compliance"]["facts"]
    assert validity["value"] == page["edition"]["message"]
    panel = next(
        one for one in sections["ncci-edits"]["panels"] if one["title"] == "Practitioner: 64001 as Column 1"
    )
    assert (panel["table"]["total"], panel["edition"]) == (1, "")
    assert panel["table"]["rows"][0]["receipt"]["file_name"] == "ptp_practitioner_2024-07-01.tsv"
    assert sections["fees"]["state"] == "not_held"


async def test_the_page_says_so_and_its_links_keep_the_date(client: Client) -> None:
    page = (await client.get(f"/codes/cpt/64001?as_of={EARLY}")).text
    assert "Not checked" in page
    assert "No edition held for this date" in page
    assert "Billable" not in page
    assert f'<a href="/codes/cpt/64002?as_of={EARLY}">' in page
    assert f'<a href="/browse/cpt/61000-64999?as_of={EARLY}">' in page
    today = (await client.get("/codes/cpt/64001")).text
    assert '<a href="/codes/cpt/64002">' in today


async def test_in_its_own_window_nothing_is_marked(client: Client) -> None:
    page = (await client.get(f"/api/lookup/v1/codes/cpt/64001?as_of={FIRST}")).json()
    assert page["edition"]["status"] == "held"


@pytest.mark.parametrize("address", ["64999", "J1100"])
async def test_a_number_that_no_edition_has_is_not_found(client: Client, address: str) -> None:
    answer = await client.get(f"/api/lookup/v1/codes/cpt/{address}?as_of={EARLY}")
    assert answer.status_code in (400, 404)


async def test_a_number_is_no_verdict_at_the_other_doors(client: Client) -> None:
    claim = {"setting": "practitioner", "lines": [{"code": "64001", "date_of_service": EARLY}]}
    results = (await client.post("/api/lookup/v1/tools/claim-check", json=claim)).json()["results"]
    assert [one["status"] for one in results if one["rule"] == "valid-code"] == ["not_checked"]
    fhir = await client.get(
        f"/fhir/CodeSystem/$validate-code?url=http://www.ama-assn.org/go/cpt&code=64001&date={EARLY}"
    )
    assert "No edition held" in fhir.text


async def test_a_test_of_one_maker_is_shown_from_what_names_it_and_not_judged(client: Client) -> None:
    """The fee schedule has no numbers of laboratory tests of one maker; the laboratory rates have."""
    page = (await client.get(f"/api/lookup/v1/codes/cpt/0001U?as_of={LATER}")).json()
    assert page["edition"]["status"] == "not_listed"
    assert "not among the numbers of CPT that are held (CY2025 October)" in page["edition"]["message"]
    sections = {one["key"]: one for one in page["sections"]}
    assert "720.00" in str(sections["fees"]["panels"])
    html = (await client.get(f"/codes/cpt/0001U?as_of={LATER}")).text
    assert "Not checked" in html
    assert "clfs-2025q4.csv" in html
    assert (await client.get(f"/api/lookup/v1/codes/cpt/0002U?as_of={LATER}")).status_code == 404
    listed = await client.post("/api/lookup/v1/tools/code-lists", json={"codes": ["0002U"], "as_of": LATER})
    (one,) = listed.json()["results"]
    assert (one["status"], "not all" in one["why"]) == ("not_checked", True)
    fhir = await client.get(
        f"/fhir/CodeSystem/$validate-code?url=http://www.ama-assn.org/go/cpt&code=0002U&date={LATER}"
    )
    assert fhir.json()["resourceType"] == "OperationOutcome"
