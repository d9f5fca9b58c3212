"""Case2Code forgets an erased account, told by the real event server."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from ahead.lookup.consumer import consumer_part, make_eraser
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.models import ALLOWANCE, DEAD_LETTERS, ERASURES, GUESTS
from ahead.lookup.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.erasure import SUBJECT
from ahead.shared.events import streams
from ahead.shared.events.publisher import connect
from ahead.shared.metering.allowance import take
from ahead.shared.settings import load
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.waiting import eventually

GOLDEN = Path(__file__).parents[2] / "contracts" / "accounts" / "account.erased.json"
NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    migrations.upgrade(database_url, MIGRATIONS)
    database = Database(database_url)
    yield database
    await database.close()


def golden(account: str, guest: str | None, id: str) -> bytes:
    """The event as accounts sends it, with ids in their places."""
    event = json.loads(GOLDEN.read_text())
    event |= {"id": id, "subject": f"a:{account}"}
    event["data"]["guest"] = f"g:{guest}" if guest else None
    return json.dumps(event).encode()


async def hold(database: Database, *subjects: str) -> None:
    async with database.write() as session:
        for subject in subjects:
            await take(
                session,
                ALLOWANCE,
                metric="code.viewed",
                principal=subject,
                thing="icd10cm/E11.9",
                period="2026-11",
                limit=5,
                at=NOW,
            )
            if subject.startswith("g:"):
                guest = {"guest_id": subject.removeprefix("g:"), "day": "2026-11-05"}
                await session.execute(insert(GUESTS.admitted).values(guest))


async def holders(database: Database) -> set[str]:
    async with database.read() as session:
        found = set(await session.scalars(select(ALLOWANCE.grants.c.principal)))
        found |= set(await session.scalars(select(ALLOWANCE.counters.c.principal)))
        return found | {f"g:{guest}" for guest in await session.scalars(select(GUESTS.admitted.c.guest_id))}


async def test_the_consumer_forgets_and_buries_what_it_cannot_read(
    database: Database, fresh_nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AHEAD_NATS_URL", fresh_nats.url)
    await hold(database, "a:1", "g:7", "a:2", "g:8")
    stop = asyncio.Event()
    running = asyncio.create_task(consumer_part(load(Settings), database)(stop))
    client = await connect(fresh_nats.url, "test")
    try:
        js = client.jetstream(timeout=10)
        await streams.declare(js)
        for body in (b"{", golden("1", "7", "e-1"), golden("1", "7", "e-1")):
            await js.publish(SUBJECT, body)
        # Others' events don't come here at all.
        await js.publish("ahead.events.lookup.code.viewed.v1", b"{")

        async def done() -> bool:
            async with database.read() as session:
                buried = (await session.execute(select(func.count()).select_from(DEAD_LETTERS))).scalar_one()
            return buried == 1 and await holders(database) == {"a:2", "g:8"}

        await eventually(done, within_s=30, what="one account to be forgotten")
        info = await js.consumer_info(streams.STREAM, "lookup-erasures")
        assert info.config.filter_subject == SUBJECT
    finally:
        stop.set()
        await running
        await client.close()


async def test_an_account_without_a_guest_takes_no_guest_with_it(database: Database) -> None:
    await hold(database, "a:1", "g:7")
    clock = FixedClock(NOW)
    eraser = make_eraser(database, clock)
    async with database.write() as session:
        assert await eraser.apply(session, golden("1", None, "e-1"))
    assert await holders(database) == {"g:7"}
    async with database.read() as session:
        assert (await session.execute(select(ERASURES.c.guest))).scalars().all() == [""]
