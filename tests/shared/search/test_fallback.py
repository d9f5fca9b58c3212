"""Two engines as one: what happens when the real Meilisearch stops, dies, lags behind or is changed by others."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from ahead.shared.search.breaker import FIRST_PAUSE_S, LONGEST_PAUSE_S, Breaker
from ahead.shared.search.fallback import FallbackEngine, FallbackIndex, state_of, with_one_engine
from ahead.shared.search.index import Query, SearchIndex, SearchUnavailable
from ahead.shared.search.meilisearch import PREFIX, MeilisearchEngine
from ahead.shared.search.meilisearch_api import Api
from ahead.shared.search.rebuild import rebuild_if_changed
from ahead.shared.search.tantivy import TantivyEngine
from ahead.shared.testing.meilisearch_server import MeilisearchServer
from ahead.shared.testing.waiting import eventually

from .library import BOOKS, book, schema

RECOVERS_S = 60.0


@pytest.fixture
def own_server(meilisearch_server: MeilisearchServer, tmp_path: Path):
    """One to be killed: the other tests keep theirs."""
    with MeilisearchServer(tmp_path / "server", meilisearch_server.binary) as server:
        yield server


@pytest.fixture
async def index(meilisearch_server: MeilisearchServer, tmp_path: Path) -> AsyncGenerator[FallbackIndex]:
    async with opened(meilisearch_server, tmp_path) as made:
        yield made


@contextlib.asynccontextmanager
async def opened(server: MeilisearchServer, folder: Path, name: str = "") -> AsyncGenerator[FallbackIndex]:
    engine = FallbackEngine(
        MeilisearchEngine(server.url, server.master_key), TantivyEngine(folder / "beside")
    )
    try:
        yield engine.index(schema(name=name))
    finally:
        await engine.close()


async def ask(index: SearchIndex, text: str = "wrist") -> tuple[str, int]:
    """The engine that answered, and how much it found."""

    async def work(one: SearchIndex) -> tuple[str, int]:
        answers = await one.search_many([Query(text), Query(text, limit=0)])
        assert answers[0].total == answers[1].total
        return one.engine, answers[0].total

    return await with_one_engine(index, work)


@contextlib.asynccontextmanager
async def under_load(index: SearchIndex, right: Callable[[int], bool]) -> AsyncGenerator[Counter[str]]:
    """Eight searchers without a pause; every answer has to be right. Counts answers by engine."""
    answered: Counter[str] = Counter()
    over = asyncio.Event()

    async def search_on() -> None:
        while not over.is_set():
            engine, total = await ask(index)
            assert right(total), (engine, total)
            answered[engine] += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(search_on())
        try:
            yield answered
        finally:
            over.set()


async def more(answered: Counter[str], engine: str) -> None:
    before = answered[engine]
    await eventually(lambda: answered[engine] > before + 8, within_s=RECOVERS_S, what=f"answers of {engine}")


async def test_a_stopped_and_a_killed_server_cost_no_search_and_are_used_again(
    own_server: MeilisearchServer, tmp_path: Path
) -> None:
    async with opened(own_server, tmp_path) as index:
        await index.rebuild(BOOKS, fingerprint="one")
        async with under_load(index, lambda total: total == 2) as answered:
            await more(answered, "meilisearch")
            own_server.send_signal(signal.SIGSTOP)
            try:
                await more(answered, "tantivy")
                assert (await state_of(index)).engine == "tantivy"
            finally:
                own_server.send_signal(signal.SIGCONT)
            await more(answered, "meilisearch")
            await asyncio.to_thread(own_server.kill)
            await more(answered, "tantivy")
            state = await state_of(index)
            assert (state.engine, state.wanted, state.documents) == ("tantivy", "meilisearch", len(BOOKS))
            assert state.reason
            await asyncio.to_thread(own_server.start)
            await more(answered, "meilisearch")
        state = await state_of(index)
        assert (state.engine, state.reason) == ("meilisearch", "")
        assert state.failovers >= 2


async def test_searches_go_on_while_the_index_is_rebuilt_and_swapped(
    index: FallbackIndex, long_run: bool
) -> None:
    many = [book(n, "Fracture of wrist") for n in range(300)]
    await index.rebuild(many, fingerprint="0")
    async with under_load(index.server, lambda total: total == 300) as answered:
        for n in range(20 if long_run else 3):
            await index.server.rebuild(many, fingerprint=str(n + 1))
            await more(answered, "meilisearch")


async def test_an_index_that_lags_behind_is_not_asked_until_it_is_built(index: FallbackIndex) -> None:
    await index.rebuild(BOOKS, fingerprint="old")
    assert await ask(index) == ("meilisearch", 2)
    await index.embedded.rebuild([*BOOKS, book(7, "Sprain of wrist")], fingerprint="new")
    state = await eventually(
        lambda: _state_when(index, "tantivy"), within_s=RECOVERS_S, what="leaving the old index"
    )
    assert state is not None
    assert "not built from what is held now" in state.reason
    assert await ask(index) == ("tantivy", 3)
    await rebuild_if_changed(index, lambda: [*BOOKS, book(7, "Sprain of wrist")], fingerprint="new")
    await eventually(lambda: _answers(index, ("meilisearch", 3)), within_s=RECOVERS_S)


async def test_settings_changed_by_others_are_found_at_start_and_mended(
    meilisearch_server: MeilisearchServer, index: FallbackIndex, tmp_path: Path
) -> None:
    await index.rebuild(BOOKS, fingerprint="one")
    api = Api(meilisearch_server.url, meilisearch_server.master_key)
    path = f"/indexes/{PREFIX}{index.schema.uid}/settings"
    foreign = {"synonyms": {"wrist": ["skin"]}, "rankingRules": ["typo"], "stopWords": ["essential"]}
    await api.done(await api.call("PATCH", path, foreign))
    async with opened(meilisearch_server, tmp_path, index.schema.name) as started:
        assert await ask(started) == ("tantivy", 2)
        state = await state_of(started)
        assert set(state.drift) == set(foreign)
        assert all(name in state.reason for name in foreign)
        assert await rebuild_if_changed(started, lambda: BOOKS, fingerprint="one") is None, "nothing to build"
        await eventually(lambda: _answers(started, ("meilisearch", 2)), within_s=RECOVERS_S)
        assert (await state_of(started)).drift == ()
    held = await api.call("GET", path)
    assert (held["synonyms"], held["stopWords"]) == ({}, [])
    await api.close()


async def test_without_the_server_the_embedded_index_is_built_and_the_server_s_later(
    own_server: MeilisearchServer, tmp_path: Path
) -> None:
    await asyncio.to_thread(own_server.kill)
    async with opened(own_server, tmp_path) as index:
        manifest = await rebuild_if_changed(index, lambda: BOOKS, fingerprint="one")
        assert manifest is not None
        assert manifest.documents == len(BOOKS)
        assert await ask(index) == ("tantivy", 2)
        with pytest.raises(SearchUnavailable):
            await rebuild_if_changed(index, lambda: BOOKS, fingerprint="one", force=True)
        await asyncio.to_thread(own_server.start)
        await rebuild_if_changed(index, lambda: BOOKS, fingerprint="one")
        await eventually(lambda: _answers(index, ("meilisearch", 2)), within_s=RECOVERS_S)


async def test_the_key_of_a_web_process_sees_drift_too(
    meilisearch_server: MeilisearchServer, index: FallbackIndex
) -> None:
    await index.rebuild(BOOKS, fingerprint="one")
    master = MeilisearchEngine(meilisearch_server.url, meilisearch_server.master_key)
    key = await master.issue_key("a web process", may_write=False)
    reading = MeilisearchEngine(meilisearch_server.url, key)
    api = Api(meilisearch_server.url, meilisearch_server.master_key)
    path = f"/indexes/{PREFIX}{index.schema.uid}/settings"
    assert await reading.index(index.schema).drift() == ()
    assert set(await reading.index(index.schema).payloads(["1"])) == {"1"}
    await api.done(await api.call("PATCH", path, {"typoTolerance": {"enabled": True}}))
    assert await reading.index(index.schema).drift() == ("typoTolerance",)
    for engine in (master, reading, api):
        await engine.close()


def test_a_breaker_probes_once_and_waits_longer_after_each_failure() -> None:
    now = [0.0]
    breaker = Breaker(now=lambda: now[0])
    assert breaker.failed("down")
    assert not breaker.failed("down"), "it is left alone already"
    pause = FIRST_PAUSE_S
    for _ in range(8):
        now[0] += pause * 0.99
        assert not breaker.try_again()
        now[0] += pause * 0.02
        assert breaker.try_again()
        assert not breaker.try_again(), "one probe at a time"
        assert not breaker.closed
        breaker.failed("still down")
        pause = min(pause * 2, LONGEST_PAUSE_S)
    now[0] += LONGEST_PAUSE_S * 1.01
    assert breaker.try_again()
    breaker.recovered()
    breaker.worked()
    assert (breaker.closed, breaker.reason, breaker.opened) == (True, "", 1)
    breaker.failed("down again")
    now[0] += FIRST_PAUSE_S * 1.01
    assert breaker.try_again(), "it worked in between: the pause is short again"


async def _state_when(index: FallbackIndex, engine: str):
    state = await state_of(index)
    return state if state.engine == engine else None


async def _answers(index: FallbackIndex, expected: tuple[str, int]) -> bool:
    return await ask(index) == expected
