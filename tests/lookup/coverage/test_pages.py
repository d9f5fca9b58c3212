"""Surgical center fees, laboratory rates and coverage as a visitor gets them: pages, JSON, and the grant in front."""

import os
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.settings import Settings
from ahead.shared.settings import load

Client = AsyncTestClient[Litestar]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"

# Made up: no such rates and lists are published.
QUARTER = {
    "AA": "Addendum AA -- Made up for CY 2026,,,,,,\nHCPCS Code,,Short Descriptor,Subject to Multiple Procedure "
    "Discounting,April 2026 Payment Indicator,April 2026 Payment Weight,April 2026 Payment Rate\n"
    '10021,,,Y,A2,10.5,"$1,000.00"\n10022,,,Y,G2,5.25,$500.01\n',
    "BB": "Addendum BB -- Made up for CY 2026,,,,,,,\nHCPCS Code,,Short Descriptor,Drug and Device Pass-Through "
    "Expiration during Calendar Year,April 2026 Payment Indicator,April 2026 Payment Weight,April 2026 Payment Rate,"
    "April 2026 IRA-22 Adjusted Copayment1\nJ9999,,,,K2,,$12.34,\n",
    "EE": "Addendum EE -- Made up for CY 2026,\nHCPCS Code,Short Descriptor\n20999,\n",
    "FF": "Addendum FF -- Made up for CY 2026,,,,,,,,\nHCPCS Code,,Short Descriptor,April 2026 Payment Indicator,"
    "April 2026 APC,April 2026 APC Device Offset Percentage,April 2026 OPPS Payment Rate,April 2026 Device Offset "
    'Percentage,April 2026 Device Offset Amount / Device Portion\n10021,,,A2,5111,1.00%,"$2,000.00",0.50%,$5.00\n',
}
WAGES = 'CBSA,CBSA Name,WI26\n10999,"Twice, A",1.1\n10999,"Twice, B",1.3\n'
MERGED = '{"10021":{"covered":["M17.11","E11.9"],"lcdIds":["L90001","L90002"],"notCovered":["I10"]}}'
DAY = "2026-04-15"


