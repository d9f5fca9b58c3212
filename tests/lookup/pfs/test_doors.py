"""The calculator and the units of therapy as JSON and as pages, for accounts; the sections of a procedure's page."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

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
HTML = {"Accept": "text/html"}
DAY = "2025-11-15"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, pfs_folder: Path) -> Path:
    """A data folder with the official fee schedule and the official HCPCS of July 2024."""
    folder = tmp_path_factory.mktemp("pfs-doors")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_DATA", str(folder))
        settings = load(Settings)
        db.upgrade(settings)
        hcpcs = pfs_folder.parent / "hcpcs" / "hcpcs_level2_2024q3_from_ANWEB.csv"
        files = [*sorted(pfs_folder.iterdir()), *([hcpcs] if hcpcs.is_file() else [])]
        CatalogLoader(settings.database, settings.releases_dir).load(files)
    return folder


@pytest.fixture
async def stranger(
    data: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str]
) -> AsyncGenerator[Client]:
    monkeypatch.setenv("AHEAD_DATA", str(data))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
    async with AsyncTestClient(create_app(load(Settings)), base_url="http://127.0.0.1:8080") as client:
        client.headers["User-Agent"] = BROWSER
        yield client


@pytest.fixture
def client(stranger: Client, accounts: tuple[str, str]) -> Client:
    stranger.headers["Authorization"] = f"Bearer {accounts[1]}"
    return stranger


async def fees(client: Client, lines: list[dict[str, Any]], day: str = DAY, **where: Any) -> Any:
    body = {"lines": lines, "as_of": day} | (where or {"zip": "10001"})
    asked = await client.post("/api/lookup/v1/tools/fees", json=body)
    assert asked.status_code == 200, asked.text
    return asked.json()


@pytest.mark.parametrize("name", ["fees", "therapy-units"])
async def test_strangers_are_sent_to_log_in(stranger: Client, name: str) -> None:
    asked = await stranger.post(
        f"/api/lookup/v1/tools/{name}", json={"lines": []}, headers={"Origin": "http://127.0.0.1:8080"}
    )
    assert asked.status_code in (401, 403)
    page = await stranger.get(f"/tools/{name}", headers=HTML, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)
    assert '<form class="stack"' not in page.text


async def test_lines_are_priced_with_every_step_and_receipt(client: Client) -> None:
    lines = [{"code": "27447", "modifiers": ["50"], "place_of_service": "21"}, {"code": "99213"}]
    answer = await fees(client, lines)
    assert (answer["as_of"], answer["place"]["name"], answer["complete"]) == (DAY, "MANHATTAN", True)
    knee, visit = answer["lines"]
    # 1465.45 * 1.5; both amounts are decimals, written as text.
    assert (knee["amount"], knee["setting"], visit["amount"]) == ("2198.18", "Facility", "101.06")
    assert answer["total"] == "2299.24"
    first = knee["steps"][0]
    assert (
        first["formula"]
        == "(19.60 work × 1.065 + 15.30 practice expense × 1.166 + 3.98 malpractice × 1.656) × 32.3465"
    )
    assert [(one["file_name"], one["row"]) for one in first["receipts"]] == [
        ("PPRRVU2025_Oct.csv", 2764),
        ("GPCI2025.csv", 78),
    ]
    assert first["receipts"][0]["sha256"]
    assert "section 40.7" in knee["steps"][1]["rule"]


async def test_what_has_no_price_never_says_zero(client: Client) -> None:
    answer = await fees(
        client, [{"code": "99070"}, {"code": "78429"}, {"code": "27447"}], locality="national"
    )
    assert [line["amount"] for line in answer["lines"]] == [None, None, None]
    assert [line["outcome"] for line in answer["lines"]] == ["bundled", "contractor", "not_in_setting"]
    assert all(line["why"] for line in answer["lines"])
    assert not answer["complete"]


async def test_today_no_edition_is_held_and_nothing_is_priced(client: Client) -> None:
    answer = await fees(client, [{"code": "99213"}], day="2026-11-23", locality="national")
    assert answer["lines"][0]["outcome"] == "not_checked"
    assert "no edition held for this date" in answer["lines"][0]["why"]


@pytest.mark.parametrize(
    "body",
    [
        {"lines": [], "zip": "10001"},
        {"lines": [{"code": "hello"}], "zip": "10001"},
        {"lines": [{"code": "99213", "units": 0}], "zip": "10001"},
        {"lines": [{"code": "99213", "modifiers": ["2"]}], "zip": "10001"},
        {"lines": [{"code": "99213", "place_of_service": "98"}], "zip": "10001"},
        {"lines": [{"code": "00790", "minutes": -1}], "zip": "10001"},
        {"lines": [{"code": "00790", "base_units": "1e9"}], "zip": "10001"},
        {"lines": [{"code": "99213"}]},
        {"lines": [{"code": "99213"}], "zip": "10001", "as_of": "soon"},
        {"lines": [{"code": "99213"}] * 51, "zip": "10001"},
    ],
)
async def test_what_can_not_be_asked_is_a_problem(client: Client, body: dict[str, Any]) -> None:
    asked = await client.post("/api/lookup/v1/tools/fees", json=body)
    assert asked.status_code == 400, asked.text
    assert asked.headers["content-type"].startswith("application/problem+json")


async def test_the_calculator_works_without_scripts(client: Client) -> None:
    assert "One line each" in (await client.get("/tools/fees", headers=HTML)).text
    asked = {"lines": "27447-50 @21\n99070", "zip": "10001", "as_of": DAY}
    page = (await client.get("/tools/fees", params=asked, headers=HTML)).text
    assert "$2,198.18" in page
    assert "Bundled" in page
    assert "PPRRVU2025_Oct.csv" in page
    assert "13202-01" in page
    wrong = await client.get("/tools/fees", params={"lines": "<b>hello</b>", "as_of": DAY}, headers=HTML)
    assert wrong.status_code == 200
    assert "<b>hello" not in wrong.text
    assert "is not a HCPCS or CPT code" in wrong.text


async def test_units_of_therapy_by_both_rules(client: Client) -> None:
    services = [{"code": "97110", "minutes": 33}, {"code": "97140", "minutes": 7}]
    asked = await client.post("/api/lookup/v1/tools/therapy-units", json={"services": services})
    assert asked.status_code == 200, asked.text
    answer = asked.json()
    assert [(one["medicare"], one["ama"]) for one in answer["services"]] == [(2, 2), (1, 0)]
    assert (answer["timed_minutes"], answer["medicare_total"], answer["ama_total"]) == (40, 3, 2)
    page = await client.get("/tools/therapy-units", params={"services": "97110 33\n97140 7"}, headers=HTML)
    assert "3 by the 8-minute rule, 2 by the midpoint rule" in page.text
    assert (await client.get("/tools/therapy-units?services=97110+soon", headers=HTML)).status_code == 200


async def section(client: Client, code: str, name: str, day: str) -> Any:
    asked = await client.get(f"/api/lookup/v1/codes/hcpcs/{code}/{name}?as_of={day}")
    if asked.status_code == 404:
        pytest.skip("the official HCPCS is not on this machine")
    assert asked.status_code == 200, asked.text
    return {panel["title"]: panel for panel in asked.json()["panels"]}


async def test_the_page_of_a_procedure_shows_its_values_and_prices(client: Client) -> None:
    panels = await section(client, "G0121", "fees", DAY)
    values = panels["Relative value units"]["table"]
    assert [row["cells"][0]["text"] for row in values["rows"]] == ["Whole service", "53: stopped"]
    assert [row["receipt"]["row"] for row in values["rows"]] == [14827, 14828]
    prices = {fact["label"]: fact["value"] for fact in panels["National payment amount"]["facts"]}
    # (3.26 + 6.44 + 0.44) * 32.3465 and (3.26 + 1.79 + 0.44) * 32.3465
    assert prices == {"Non-facility": "$327.99", "Facility": "$177.58"}
    everywhere = panels["By locality"]["table"]
    assert (everywhere["total"], len(everywhere["rows"])) == (109, 109)
    assert panels["By locality"]["note"].startswith("Non-facility: from $")


async def test_after_the_window_values_are_marked_and_prices_are_not_given(client: Client) -> None:
    panels = await section(client, "G0121", "fees", "2026-11-23")
    assert "published to 2025-12-31" in panels["Relative value units"]["edition"]
    assert not panels["National payment amount"]["facts"]
    assert "no edition held for this date" in panels["National payment amount"]["note"]
    assert "By locality" not in panels


async def test_compliance_explains_the_indicators(client: Client) -> None:
    panels = await section(client, "G0121", "compliance", DAY)
    facts = {fact["label"]: fact for fact in panels["Medicare payment indicators"]["facts"]}
    assert facts["Status indicator"]["value"].startswith("A: Active")
    assert facts["Status indicator"]["receipt"]["row"] == 14827
    assert facts["Global days"]["value"].startswith("000: 0 days")
    assert facts["Assistant at surgery"]["value"] == "1: An assistant may not be paid, by law."
