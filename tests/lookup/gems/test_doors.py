"""The crosswalk as JSON, page and file, under the grant of each code's page."""

import csv
import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.settings import Settings
from ahead.shared.settings import load

HTML = {"Accept": "text/html"}
ADDRESS = "/api/lookup/v1/tools/crosswalk"
WHEN = "2018-03-01"


@pytest.fixture
async def stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str], made_up: list[Path]
) -> AsyncGenerator[AsyncTestClient[Any]]:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
    monkeypatch.setenv("AHEAD_LOOKUP_VIEWS_FREE", "2")
    settings = load(Settings)
    db.upgrade(settings)
    CatalogLoader(settings.database, settings.releases_dir).load(made_up)
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36"
        yield client


@pytest.fixture
def client(stranger: AsyncTestClient[Any], accounts: tuple[str, str]) -> AsyncTestClient[Any]:
    stranger.headers["Authorization"] = f"Bearer {accounts[1]}"
    return stranger


async def asked(client: AsyncTestClient[Any], *codes: str, system: str = "icd9cm") -> list[dict[str, Any]]:
    answer = await client.post(ADDRESS, json={"codes": codes, "system": system, "as_of": WHEN})
    assert answer.status_code == 200, answer.text
    assert answer.json()["as_of"] == WHEN
    return answer.json()["results"]


async def test_strangers_are_sent_to_log_in(stranger: AsyncTestClient[Any]) -> None:
    answer = await stranger.post(
        ADDRESS, json={"codes": ["001.0"]}, headers={"Origin": "http://127.0.0.1:8080"}
    )
    assert answer.status_code in (401, 403)
    for address in ("/tools/crosswalk?codes=001.0", "/tools/crosswalk.csv?codes=001.0"):
        page = await stranger.get(address, headers=HTML, follow_redirects=False)
        assert page.status_code in (302, 303, 307, 401)
        assert "A00.0" not in page.text


async def test_each_code_takes_its_view_once_and_no_more_than_are_left(client: AsyncTestClient[Any]) -> None:
    results = await asked(client, "001.0", "hello", "999.9", "250.0", "250.1")
    assert [one["status"] for one in results] == ["mapped", "not_listed", "not_listed", "mapped", "not_shown"]
    assert results[4]["alternatives"] == []
    assert "used up" in results[4]["words"][0]
    again = await asked(client, "250.1", "250.0", "001.0")
    assert [one["status"] for one in again] == ["not_shown", "mapped", "mapped"]
    assert results[0]["alternatives"][0]["lists"][0][0]["receipt"]["row"] == 1


async def test_either_direction_is_asked(client: AsyncTestClient[Any]) -> None:
    (one,) = await asked(client, "e11.9", system="icd10cm")
    assert (one["status"], one["to"], one["alternatives"][0]["words"]) == ("mapped", "icd9cm", "250.0")
    bad = await client.post(ADDRESS, json={"codes": ["E11.9"], "system": "cpt"})
    assert bad.status_code == 400
    assert (await client.post(ADDRESS, json={"codes": []})).status_code == 400


async def test_the_page_works_without_scripts_and_gives_a_file(client: AsyncTestClient[Any]) -> None:
    assert "They are of" in (await client.get("/tools/crosswalk", headers=HTML)).text
    page = await client.get(f"/tools/crosswalk?codes=250.1+%3Cb%3E&as_of={WHEN}", headers=HTML)
    assert page.status_code == 200
    assert "Scenario 1, list 1: one of these" in page.text
    assert "<b>" not in page.text
    file = await client.get(f"/tools/crosswalk.csv?codes=250.1&as_of={WHEN}", headers=HTML)
    assert file.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [(r["target"], r["scenario"], r["choice list"]) for r in rows][:3] == [
        ("E11.9", "1", "1"),
        ("E13.9", "1", "1"),
        ("Z79.4", "1", "2"),
    ]


async def test_looking_ahead_takes_nothing(client: AsyncTestClient[Any]) -> None:
    ahead = {**HTML, "Sec-Purpose": "prefetch"}
    page = await client.get(f"/tools/crosswalk?codes=250.1&as_of={WHEN}", headers=ahead)
    assert "Z79.4" not in page.text
    results = await asked(client, "001.0", "250.0")
    assert [one["status"] for one in results] == ["mapped", "mapped"]
