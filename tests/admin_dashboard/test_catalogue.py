"""The catalogue's page, drawn for real against Case2Code over HTTP."""

import asyncio
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ahead.lookup.db import upgrade
from ahead.lookup.loads import repository
from ahead.lookup.loads.tasks import Loading
from ahead.lookup.settings import Settings
from ahead.shared.db.engine import Database
from ahead.shared.settings import load
from ahead.shared.testing.waiting import wait_until
from ahead.shared.testing.web_server import WebServer

from .test_pages import no_trouble, words

Opened = Callable[..., AppTest]
# Made up: no such rates are published.
RATES = "hcpcs,rate_usd\n80001,12.34\n0001U,720.00\n"


@pytest.fixture
def lookup(platform: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Settings]:
    """Case2Code with an empty catalogue beside the platform, known to the dashboard."""
    env = platform.env | {"AHEAD_LOOKUP_IMPORT_DIR": str(tmp_path / "import")}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    upgrade(settings)
    server = WebServer(tmp_path / "lookup", "ahead.lookup.asgi:app", env, ready_path="/healthz")
    monkeypatch.setenv("AHEAD_URL_LOOKUP", server.url)
    with server:
        yield settings


async def work(settings: Settings, load_id: str) -> None:
    """The job, as the worker does it."""
    database = Database(settings.database)
    try:
        await Loading(database, settings).run(load_id)
    finally:
        await database.close()


def test_an_operator_loads_a_file_and_sees_what_is_held(
    opened: Opened, platform: Any, lookup: Settings
) -> None:
    lookup.import_folder.mkdir()
    (lookup.import_folder / "clfs-2001q2.csv").write_text(RATES)
    at = opened(platform.operator, "catalogue")
    no_trouble(at)
    assert at.title[0].value == "Catalogue"
    text = words(at)
    assert "None was asked for here yet." in text
    assert "No release is loaded." in text
    load_button(at).click().run()
    assert "Upload a file or choose one first." in words(at)
    at.selectbox(key="import_file").select("clfs-2001q2.csv").run()
    load_button(at).click().run()
    no_trouble(at)
    assert "clfs-2001q2.csv will be loaded." in words(at)
    asyncio.run(work(lookup, newest(lookup)))

    def shown() -> bool:
        # Case2Code notices what another process has loaded within two seconds.
        at.run()
        no_trouble(at)
        return len(at.dataframe) == 2

    wait_until(shown, what="the loads and the releases")
    loads, releases = (frame.value for frame in at.dataframe)
    assert list(loads["State"]) == ["loaded"]
    assert list(loads["Result"]) == ["Clinical laboratory fee schedule 2001 Q2: 2 rates"]
    assert list(releases["Source"]) == ["Clinical laboratory fee schedule"]
    assert [str(age)[:6] for age in releases["Age"]] == ["ended "]
    assert "Nothing is in force today of: Clinical laboratory fee schedule." in words(at)


def load_button(at: AppTest) -> Any:
    return next(button for button in at.button if button.label == "Load")


def newest(settings: Settings) -> str:
    async def ask() -> str:
        database = Database(settings.database)
        try:
            async with database.read() as session:
                return (await repository.newest(session, 1))[0].id
        finally:
            await database.close()

    return asyncio.run(ask())


def test_case2code_away_is_said(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator, "catalogue", AHEAD_URL_LOOKUP="http://127.0.0.1:1")
    no_trouble(at)
    assert "Case2Code doesn't answer." in words(at)
