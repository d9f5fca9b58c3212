"""The builder and the page of a procedure, as JSON and as pages."""

import json
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
WHEN = "2031-02-01"


@pytest.fixture
async def stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: tuple[str, str], made_files: list[Path]
) -> AsyncGenerator[AsyncTestClient[Any]]:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AHEAD_GUEST_KEY", "a key for tests, at least 32 characters long")
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", accounts[0])
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")
    settings = load(Settings)
    db.upgrade(settings)
    CatalogLoader(settings.database, settings.releases_dir).load(made_files)
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36"
        yield client


@pytest.fixture
def client(stranger: AsyncTestClient[Any], accounts: tuple[str, str]) -> AsyncTestClient[Any]:
    stranger.headers["Authorization"] = f"Bearer {accounts[1]}"
    return stranger


async def test_strangers_are_sent_to_log_in(stranger: AsyncTestClient[Any]) -> None:
    asked = await stranger.post(
        "/api/lookup/v1/tools/pcs-builder", json={}, headers={"Origin": "http://127.0.0.1:8080"}
    )
    assert asked.status_code in (401, 403)
    page = await stranger.get("/tools/pcs-builder", headers=HTML, follow_redirects=False)
    assert page.status_code in (302, 303, 307, 401)


async def test_a_code_is_built_over_json(client: AsyncTestClient[Any]) -> None:
    begins = ""
    for _ in range(7):
        asked = await client.post("/api/lookup/v1/tools/pcs-builder", json={"begins": begins, "as_of": WHEN})
        assert asked.status_code == 200, asked.text
        begins = asked.json()["next"]["choices"][0]["begins"]
    done = (
        await client.post("/api/lookup/v1/tools/pcs-builder", json={"begins": begins, "as_of": WHEN})
    ).json()
    assert (done["code"], done["title"], done["next"]) == ("0WQ00ZZ", "Repair Head, Open Approach", None)
    bad = await client.post("/api/lookup/v1/tools/pcs-builder", json={"begins": "0WX", "as_of": WHEN})
    assert bad.status_code == 400
    assert bad.json()["hint"]


async def test_the_builder_works_without_scripts(client: AsyncTestClient[Any]) -> None:
    page = await client.get(f"/tools/pcs-builder?begins=0WQ1&as_of={WHEN}", headers=HTML)
    assert page.status_code == 200
    assert f"/tools/pcs-builder?begins=0WQ10&amp;as_of={WHEN}" in page.text
    assert "Left Ear Lobe*" in page.text
    term = await client.get(f"/tools/pcs-builder?term=mend&as_of={WHEN}", headers=HTML)
    assert "Mending, Head" in term.text
    wrong = await client.get("/tools/pcs-builder?begins=%3Cb%3E", headers=HTML)
    assert wrong.status_code == 200
    assert "<b>" not in wrong.text
    assert "ICD-10-PCS code builder" in (await client.get("/tools", headers=HTML)).text


async def test_a_procedure_has_a_page_with_its_sections(client: AsyncTestClient[Any]) -> None:
    page = await client.get(f"/codes/icd10pcs/0WQ00ZZ?as_of={WHEN}", headers=HTML)
    assert page.status_code == 200, page.text
    for text in ("Row of table 0WQ", "Making it whole", "Mending, Head", "7 of 7 characters", "keyhole"):
        assert (text in page.text) == (text != "keyhole")
    seen = json.dumps((await client.get(f"/api/lookup/v1/codes/icd10pcs/0WQ04ZZ?as_of={WHEN}")).json())
    assert "keyhole surgery" in seen
