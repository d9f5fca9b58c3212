"""The consumer as a process of its own on the real event server: killed at every step, fed poison, cut off."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.js import JetStreamContext
from sqlalchemy import func, select, text

from ahead.metering.models import RawEvent, dead_letters, table_of
from ahead.metering.ops.stream import StreamLag
from ahead.shared.db.engine import Database
from ahead.shared.events import streams
from ahead.shared.events.envelope import Event, encode, message_id
from ahead.shared.events.publisher import connect
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.server import ServerProcess
from ahead.shared.testing.waiting import eventually

SUBJECT = "ahead.events.lookup.code.viewed.v1"
CRASH_POINTS = ("consumer.before_commit", "consumer.after_commit", "consumer.before_ack")


class Consumer(ServerProcess):
    """``python -m ahead.metering.consumer``, as it runs in production."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        super().__init__(folder)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AHEAD_")}
        self.env = kept | dict(env)

    def environment(self) -> Mapping[str, str]:
        return self.env

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "ahead.metering.consumer"]

    def is_ready(self) -> bool:
        return True

    async def ended(self) -> int:
        process = self._process
        assert process
        return await eventually(
            lambda: process.poll() is not None and (process.returncode or 1), within_s=30, what="its end"
        )


@pytest.fixture
def consumer(metering_url: str, fresh_nats: NatsServer, tmp_path: Path) -> Any:
    consumer = Consumer(
        tmp_path / "consumer",
        {
            "AHEAD_DATA": str(tmp_path / "data"),
            "AHEAD_NATS_URL": fresh_nats.url,
            "AHEAD_METERING_DATABASE_URL": metering_url,
            "AHEAD_METERING_ERASURE_KEY": "e" * 40,
            "AHEAD_METERING_BATCH": "50",
        },
    )
    yield consumer
    consumer.kill()


@pytest.fixture
async def js(fresh_nats: NatsServer) -> AsyncGenerator[JetStreamContext]:
    client = await connect(fresh_nats.url, "test")
    js = client.jetstream(timeout=10)
    await streams.declare(js)
    yield js
    await client.close()


async def publish(js: JetStreamContext, *bodies: bytes | Event) -> None:
    await asyncio.gather(
        *(
            js.publish(
                SUBJECT,
                body if isinstance(body, bytes) else encode(body),
                headers={} if isinstance(body, bytes) else {"Nats-Msg-Id": message_id(body)},
            )
            for body in bodies
        )
    )


async def count_of(database: Database, table: Any) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


@pytest.mark.fault
@pytest.mark.parametrize("point", CRASH_POINTS)
async def test_a_crash_at_any_step_loses_nothing_and_doubles_nothing(
    point: str,
    consumer: Consumer,
    js: JetStreamContext,
    database: Database,
    view: Callable[..., Event],
    total: Any,
    fresh_nats: NatsServer,
) -> None:
    await publish(js, *(view(number) for number in range(120)), b"{broken")
    consumer.env = {**consumer.env, "AHEAD_CRASH_AT": point}
    consumer.start()
    assert await consumer.ended() == -signal.SIGKILL
    stored = await count_of(database, table_of(RawEvent))
    assert (stored == 0) if point == "consumer.before_commit" else (0 < stored < 120)
    consumer.env = {name: value for name, value in consumer.env.items() if name != "AHEAD_CRASH_AT"}
    consumer.start()
    lag = StreamLag(fresh_nats.url, "metering")
    try:
        await eventually(lambda: drained(lag), within_s=45, what="the stream to be empty")
    finally:
        await lag.close()
    assert await total() == 120
    assert await count_of(database, table_of(RawEvent)) == 120
    assert await count_of(database, dead_letters) == 1


async def drained(lag: StreamLag) -> bool:
    return await lag.read() == 0


