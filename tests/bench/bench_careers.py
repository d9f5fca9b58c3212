"""The job board at 100,000 generated jobs: search against raw queries to the same engine, and importing a feed
against a bare loop; how well the same job is found again is told beside it.

Raw query: the same words, filters and counts of facets, handed to the engine in its own language, without our port,
without counting each chosen facet under the others, and without asking the database.
Bare loop: reads the same XML with the standard library, cleans each description with nh3 and inserts the rows in bulk
into one table of SQLite as ours is: a write-ahead log, each thousand rows on disk before the next (`synchronous` is
FULL by default, as we set it), references a primary key. It is what somebody would write who wants the feed in a
table: without a check, a look for scams, history, events, an index to search by, or a word about doubles.

`bench_careers.py [JOBS]`
"""

import asyncio
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse

sys.path[:0] = [str(Path(__file__).parents[1] / "helpers")]

import httpx
import nh3
import tantivy
from job_feeds import write_feed

from ahead.careers.board.documents import SCHEMA
from ahead.careers.board.indexing import Indexer
from ahead.careers.board.service import Board
from ahead.careers.board.wanted import FACETS, Wanted, parse
from ahead.careers.db import upgrade
from ahead.careers.demo.generator import examples
from ahead.careers.demo.service import fill
from ahead.careers.importing.service import Importer
from ahead.careers.jobs.lifecycle import seconds
from ahead.careers.settings import Settings
from ahead.shared.clock import SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.search import meilisearch_binary
from ahead.shared.search.index import Eq, Range
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.meilisearch_documents import render
from ahead.shared.search.meilisearch_settings import FILTER, STORED
from ahead.shared.search.tantivy import TantivyEngine
from ahead.shared.settings import load
from ahead.shared.testing.meilisearch_server import MeilisearchServer

QUERIES, ROUNDS = 120, 3
AT_MOST_RATIO, AT_MOST_MS = 1.5, 25.0
AT_LEAST_IMPORT = 0.4
CHUNK = 1000
COUNTED = (*FACETS, "company_id")
Ask = Callable[[Wanted], Awaitable[Any]]


def asked() -> list[Wanted]:
    """Three facets each, some with words."""
    rng = random.Random(3)
    choices = {
        "credential": ("CPC", "CCS", "CIC", "COC", "CRC"), "workplace": ("remote", "hybrid", "on-site"),
        "setting": ("inpatient", "outpatient", "physician", "payer", "vendor"), "state": ("OH", "TX", "FL", "CA"),
        "experience": ("entry", "1-2", "3-4"), "employment": ("full-time", "part-time"),
        "kind": ("production", "audit", "billing"),
    }  # fmt: skip
    words = ("", "", "coder", "auditor", "inpatient", "remote coder", "orthopedics")
    made: list[Wanted] = []
    for _ in range(QUERIES):
        names = rng.sample(sorted(choices), 3)
        pairs = "&".join(f"{name}={rng.choice(choices[name])}" for name in names)
        made.append(parse(f"{pairs}&q={rng.choice(words)}"))
    return made


def conditions(wanted: Wanted) -> list[Eq | Range]:
    now = seconds(SystemClock().now())
    chosen = [Eq(name, values[0]) for name, values in wanted.facets.items()]
    return [Range("open_from", le=now), Range("open_until", ge=now + 1), *chosen]


def raw_tantivy(folder: Path) -> Ask:
    """Tantivy's own query over the files of our index."""
    pointer = json.loads((folder / SCHEMA.uid / "current.json").read_text())
    index = tantivy.Index.open(str(folder / SCHEMA.uid / pointer["generation"]))
    index.register_tokenizer(
        "ahead_words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    searcher, schema = index.searcher(), index.schema
    must, query = tantivy.Occur.Must, tantivy.Query
    counts = {name: {"terms": {"field": name, "size": 1000}} for name in COUNTED}

    async def ask(wanted: Wanted) -> Any:
        parts: list[Any] = []
        for word in wanted.q.split():
            fields = [query.term_query(schema, field.name, word) for field in SCHEMA.text]
            parts.append((must, query.disjunction_max_query(fields, 0.1)))
        for one in conditions(wanted):
            if isinstance(one, Eq):
                parts.append((must, query.term_query(schema, one.field, one.value)))
            else:
                parts.append(
                    (must, query.range_query(schema, one.field, tantivy.FieldType.Integer, one.ge, one.le))
                )
        whole = query.boolean_query(parts)
        found = searcher.search(whole, limit=20, count=True)
        docs = [searcher.doc(address) for _, address in found.hits]
        return docs, searcher.aggregate(whole, counts)

    return ask


def raw_meilisearch(url: str, key: str) -> Ask:
    client = httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    )
    facets = [FILTER + name for name in COUNTED]

    async def ask(wanted: Wanted) -> Any:
        body = {
            "q": wanted.q, "filter": [render(SCHEMA, one) for one in conditions(wanted)], "facets": facets,
            "limit": 20, "attributesToRetrieve": [STORED],
        }  # fmt: skip
        answer = await client.post(f"/indexes/ahead_{SCHEMA.uid}/search", json=body)
        return answer.raise_for_status().json()

    return ask


