"""From a transaction to a counted batch, over the real NATS server."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import MetaData

from ahead.shared.db import outbox as rows
from ahead.shared.db.engine import Database
from ahead.shared.errors import Unavailable
from ahead.shared.events import streams
from ahead.shared.events.consumer import BatchConsumer, Message
from ahead.shared.events.envelope import decode, make_event
from ahead.shared.events.publisher import BufferedPublisher, Publisher, connect
from ahead.shared.events.relay import Relay
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.waiting import eventually

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
metadata = MetaData()
outbox = rows.outbox_table(metadata)
jobs = rows.job_table(metadata)


def view(number: int):
    return make_event(
        "lookup",
        "code.viewed",
        subject=f"g:{number}",
        plan="guest",
        period="2026-11",
        thing="icd10cm/E11.9",
        at=AT,
        id=f"view-{number}",
    )


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
async def publisher(fresh_nats: NatsServer) -> AsyncGenerator[Publisher]:
    client = await connect(fresh_nats.url, "test")
    await streams.declare(client.jetstream())
    await client.close()
    publisher = Publisher(fresh_nats.url, "test relay")
    yield publisher
    await publisher.close()


class Ledger:
    def __init__(self) -> None:
        self.ids: list[str] = []
        self.buried: list[tuple[bytes, str]] = []
        self.away = 0

    async def handle(self, messages: Sequence[Message]) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("database away", retry_after=0)
        read = [decode(message.body).id for message in messages]
        self.ids += read

    async def bury(self, message: Message, reason: str) -> None:
        self.buried.append((message.body, reason))


async def consume(server: NatsServer, ledger: Ledger, done, batch: int = 100) -> None:
    stop = asyncio.Event()
    consumer = BatchConsumer(server.url, "test", ledger.handle, ledger.bury, batch=batch)
    task = asyncio.create_task(consumer.run(stop))
    try:
        await eventually(done, within_s=20)
    finally:
        stop.set()
        await task


async def test_recorded_events_arrive_once_and_are_marked(
    database: Database, publisher: Publisher, fresh_nats: NatsServer
):
    async with database.write() as session:
        for number in range(1200):
            assert await rows.record(session, outbox, view(number))
        assert not await rows.record(session, outbox, view(7)), "the same event id is recorded once"
    relay = Relay("lookup", database, outbox, publisher)
    assert [await relay.relay_events() for _ in range(4)] == [500, 500, 200, 0]
    async with database.read() as session:
        assert await rows.oldest_unpublished(session, outbox) is None
    ledger = Ledger()
    await consume(fresh_nats, ledger, lambda: len(ledger.ids) >= 1200)
    assert sorted(ledger.ids) == sorted(f"view-{number}" for number in range(1200))


async def test_a_rolled_back_transaction_sends_nothing(database: Database, publisher: Publisher):
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await rows.record(session, outbox, view(1))
            raise RuntimeError("the request failed")
    assert await Relay("lookup", database, outbox, publisher).relay_events() == 0


async def test_events_wait_out_a_killed_server_and_arrive_after_it_is_back(
    database: Database, publisher: Publisher, fresh_nats: NatsServer
):
    async with database.write() as session:
        await rows.record(session, outbox, view(1))
    relay = Relay("lookup", database, outbox, publisher)
    assert await relay.relay_events() == 1
    fresh_nats.kill()
    async with database.write() as session:
        await rows.record(session, outbox, view(2))
    with pytest.raises(ConnectionError):
        await relay.relay_events()
    fresh_nats.start()

    async def sent() -> bool:
        try:
            return await relay.relay_events() == 1
        except ConnectionError:
            return False

    await eventually(sent, within_s=20)
    ledger = Ledger()
    await consume(fresh_nats, ledger, lambda: len(ledger.ids) >= 2)
    assert sorted(ledger.ids) == ["view-1", "view-2"]


async def test_a_stopped_relay_leaves_no_connection_behind_though_the_server_is_gone(
    database: Database, publisher: Publisher, fresh_nats: NatsServer
):
    """What went on connecting outlived its loop: the process never ended."""
    before = asyncio.all_tasks()
    relay = Relay("lookup", database, outbox, publisher)
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    async with database.write() as session:
        await rows.record(session, outbox, view(1))

    async def published() -> bool:
        async with database.read() as session:
            return await rows.oldest_unpublished(session, outbox) is None

    await eventually(published, within_s=20)
    fresh_nats.kill()
    await eventually(lambda: any(_attempts(task) for task in asyncio.all_tasks()), within_s=20)
    stop.set()
    await running
    await eventually(lambda: asyncio.all_tasks() <= before, within_s=5)


async def test_a_closed_client_does_not_go_on_connecting_though_its_cancellation_was_lost(
    fresh_nats: NatsServer,
):
    client = await connect(fresh_nats.url, "test")
    fresh_nats.kill()
    await eventually(lambda: client.is_reconnecting, within_s=20)
    await client.close()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(client._select_next_server(), 5)


def _attempts(task: "asyncio.Task[object]") -> bool:
    return "_attempt_reconnect" in repr(task.get_coro())


async def test_a_poison_message_is_buried_once_and_delays_nobody(
    publisher: Publisher, fresh_nats: NatsServer
):
    subject = view(0).type
    good = [(subject, f"k{n}", msgspec.json.encode(view(n))) for n in range(20)]
    bad = (subject, "bad", b'{"broken')
    assert len(await publisher.publish([*good[:10], bad, *good[10:]])) == 21
    ledger = Ledger()
    await consume(fresh_nats, ledger, lambda: len(ledger.buried) == 1)
    assert sorted(set(ledger.ids)) == sorted(f"view-{n}" for n in range(20))
    assert ledger.buried[0][0] == b'{"broken'


async def test_a_batch_comes_back_whole_when_the_database_was_away(
    publisher: Publisher, fresh_nats: NatsServer
):
    await publisher.publish([(view(n).type, f"k{n}", msgspec.json.encode(view(n))) for n in range(5)])
    ledger = Ledger()
    ledger.away = 2
    await consume(fresh_nats, ledger, lambda: len(ledger.ids) == 5)
    assert ledger.buried == []


async def test_a_full_buffer_drops_and_counts_and_never_waits(publisher: Publisher):
    buffer = BufferedPublisher(publisher, "lookup", size=3)
    assert [buffer.offer(view(n)) for n in range(5)] == [True, True, True, False, False]
    assert buffer.dropped == 2
    assert await buffer.flush()


@pytest.mark.parametrize("moment", range(0, 60, 6))
async def test_what_is_cancelled_in_the_middle_of_a_publication_ends(
    publisher: Publisher, moment: int
) -> None:
    """The client library takes a cancellation at a flush for its own: at 12 steps, for one."""
    batch = [(view(n).type, f"k{n}", msgspec.json.encode(view(n))) for n in range(3)]

    async def publish_on() -> None:
        while True:
            await publisher.publish(batch)

    task = asyncio.create_task(publish_on())
    for _ in range(moment):
        await asyncio.sleep(0)
    task.cancel()
    _, going_on = await asyncio.wait([task], timeout=30)
    assert not going_on


async def test_a_buffer_stops_while_it_sends_and_sends_what_it_has(
    fresh_nats: NatsServer, publisher: Publisher
):
    buffer = BufferedPublisher(publisher, "lookup", every_s=0.001)
    buffer.start()
    for number in range(300):
        buffer.offer(view(number))
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await buffer.stop()
    ledger = Ledger()
    await consume(fresh_nats, ledger, lambda: len(ledger.ids) >= 300)
    assert sorted(ledger.ids) == sorted(f"view-{n}" for n in range(300))


async def test_a_server_that_is_not_there_does_not_hold_up_the_end() -> None:
    """While it runs a process tries ten times in five seconds; at its end twice, at once."""
    tried = 0
    enough = asyncio.Event()

    async def turn_away(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tried
        tried += 1
        enough.set()
        writer.close()

    async with await asyncio.start_server(turn_away, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        publisher = Publisher(f"nats://127.0.0.1:{port}", "test")
        buffer = BufferedPublisher(publisher, "lookup", every_s=0.001)
        buffer.start()
        buffer.offer(view(1))
        await enough.wait()
        before = tried
        await buffer.stop()
        await publisher.close()
        assert tried - before <= 3