@pytest.fixture
async def stranger(
    loaded_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str]
) -> AsyncGenerator[Client]:
    """The application over ICD-10-CM and the made-up files, in folders of its own."""
    data = tmp_path / "data"
    shutil.copytree(loaded_data, data, copy_function=os.link)
    for file in (data / "lookup").glob("lookup.db*"):
        file.unlink()
        shutil.copy(loaded_data / "lookup" / file.name, file)
    for name, value in {
        "AHEAD_DATA": str(data),
        "AHEAD_GUEST_KEY": "a key for tests, at least 32 characters long",
        "AHEAD_URL_ACCOUNTS": accounts[0],
        "AHEAD_NATS_URL": "nats://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    files = {f"{name}.csv": text for name, text in QUARTER.items()}
    files |= {"wage_index_2026.csv": WAGES, "lcd-code-coverage-2026.json": MERGED}
    files |= {"clfs-2026q2.csv": "hcpcs,rate_usd\n80001,12.34\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    CatalogLoader(settings.database, settings.releases_dir).load([tmp_path / name for name in files])
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers["User-Agent"] = BROWSER
        yield client


@pytest.fixture
def client(stranger: Client, accounts: tuple[str, str]) -> Client:
    stranger.headers["Authorization"] = f"Bearer {accounts[1]}"
    return stranger


async def test_a_session_is_priced_as_json(client: Client) -> None:
    asked = {"lines": [{"code": "10021"}, {"code": "10022", "units": 2}], "as_of": DAY}
    answer = await client.post("/api/lookup/v1/tools/asc-fee", json=asked)
    assert answer.status_code == 200, answer.text
    # 1,000.00 in full, 500.01 twice at half: 250.005 = 250.01.
    assert (answer.json()["total"], [line["amount"] for line in answer.json()["lines"]]) == (
        "1500.02",
        ["1000.00", "500.02"],
    )
    several = await client.post("/api/lookup/v1/tools/asc-fee", json={**asked, "area": "10999"})
    assert several.json()["status"] == "not_checked"
    assert [area["row"] for area in several.json()["lines"][0]["fee"]["areas"]] == [2, 3]
    # 1,000 × (0.5 × 1.3 + 0.5) = 1,150; 500.01 × 1.15 × 0.5 = 287.50575, twice.
    chosen = await client.post("/api/lookup/v1/tools/asc-fee", json={**asked, "area": "10999", "row": 3})
    assert chosen.json()["total"] == "1725.02"
    areas = await client.get(f"/api/lookup/v1/tools/asc-fee/areas?as_of={DAY}")
    assert [one["name"] for one in areas.json()["areas"]] == ["Twice, A", "Twice, B"]


@pytest.mark.parametrize(
    "line", [{"code": "1"}, {"code": "10021", "units": 0}, {"code": "10021", "modifiers": ["x"]}]
)
async def test_what_can_not_be_a_line_is_refused(client: Client, line: dict[str, object]) -> None:
    answer = await client.post("/api/lookup/v1/tools/asc-fee", json={"lines": [line]})
    assert answer.status_code == 400


async def test_the_page_prices_without_a_script(client: Client) -> None:
    html = {"Accept": "text/html"}
    page = await client.get(f"/tools/asc-fee?lines=10021%0A10022+x2&place=3&as_of={DAY}", headers=html)
    assert page.status_code == 200
    assert "$1725.02" in page.text
    assert "AA.csv" in page.text
    assert "$2000.00" in page.text
    assert "neither a number" in (await client.get("/tools/asc-fee?lines=10021+<b>", headers=html)).text


async def test_strangers_are_sent_to_log_in(stranger: Client) -> None:
    asked = await stranger.post(
        "/api/lookup/v1/tools/asc-fee", json={"lines": []}, headers={"Origin": "http://127.0.0.1:8080"}
    )
    assert asked.status_code in (401, 403)
    for path in ("/tools/asc-fee", f"/codes/icd10cm/M17.11/medicare-coverage?as_of={DAY}"):
        page = await stranger.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
        assert page.status_code in (301, 302, 303, 307, 401), path
        assert "10021" not in page.text


async def test_a_diagnosis_shows_the_procedures_that_list_it(client: Client) -> None:
    html = {"Accept": "text/html"}
    page = await client.get(f"/codes/icd10cm/M17.11?as_of={DAY}", headers=html)
    assert page.status_code == 200, page.text[:300]
    assert "/codes/cpt/10021" in page.text
    assert "doesn&#39;t say which" in page.text or "doesn't say which" in page.text
    section = await client.get(f"/api/lookup/v1/codes/icd10cm/M17.11/medicare-coverage?as_of={DAY}")
    (panel,) = section.json()["panels"]
    assert panel["table"]["total"] == 1
    assert panel["table"]["rows"][0]["receipt"]["file_name"] == "lcd-code-coverage-2026.json"
    rest = await client.get(f"/codes/icd10cm/M17.11/medicare-coverage?as_of={DAY}", headers=html)
    assert rest.status_code == 200
    assert "10021" in rest.text
    none = await client.get(
        f"/codes/icd10cm/M17.11/medicare-coverage?as_of={DAY}&listed=not_covered", headers=html
    )
    assert "nor that it isn" in none.text
    late = await client.get("/codes/icd10cm/M17.11?as_of=2026-11-01", headers=html)
    assert "a later edition is not loaded" in late.text


async def test_a_list_that_does_not_exist_is_a_problem_with_a_hint(client: Client) -> None:
    answer = await client.get("/codes/icd10cm/M17.11/medicare-coverage?source=other")
    assert answer.status_code == 400
