"""Metering's consumer against a loop that only fetches and acknowledges, over the same events in one run.

The two take turns, each with a durable consumer of its own on one stream; medians are compared.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import uvloop
from sqlalchemy import func, select

from ahead.metering.consumer import Ingest
from ahead.metering.db import MIGRATIONS
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.models import UsageHourly, table_of
from ahead.shared.clock import period_of
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.events import streams
from ahead.shared.events.consumer import BatchConsumer, Message
from ahead.shared.events.envelope import encode, make_event, message_id
from ahead.shared.events.publisher import Publisher, connect
from ahead.shared.testing.nats_server import NatsServer

EVENTS = 20_000
BATCH = 500
ROUNDS = 5
AT_LEAST = 0.5


async def publish(url: str) -> None:
    """Views as guests and accounts make them: many people, few codes, two hours."""
    client = await connect(url, "bench")
    await streams.declare(client.jetstream())
    await client.close()
    publisher = Publisher(url, "bench", timeout_s=60)
    now = datetime.now(UTC)
    for start in range(0, EVENTS, 2_000):
        events = [
            make_event(
                "lookup",
                "code.viewed",
                subject=f"g:{number % 7_001:032x}",
                plan=("guest", "free", "pro")[number % 3],
                period=period_of(now),
                thing=f"icd10cm/E{number % 997:03d}.{number % 10}",
                at=now - timedelta(seconds=number % 7200),
            )
            for number in range(start, start + 2_000)
        ]
        outgoing = [(event.type, message_id(event), encode(event)) for event in events]
        sent = await publisher.publish(outgoing)
        assert len(sent) == len(outgoing), "the event server didn't take everything"
    await publisher.close()


async def raw_loop(url: str, durable: str) -> float:
    """Events a second of fetch and acknowledge, and nothing else."""
    client = await connect(url, durable)
    js = client.jetstream(timeout=5)
    await streams.declare_consumer(js, durable, batch=BATCH)
    subscription = await js.pull_subscribe_bind(durable, streams.STREAM)
    done = 0
    began = time.perf_counter()
    while done < EVENTS:
        messages = await subscription.fetch(BATCH, timeout=5)
        for message in messages:
            await message.ack()
        done += len(messages)
    await client.drain()
    return EVENTS / (time.perf_counter() - began)


async def our_consumer(url: str, durable: str, database_url: str) -> float:
    """Events a second of the real consumer, until everything is stored, counted and acknowledged."""
    database = Database(database_url)
    ingest = Ingest(database, Blinding("e" * 40))
    stop = asyncio.Event()
    began = 0.0
    done = 0

    async def handle(messages: Sequence[Message]) -> None:
        nonlocal began, done
        # The first batch warms up the connection and the statements, as it does once in a process's life.
        await ingest.handle(messages)
        if not done:
            began = time.perf_counter()
            first.append(len(messages))
        done += len(messages)
        if done >= EVENTS:
            stop.set()

    first: list[int] = []
    consumer = BatchConsumer(url, durable, handle, ingest.bury, batch=BATCH)
    await consumer.run(stop)
    rate = (EVENTS - first[0]) / (time.perf_counter() - began)
    async with database.read() as session:
        counted = (await session.execute(select(func.sum(table_of(UsageHourly).c.count)))).scalar_one()
    assert counted == EVENTS, f"{counted} of {EVENTS} counted"
    await database.close()
    return rate


def main() -> int:
    """Print both rates and their ratio; 1 when the ratio is missed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with NatsServer(folder / "nats") as nats:
            uvloop.run(publish(nats.url))
            raw: list[float] = []
            ours: list[float] = []
            for number in range(ROUNDS):
                raw.append(uvloop.run(raw_loop(nats.url, f"raw-{number}")))
                database_url = f"sqlite+aiosqlite:///{folder}/metering-{number}.db"
                migrations.upgrade(database_url, MIGRATIONS)
                ours.append(uvloop.run(our_consumer(nats.url, f"metering-{number}", database_url)))
    ratio = median(ours) / median(raw)
    print(f"metering consumer {median(ours):,.0f}/s, raw fetch and acknowledge {median(raw):,.0f}/s")
    print(f"ratio {ratio:.2f} (at least {AT_LEAST}): {'met' if ratio >= AT_LEAST else 'NOT MET'}")
    return 0 if ratio >= AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
