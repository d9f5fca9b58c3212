"""The tools as JSON and as pages: for accounts, with the rule, the reason, the fix and the receipt."""

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
WHY = "Misuse of Column Two code with Column One code"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.fixture
async def stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str]
) -> AsyncGenerator[Client]:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
    settings = load(Settings)
    db.upgrade(settings)
    ptp, mue = tmp_path / "ptp_practitioner_2024-07-01.tsv", tmp_path / "mue_practitioner_2024-07-01.csv"
    header = "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n"
    ptp.write_text(header + f"11042\t97597\t*\t1\t{WHY}\n11042\t97598\t*\t0\t{WHY}\n")
    mue.write_text(
        "hcpcs_code,mue_units,mue_mai,mue_rationale,mue_service\n"
        "11042,1,2,Policy,Practitioner\n11045,12,1,Policy,Practitioner\n"
    )
    CatalogLoader(settings.database, settings.releases_dir).load([ptp, mue])
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers["User-Agent"] = BROWSER
        yield client


@pytest.fixture
def client(stranger: Client, accounts: tuple[str, str]) -> Client:
    stranger.headers["Authorization"] = f"Bearer {accounts[1]}"
    return stranger


@pytest.mark.parametrize("name", ["ncci-pair", "mue"])
async def test_strangers_are_sent_to_log_in(stranger: Client, name: str) -> None:
    asked = await stranger.post(
        f"/api/lookup/v1/tools/{name}",
        json={"lines": [{"code": "11042"}]},
        headers={"Origin": "http://127.0.0.1:8080"},
    )
    assert asked.status_code in (401, 403)
    page = await stranger.get(f"/tools/{name}", headers={"Accept": "text/html"}, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)
    assert '<form class="stack"' not in page.text


@pytest.mark.parametrize(
    ("second", "modifiers", "day", "status"),
    [
        ("97597", [], "2024-08-01", "fail"),
        ("97597", ["59"], "2024-08-01", "bypassed"),
        ("97598", ["59"], "2024-08-01", "fail"),
        ("97597", ["GA"], "2024-08-01", "fail"),
        ("99213", [], "2024-08-01", "pass"),
        ("97597", [], "2026-11-23", "not_checked"),
        ("97597", ["59"], "2024-01-01", "not_checked"),
    ],
)
async def test_a_pair_is_judged_on_its_date(
    client: Client, second: str, modifiers: list[str], day: str, status: str
) -> None:
    lines = [{"code": second, "modifiers": modifiers}, {"code": "11042"}]
    asked = await client.post("/api/lookup/v1/tools/ncci-pair", json={"lines": lines, "as_of": day})
    assert asked.status_code == 200, asked.text
    answer = asked.json()
    assert answer["as_of"] == day
    (result,) = answer["results"]
    assert set(result) == {"rule", "status", "lines", "why", "fix", "receipts", "diagnoses"}
    assert (result["rule"], result["status"], result["lines"]) == ("ncci-ptp", status, [1, 2])
    assert result["why"]
    if status in ("fail", "bypassed"):
        assert result["fix"]
        assert result["receipts"][0]["row"] in (2, 3)


async def test_units_are_added_up_by_date_or_held_line_by_line(client: Client) -> None:
    lines = [
        {"code": "11042"},
        {"code": "11042"},
        {"code": "11045", "units": 12},
        {"code": "11045", "units": 13},
    ]
    lines.append({"code": "99213"})
    asked = await client.post("/api/lookup/v1/tools/mue", json={"lines": lines, "as_of": "2024-08-01"})
    assert asked.status_code == 200, asked.text
    assert [r["status"] for r in asked.json()["results"]] == ["fail", "fail", "pass", "fail", "not_checked"]
    assert "not “unlimited”" in asked.json()["results"][4]["why"]


async def test_what_is_no_code_is_a_problem_with_a_hint(client: Client) -> None:
    lines = [{"code": "hello"}, {"code": "11042"}]
    asked = await client.post("/api/lookup/v1/tools/ncci-pair", json={"lines": lines})
    assert asked.status_code == 400
    assert asked.json()["hint"]


async def test_the_pages_work_without_scripts(client: Client) -> None:
    html = {"Accept": "text/html"}
    assert "Second code" in (await client.get("/tools/ncci-pair", headers=html)).text
    address = "/tools/ncci-pair?one=97597&two=11042&setting=practitioner&as_of=2024-08-01"
    page = await client.get(address, headers=html)
    assert page.status_code == 200
    assert "Fail" in page.text
    assert "ptp_practitioner_2024-07-01.tsv" in page.text
    assert "is not a HCPCS" in (await client.get("/tools/ncci-pair?one=%3Cb%3E&two=11042", headers=html)).text
    mue = await client.get("/tools/mue?code=11042&units=2&as_of=2024-08-01", headers=html)
    assert "Fail" in mue.text
