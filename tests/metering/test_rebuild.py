"""The counts made again: equal totals, also while the consumer goes on counting."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, inspect, update

from ahead.metering.consumer import Ingest
from ahead.metering.db import MIGRATIONS
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.models import UsageDaily, UsageHourly, table_of
from ahead.metering.rebuild.service import Rebuilder
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.errors import Conflict

BLINDING = Blinding("e" * 40)


async def test_wrong_counts_become_right_and_the_schema_stays(
    database: Database, ingest: Ingest, view: Any, messages: Any, read_counts: Any
) -> None:
    await ingest.handle(messages(*(view(number) for number in range(50))))
    right = await read_counts(database)
    async with database.write() as session:
        await session.execute(delete(table_of(UsageHourly)))
        await session.execute(update(table_of(UsageDaily)).values(count=99))
    done = await Rebuilder(database, chunk=7).run()
    assert done.events == 50
    assert done.rows == {"usage_hourly": 50, "usage_daily": 50}
    assert await read_counts(database) == right
    await ingest.handle(messages(view(50), view(1)))
    assert len((await read_counts(database))["usage_daily"]) == 51
    async with database.read() as session:
        connection = await session.connection()
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert not [name for name in names if name.endswith(("_rebuild", "_old"))]
    migrations.check(database.url, MIGRATIONS)
    # A second one meets no leftovers of the first.
    await Rebuilder(database).run()
    assert sum((await read_counts(database))["usage_hourly"].values()) == 51


async def test_nothing_is_lost_or_doubled_while_two_consumers_go_on(
    metering_url: str, view: Any, messages: Any, read_counts: Callable[..., Any]
) -> None:
    consumers = [Database(metering_url), Database(metering_url)]
    rebuilding = Database(metering_url)
    sent = 0
    overlapping = 0
    rebuilt = False
    # Each consumer takes a batch for every chunk of the rebuild: SQLite would let them shut it out for good.
    turns = asyncio.Semaphore(0)

    def take_turns(_done: int, _all: int) -> None:
        for _ in consumers:
            turns.release()

    async def consume(database: Database) -> None:
        nonlocal sent
        ingest = Ingest(database, BLINDING)
        while await turns.acquire() and not rebuilt:
            first = sent
            sent += 20
            batch = messages(*(view(number) for number in range(first, first + 20)))
            await ingest.handle(batch)
            await ingest.handle(batch[::-1])

    try:
        await Ingest(rebuilding, BLINDING).handle(messages(*(view(number) for number in range(-500, 0))))
        running = [asyncio.create_task(consume(database)) for database in consumers]
        for _ in range(3):
            before = sent
            await Rebuilder(rebuilding, chunk=100, progress=take_turns).run()
            overlapping += sent > before
        rebuilt = True
        take_turns(0, 0)
        await asyncio.gather(*running)
        counts = await read_counts(rebuilding)
        assert overlapping, "nothing was counted while a rebuild ran"
        for table in counts.values():
            assert set(table.values()) == {1}
            assert len(table) == 500 + sent
    finally:
        for database in (*consumers, rebuilding):
            await database.close()


async def test_a_later_rebuild_takes_over_and_the_earlier_changes_nothing(
    database: Database, ingest: Ingest, view: Any, messages: Any, total: Any
) -> None:
    await ingest.handle(messages(*(view(number) for number in range(20))))
    tasks: list[asyncio.Task[Any]] = []
    second = Rebuilder(database)

    def start_second(_done: int, _all: int) -> None:
        if not tasks:
            tasks.append(asyncio.create_task(second.run()))

    first = Rebuilder(database, chunk=1, progress=start_second)
    with pytest.raises(Conflict):
        await first.run()
    done = await tasks[0]
    assert done.events == 20
    assert await total() == 20


async def test_what_a_killed_rebuild_left_is_thrown_away(
    database: Database, ingest: Ingest, view: Any, messages: Any, total: Any
) -> None:
    await ingest.handle(messages(*(view(number) for number in range(20))))

    class Killed(Exception):
        pass

    def die(_done: int, _all: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        await Rebuilder(database, chunk=5, progress=die).run()
    assert await total() == 20
    assert (await Rebuilder(database).run()).events == 20
    assert await total() == 20
