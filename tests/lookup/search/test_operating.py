"""What operators see of the search, and how its index follows what is held."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from ahead.lookup.search.building import begin_index, keep_index
from ahead.lookup.search.documents import SCHEMA
from ahead.lookup.search.finding import finders_of
from ahead.lookup.search.service import CodeSearch
from ahead.lookup.settings import Settings
from ahead.shared.search.meilisearch import PREFIX, MeilisearchEngine
from ahead.shared.search.meilisearch_api import Api
from ahead.shared.search.rebuild import open_engine
from ahead.shared.settings import load
from ahead.shared.testing.meilisearch_server import MeilisearchServer


async def test_an_index_is_kept_but_never_begun_in_the_background(tmp_path, monkeypatch):
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path))
    await keep_index(load(Settings))
    assert not list(tmp_path.glob("lookup/search/*/current.json"))


def test_a_start_does_not_wait_for_an_index_that_is_only_out_of_date(
    indexed_data: Path, tmp_path: Path, monkeypatch
):
    theirs, ours = indexed_data / "lookup", tmp_path / "lookup"
    shutil.copytree(theirs / "search", ours / "search")
    (ours / "releases").symlink_to(theirs / "releases")
    with (
        closing(sqlite3.connect(theirs / "lookup.db")) as held,
        closing(sqlite3.connect(ours / "lookup.db")) as copy,
    ):
        held.backup(copy)
        copy.execute("UPDATE releases SET id = id + 1000")  # others than those that the index was made from
        copy.commit()
    before = {path: path.read_bytes() for path in ours.glob("search/*/current.json")}
    assert before
    told: list[str] = []
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path))
    begin_index(load(Settings), lambda _fraction, text: told.append(text))
    assert {path: path.read_bytes() for path in ours.glob("search/*/current.json")} == before
    assert told == ["what was loaded since the last one is found some minutes after the start"]


async def test_foreign_settings_of_the_real_index_are_told_and_mended(
    indexed_data, meilisearch_with_codes: MeilisearchServer, monkeypatch
):
    server = meilisearch_with_codes
    monkeypatch.setenv("AHEAD_DATA", str(indexed_data))
    monkeypatch.setenv("AHEAD_MEILISEARCH_URL", server.url)
    monkeypatch.setenv("AHEAD_MEILISEARCH_KEY", server.master_key)
    api = Api(server.url, server.master_key)
    path = f"/indexes/{PREFIX}{SCHEMA.uid}/settings"
    await api.done(await api.call("PATCH", path, {"searchCutoffMs": 5}))
    settings = load(Settings)
    engine = open_engine(settings.shared, "lookup")
    search = CodeSearch(engine.index(SCHEMA), None, finders_of(settings))  # pyright: ignore[reportArgumentType]
    (remark,) = await search.remarks()
    assert "tantivy searches instead" in remark
    assert "searchCutoffMs" in remark
    await keep_index(settings)
    alone = MeilisearchEngine(server.url, server.master_key)
    assert await alone.index(SCHEMA).drift() == ()
    for one in (engine, alone, api):
        await one.close()
