"""The background side, with the real broker and the real event server."""

import asyncio
import json
import mailbox
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import nats
import pytest
from dramatiq import Worker
from sqlalchemy import func, select, update

from ahead.accounts.models import JOBS, OUTBOX, Mail
from ahead.accounts.parts import Parts
from ahead.accounts.relay import relay_part
from ahead.accounts.settings import Settings
from ahead.accounts.worker import make_jobs
from ahead.shared.db.engine import Database
from ahead.shared.events import streams
from ahead.shared.mail import message_id_for
from ahead.shared.settings import load
from ahead.shared.testing.waiting import eventually

EMAIL = "jane@example.org"


@pytest.fixture
def background_settings(
    settings: Settings, fresh_nats: Any, fresh_redis: Any, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    monkeypatch.setenv("AHEAD_NATS_URL", fresh_nats.url)
    monkeypatch.setenv("AHEAD_REDIS_URL", fresh_redis.url)
    return load(Settings)


@asynccontextmanager
async def background(settings: Settings) -> AsyncGenerator[None]:
    """Relay and worker, as the background process runs them."""
    connection = await nats.connect(settings.shared.nats_url)
    await streams.declare(connection.jetstream())
    await connection.close()
    jobs = make_jobs(settings)
    worker = Worker(jobs.broker, worker_threads=2)
    worker.start()
    database = Database(settings.database)
    stop = asyncio.Event()
    relay = asyncio.create_task(relay_part(settings, database, jobs)(stop))
    try:
        yield
    finally:
        stop.set()
        await relay
        await database.close()
        await asyncio.to_thread(worker.stop)
        jobs.broker.close()


async def test_a_registration_ends_as_a_mail_and_as_events(
    browser: Any, parts: Parts, background_settings: Settings
) -> None:
    await browser.register(EMAIL)
    folder = background_settings.shared.data / "mail" / "out"
    async with background(background_settings):

        async def all_is_done() -> bool:
            async with parts.database.read() as session:
                jobs = await session.scalar(
                    select(func.count()).select_from(JOBS).where(JOBS.c.status == "done")
                )
                waiting = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.published_at.is_(None))
                return jobs == 1 and await session.scalar(waiting) == 0

        await eventually(all_is_done, within_s=30)
    messages = list(mailbox.Maildir(folder, create=False))
    assert [message["To"] for message in messages] == [EMAIL]
    async with parts.database.read() as session:
        ledger = (await session.execute(select(Mail))).scalars().one()
    assert (ledger.recipient, ledger.kind) == ("", "confirm"), "once it's sent, the address isn't kept here"
    assert messages[0]["Message-ID"] == message_id_for("localhost", ledger.id)
    assert EMAIL not in json.dumps([event async for event in events_of(background_settings)])


async def events_of(settings: Settings) -> AsyncGenerator[dict[str, Any]]:
    connection = await nats.connect(settings.shared.nats_url)
    stream = connection.jetstream()
    info = await stream.stream_info(streams.STREAM)
    assert info.state.messages == 2
    for sequence in range(1, info.state.messages + 1):
        message = await stream.get_msg(streams.STREAM, sequence)
        yield json.loads(message.data or b"")
    await connection.close()


async def test_a_mail_handed_over_twice_keeps_its_message_id(
    browser: Any, parts: Parts, post_office: Any
) -> None:
    """Killed between the server's yes and our mark: the same mail goes out again, no second one."""
    await browser.register(EMAIL)
    await post_office.deliver()
    async with parts.database.write() as session:
        await session.execute(update(Mail).values(sent_at=None, recipient=EMAIL))
    post_office._done.clear()
    mails = await post_office.mails_to(EMAIL)
    assert len(mails) == 2
    assert len({mail["Message-ID"] for mail in mails}) == 1
    post_office._done.clear()
    assert len(await post_office.mails_to(EMAIL)) == 2, "what is marked as sent is never sent again"


async def test_jobs_hold_no_address_in_the_clear(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    await browser.post("/account/forgot", {"email": EMAIL})
    await browser.post("/account/delete", {"password": "geranium under the lamp"})
    async with parts.database.read() as session:
        args = (await session.execute(select(JOBS.c.args))).scalars().all()
    assert len(args) == 3
    assert EMAIL not in str(args)