async def times(ask: Ask, wanted: list[Wanted]) -> list[float]:
    """Milliseconds of each, sorted."""
    taken: list[float] = []
    for one in wanted:
        began = time.perf_counter()
        await ask(one)
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


async def search_part(name: str, engine: Any, raw: Callable[[], Ask], database: Database) -> bool:
    index, clock = engine.index(SCHEMA), SystemClock()
    await Indexer(database, index, clock).rebuild()
    board, bare = Board(database, index), raw()
    wanted = asked()

    async def ours(one: Wanted) -> Any:
        return await board.search(one, clock.now())

    pairs = [(ours, []), (bare, [])]
    for number in range(ROUNDS + 1):
        for ask, into in pairs if number % 2 else reversed(pairs):
            sorted_times = await times(ask, wanted)
            if number:
                into.append(sorted_times)
    mine, theirs = (statistics.median(one[int(len(one) * 0.95)] for one in rounds) for _, rounds in pairs)
    middle = statistics.median(one[len(one) // 2] for one in pairs[0][1])
    met = mine <= AT_MOST_RATIO * theirs or mine <= AT_MOST_MS
    print(
        f"search with three facets, {name}: p50 {middle:.1f} ms, p95 {mine:.1f} ms; raw query p95 {theirs:.1f} ms"
    )
    print(
        f"search with three facets, {name}: ratio {mine / theirs:.2f} (at most {AT_MOST_RATIO}, or {AT_MOST_MS} ms): "
        f"{'met' if met else 'NOT MET'}",
        flush=True,
    )
    return met


def bare_import(feed: Path, target: Path) -> int:
    """The loop that importing is held against."""
    db = sqlite3.connect(target)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE jobs (reference TEXT PRIMARY KEY, company TEXT, title TEXT, description TEXT, city TEXT,"
               " state TEXT, zip TEXT, pay TEXT, type TEXT, url TEXT)")  # fmt: skip
    names = (
        "referencenumber",
        "company",
        "title",
        "description",
        "city",
        "state",
        "postalcode",
        "salary",
        "jobtype",
        "url",
    )
    rows: list[tuple[str, ...]] = []
    count = 0

    def write() -> None:
        with db:
            db.executemany("INSERT INTO jobs VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
        rows.clear()

    with feed.open("rb") as stream:
        events = iterparse(stream, events=("start", "end"))
        _, root = next(events)
        for event, element in events:
            if event == "end" and element.tag == "job":
                held = {child.tag: child.text or "" for child in element}
                held["description"] = nh3.clean(held.get("description", ""))
                rows.append(tuple(held.get(name, "") for name in names))
                count += 1
                root.clear()
                if len(rows) == CHUNK:
                    write()
    write()
    db.close()
    return count


async def import_part(feed: Path, folder: Path, settings: Settings) -> bool:
    bare: list[float] = []
    for number in range(2):
        began = time.perf_counter()
        held = bare_import(feed, folder / f"bare{number}.db")
        bare.append(time.perf_counter() - began)
        if number == 0:
            database = Database(settings.database)
            began = time.perf_counter()
            with feed.open("rb") as stream:
                done = await Importer(database, settings, SystemClock()).run(stream, "bench")
            ours = time.perf_counter() - began
            await database.close()
    ratio = statistics.mean(bare) / ours
    met = ratio >= AT_LEAST_IMPORT
    print(
        f"feed import: {held / ours:,.0f} jobs a second "
        f"({done.posted:,} posted, {done.held:,} held, {done.merged:,} merged); "
        f"bare loop {held / statistics.mean(bare):,.0f}"
    )
    print(
        f"feed import: ratio {ratio:.2f} (at least {AT_LEAST_IMPORT}): {'met' if met else 'NOT MET'}",
        flush=True,
    )
    return met


def environments(place: Path) -> Iterator[Settings]:
    """One installation for searching, one for importing."""
    for name in ("search", "import"):
        (place / name / "careers").mkdir(parents=True)
        os.environ.update(
            AHEAD_DATA=str(place / name), AHEAD_GUEST_KEY="g" * 40, AHEAD_CAREERS_DATABASE_URL=""
        )
        settings = load(Settings)
        upgrade(settings)
        yield settings


async def main(count: int) -> int:
    with tempfile.TemporaryDirectory(prefix="bench-careers-") as folder:
        place = Path(folder)
        searching, importing = environments(place)
        feed = place / "feed.xml"
        size = write_feed(feed, examples(count))
        print(f"{count:,} jobs, {size / 1e6:.0f} MB of XML", flush=True)
        met = [await import_part(feed, place, importing)]
        database = Database(searching.database)
        await fill(database, searching, SystemClock(), count)
        engine = TantivyEngine(place / "index")
        met.append(await search_part("Tantivy", engine, lambda: raw_tantivy(place / "index"), database))
        binary = meilisearch_binary.ensure(Path(__file__).parents[2] / ".cache" / "meilisearch")
        (place / "meilisearch").mkdir()
        with MeilisearchServer(place / "meilisearch", binary) as server:
            remote = MeilisearchEngine(server.url, server.master_key)
            raw = partial(raw_meilisearch, server.url, server.master_key)
            met.append(await search_part("Meilisearch", remote, raw, database))
            await remote.close()
        await database.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
