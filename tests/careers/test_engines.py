"""The board over both engines: the same jobs, the same counts, the same openness."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from careers_world import World, make_settings
from signed_tokens import Signer

from ahead.careers.board.documents import SCHEMA
from ahead.careers.board.indexing import Indexer
from ahead.careers.board.service import Board
from ahead.careers.board.wanted import parse
from ahead.careers.demo.service import fill
from ahead.careers.models import ZipPlace
from ahead.shared.clock import FixedClock
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.tantivy import TantivyEngine
from ahead.shared.testing.meilisearch_server import MeilisearchServer

QUERIES = (
    "", "credential=CPC", "credential=CPC&credential=CCS&workplace=remote", "state=OH&pay=60000", "q=auditor",
    "q=inpatient+coder&experience=3-4", "posted=3&employment=full-time", "q=xyzzy",
)  # fmt: skip


@pytest.fixture(params=["tantivy", "meilisearch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "tantivy":
        return TantivyEngine(tmp_path / "index")
    server: MeilisearchServer = request.getfixturevalue("meilisearch_server")
    return MeilisearchEngine(server.url, server.master_key)


async def test_search_finds_and_counts_what_the_database_holds(
    engine: Any,
    tmp_path: Path,
    sqlite_url: str,
    clock: FixedClock,
    keys: Signer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(make_settings(sqlite_url, tmp_path, monkeypatch, keys), clock)
    try:
        await fill(world.database, world.settings, clock, 300)
        index = engine.index(SCHEMA)
        indexer, board = Indexer(world.database, index, clock), Board(world.database, index)
        await indexer.rebuild()
        jobs = await board.all_newest(clock.now(), 1000)
        assert len(jobs) > 250
        for query in QUERIES:
            wanted = parse(query)
            found = await board.search(wanted, clock.now(), per_page=1000)
            assert found.total == len(found.jobs)
            if not wanted.q:
                expected = {job.id for job in jobs if fits(job, wanted, clock)}
                assert {job.id for job in found.jobs} == expected, query
                if not wanted.facets:
                    for place in ("remote", "hybrid", "on-site"):
                        count = sum(job.facts.workplace == place for job in found.jobs)
                        assert found.facets["workplace"].get(place, 0) == count
        newest = (await board.search(parse("q=coder&sort=newest"), clock.now(), per_page=1000)).jobs
        moments = [job.row.published_at for job in newest]
        assert moments == sorted(moments, reverse=True)  # type: ignore[type-var]
        best = (await board.search(parse("sort=pay"), clock.now(), per_page=1000)).jobs
        yearly = [
            job.facts.pay.by_the_year[1] if job.facts.pay and job.facts.pay.by_the_year else 0 for job in best
        ]
        assert yearly == sorted(yearly, reverse=True)
        await nearness(world, board, jobs, clock)
        await world.act(jobs[0].id, "close", reason="filled")
        await indexer.catch_up()
        assert (await board.search(parse(""), clock.now())).total == len(jobs) - 1
        clock.advance(timedelta(days=20))
        assert (await board.search(parse(""), clock.now())).total == 0
    finally:
        await engine.close()
        await world.close()


async def nearness(world: World, board: Board, jobs: Any, clock: FixedClock) -> None:
    """By the mile where coordinates are held, by the state where not; employers counted under all of it."""
    found = await board.search(parse("near=43215"), clock.now(), per_page=1000)
    assert found.by_state == "OH"
    assert {job.id for job in found.jobs} == {job.id for job in jobs if "OH" in job.facts.search_states}
    async with world.database.write() as session:
        for code, latitude, longitude in (
            ("43215", 39.97, -83.0),
            ("37203", 36.15, -86.79),
            ("45678", 38.25, -85.75),
        ):
            session.add(ZipPlace(zip=code, latitude=latitude, longitude=longitude))
    for miles, there in (("100", {"43215"}), ("25", {"43215"})):
        found = await board.search(parse(f"near=43215&miles={miles}"), clock.now(), per_page=1000)
        assert found.by_state == ""
        assert {job.id for job in found.jobs} == {job.id for job in jobs if job.facts.zip in there}
    assert found.total
    assert sum(count for _, _, count in found.employers) <= found.total
    name = found.employers[0][1]
    assert found.employers[0][2] == sum(job.company.name == name for job in found.jobs)
    # From Louisville, Nashville is 150 miles away.
    assert not (await board.search(parse("near=45678&miles=100"), clock.now())).total
    assert not (await board.search(parse("near=00000"), clock.now())).total


def fits(job: Any, wanted: Any, clock: FixedClock) -> bool:
    """Worked out anew from the facts."""
    facts = job.facts
    held: dict[str, Callable[[], Any]] = {
        "credential": lambda: {*facts.credentials, *(["CPC-A"] if facts.apprentice else [])},
        "workplace": lambda: {facts.workplace},
        "state": lambda: set(facts.search_states),
        "employment": lambda: set(facts.employment),
    }
    for name, values in wanted.facets.items():
        if not held[name]() & set(values):
            return False
    if wanted.pay:
        yearly = facts.pay.by_the_year if facts.pay else None
        if yearly is None or yearly[1] < int(wanted.pay):
            return False
    return not wanted.posted or job.row.published_at >= clock.now() - timedelta(days=int(wanted.posted))