async def test_poison_among_the_good_is_buried_once_and_delays_nobody(
    consumer: Consumer, js: JetStreamContext, database: Database, view: Callable[..., Event], total: Any
) -> None:
    good = [view(number) for number in range(300)]
    poison = [b"{broken", b"\xff\xfe", b"[]", encode(view(1))[:-1] + b',"x":"' + b"a" * 700_000 + b'"}']
    mixed: list[bytes | Event] = list(good)
    for place, bad in enumerate(poison):
        mixed.insert(place * 70, bad)
    await publish(js, *mixed)
    consumer.start()

    async def all_counted() -> bool:
        return await total() == 300 and await count_of(database, dead_letters) == len(poison)

    await eventually(all_counted, within_s=30, what="everything counted or buried")


async def test_the_consumer_outlives_the_event_server(
    consumer: Consumer,
    js: JetStreamContext,
    fresh_nats: NatsServer,
    view: Callable[..., Event],
    total: Any,
) -> None:
    consumer.start()
    await publish(js, *(view(number) for number in range(20)))

    async def counted(number: int) -> bool:
        return await total() == number

    await eventually(lambda: counted(20), within_s=30)
    fresh_nats.kill()
    fresh_nats.start()

    async def send() -> bool:
        await publish(js, *(view(number) for number in range(40)))
        return True

    await eventually(send, within_s=30, what="the server to take events again")
    await eventually(lambda: counted(40), within_s=30, what="counting to go on")


async def test_a_locked_database_postpones_and_loses_nothing(
    consumer: Consumer,
    js: JetStreamContext,
    database: Database,
    view: Callable[..., Event],
    total: Any,
) -> None:
    consumer.start()
    async with database.write() as session:
        await session.execute(select(func.count()).select_from(table_of(RawEvent)))
        if database.dialect == "postgresql":
            await session.execute(text("LOCK TABLE raw_events IN ACCESS EXCLUSIVE MODE"))
        await publish(js, *(view(number) for number in range(20)))
        # Long enough for the consumer to have fetched and to stand before the lock.
        await eventually(lambda: delivered(js), within_s=30)

    async def counted() -> bool:
        return await total() == 20

    await eventually(counted, within_s=60)


async def delivered(js: JetStreamContext) -> bool:
    info = await js.consumer_info(streams.STREAM, "metering")
    return bool(info.num_ack_pending)


async def test_the_consumer_ends_cleanly(
    consumer: Consumer, js: JetStreamContext, fresh_nats: NatsServer
) -> None:
    consumer.start()
    await eventually(lambda: js.consumer_info(streams.STREAM, "metering"), within_s=30)
    process = consumer._process
    assert process
    consumer.send_signal(signal.SIGTERM)
    await eventually(lambda: process.poll() is not None, within_s=30)
    assert process.returncode == 0


async def test_stream_lag_is_what_is_not_counted_yet_and_null_when_the_server_is_gone(
    js: JetStreamContext, fresh_nats: NatsServer, view: Callable[..., Event]
) -> None:
    lag = StreamLag(fresh_nats.url, "metering")
    try:
        assert await lag.read() is None, "there is no consumer yet"
        await streams.declare_consumer(js, "metering")
        assert await lag.read() == 0
        await publish(js, *(view(number) for number in range(7)))
        assert await lag.read() == 7
        subscription = await js.pull_subscribe_bind("metering", streams.STREAM)
        batch = await subscription.fetch(3, timeout=5)
        assert await lag.read() == 7, "delivered isn't counted"
        for message in batch:
            await message.ack_sync()
        assert await lag.read() == 4
        fresh_nats.kill()
        assert await lag.read() is None
        fresh_nats.start()
        await eventually(lag.read, within_s=30)
    finally:
        await lag.close()


async def test_health_tells_the_lag_and_the_dead_letters(
    operator: httpx.AsyncClient, ingest: Any, messages: Any
) -> None:
    await ingest.handle(messages(b"{"))
    health = (await operator.get("/api/metering/v1/ops/health")).json()
    assert health["dead_letters"] == 1
    assert health["outbox_age_s"] == 0
    assert health["queues"] == {}
    assert "stream_lag" in health
