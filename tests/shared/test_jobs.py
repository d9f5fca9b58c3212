"""Jobs survive the broker: they are made again from their rows."""

from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from pathlib import Path

import dramatiq
import pytest
from sqlalchemy import MetaData, select

from ahead.shared.clock import FixedClock, SystemClock
from ahead.shared.db import outbox as rows
from ahead.shared.db.engine import Database
from ahead.shared.events.publisher import Publisher
from ahead.shared.events.relay import RESEND_AFTER, Relay
from ahead.shared.tasks.broker import make_broker
from ahead.shared.tasks.jobs import GiveUp, Jobs
from ahead.shared.testing.redis_server import RedisServer
from ahead.shared.testing.waiting import eventually

metadata = MetaData()
outbox = rows.outbox_table(metadata)
table = rows.job_table(metadata)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncGenerator[Database]:
    database = Database(sqlite_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


class Bench:
    """A service's jobs with a running worker, writing what they did into a file each process can read."""

    def __init__(self, url: str, redis_url: str, ledger: Path) -> None:
        self.ledger = ledger
        self.failures = 0
        self.jobs = Jobs(make_broker("test", redis_url), table, lambda: Database(url))
        self.jobs.add("note", self.note, min_backoff=timedelta(milliseconds=10))
        self.jobs.add("hopeless", self.hopeless)
        self.worker = dramatiq.Worker(self.jobs.broker, worker_timeout=50, worker_threads=2)

    async def note(self, text: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("not yet")
        with self.ledger.open("a") as file:
            file.write(text + "\n")

    async def hopeless(self) -> None:
        raise GiveUp("the address does not exist")

    @property
    def done(self) -> list[str]:
        return self.ledger.read_text().splitlines() if self.ledger.exists() else []


@pytest.fixture
def bench(sqlite_url: str, fresh_redis: RedisServer, tmp_path: Path, database) -> Generator[Bench]:
    bench = Bench(sqlite_url, fresh_redis.url, tmp_path / "ledger")
    bench.worker.start()
    yield bench
    bench.worker.stop(timeout=2000)
    bench.jobs.broker.close()


def relay_of(database: Database, bench: Bench, clock=None) -> Relay:
    publisher = Publisher("nats://127.0.0.1:1", "unused")
    return Relay(
        "test",
        database,
        outbox,
        publisher,
        jobs=table,
        send_job=bench.jobs.send,
        clock=clock or SystemClock(),
    )


async def status(database: Database, key: str) -> tuple[str, str]:
    async with database.read() as session:
        row = (await session.execute(select(table.c.status, table.c.error).where(table.c.id == key))).one()
        return row[0], row[1]


async def test_a_recorded_job_is_done_once_and_closed(database: Database, bench: Bench):
    async with database.write() as session:
        for _ in range(3):
            await rows.enqueue(session, table, "note", {"text": "hello"}, key="once")
    relay = relay_of(database, bench)
    assert await relay.relay_jobs() == 1
    assert await relay.relay_jobs() == 0

    async def closed() -> bool:
        return (await status(database, "once"))[0] == "done"

    await eventually(closed)
    assert bench.done == ["hello"]


async def test_a_job_that_fails_is_tried_again(database: Database, bench: Bench):
    bench.failures = 2
    async with database.write() as session:
        await rows.enqueue(session, table, "note", {"text": "third time"}, key="k")
    await relay_of(database, bench).relay_jobs()
    await eventually(lambda: bench.done == ["third time"], within_s=20)


async def test_a_hopeless_job_is_kept_with_its_reason(database: Database, bench: Bench):
    async with database.write() as session:
        await rows.enqueue(session, table, "hopeless", {}, key="k")
    await relay_of(database, bench).relay_jobs()

    async def failed() -> bool:
        return await status(database, "k") == ("failed", "the address does not exist")

    await eventually(failed)


async def test_a_job_that_the_broker_lost_is_sent_again(
    database: Database, bench: Bench, fresh_redis: RedisServer
):
    bench.worker.stop(timeout=2000)
    clock = FixedClock(SystemClock().now())
    async with database.write() as session:
        await rows.enqueue(session, table, "note", {"text": "kept"}, key="k", clock=clock)
    relay = relay_of(database, bench, clock)
    assert await relay.relay_jobs() == 1
    bench.jobs.broker.client.flushall()
    bench.worker = dramatiq.Worker(bench.jobs.broker, worker_timeout=50, worker_threads=2)
    bench.worker.start()
    assert await relay.relay_jobs() == 0, "not lost yet, as far as anybody can know"
    clock.advance(RESEND_AFTER + timedelta(seconds=1))
    assert await relay.relay_jobs() == 1
    await eventually(lambda: bench.done == ["kept"])


async def test_a_delayed_job_waits_for_its_time(database: Database, bench: Bench):
    clock = FixedClock(SystemClock().now())
    async with database.write() as session:
        await rows.enqueue(session, table, "note", {"text": "later"}, delay=timedelta(hours=1), clock=clock)
    relay = relay_of(database, bench, clock)
    assert await relay.relay_jobs() == 0
    clock.advance(timedelta(hours=2))
    assert await relay.relay_jobs() == 1
    await eventually(lambda: bench.done == ["later"])
