"""A service follows ``account.erased``: once, again after the last token, and never by what it can't read."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, func, insert, select

from ahead.shared.auth.guests import guest_tables
from ahead.shared.clock import FixedClock
from ahead.shared.db.base import NAMING
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.erasure import LAST_TOKEN, Eraser, erasure_table, forget_allowances
from ahead.shared.errors import Conflict, NotFound
from ahead.shared.events.consumer import Message
from ahead.shared.events.dead_letters import dead_letter_table
from ahead.shared.events.envelope import encode, make_event
from ahead.shared.metering.allowance import allowance_tables, take

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
metadata = MetaData(naming_convention=NAMING)
ALLOWANCE = allowance_tables(metadata)
GUESTS = guest_tables(metadata)
ERASURES = erasure_table(metadata)
LETTERS = dead_letter_table(metadata)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def eraser(database: Database, clock: FixedClock) -> Eraser:
    async def forget(session: Any, subjects: Any) -> None:
        await forget_allowances(session, ALLOWANCE, GUESTS, subjects)

    return Eraser(database, ERASURES, LETTERS, forget, clock=clock)


def erased(account: str = "a:1", guest: str | None = "g:7", id: str = "e-1", **changes: Any) -> bytes:
    event = changes.pop("event", "account.erased")
    given: dict[str, Any] = {"subject": account, "plan": "free", "period": "2026-11", "thing": "account"}
    return encode(
        make_event("accounts", event, at=NOW, id=id, reason="owner", guest=guest, **given | changes)
    )


def messages(*bodies: bytes) -> list[Message]:
    return [Message("ahead.events.x", body, number, 1) for number, body in enumerate(bodies, 1)]


async def view(database: Database, who: str, thing: str = "icd10cm/E11.9") -> None:
    async with database.write() as session:
        await take(
            session,
            ALLOWANCE,
            metric="code.viewed",
            principal=who,
            thing=thing,
            period="2026-11",
            limit=5,
            at=NOW,
        )
        if who.startswith("g:"):
            await session.execute(
                insert(GUESTS.admitted).values(guest_id=who.removeprefix("g:"), day="2026-11-23")
            )


async def rows(database: Database, table: Table) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def held(database: Database) -> tuple[int, int, int]:
    """(grants, counters, guests admitted)"""
    tables = (ALLOWANCE.grants, ALLOWANCE.counters, GUESTS.admitted)
    first, second, third = [await rows(database, table) for table in tables]
    return first, second, third


async def test_grants_counters_and_admission_of_account_and_guest_go_and_others_stay(
    database: Database, eraser: Eraser
) -> None:
    for who in ("a:1", "g:7", "a:2", "g:8"):
        await view(database, who)
    await eraser.handle(messages(erased()))
    assert await held(database) == (2, 2, 1)
    await eraser.handle(messages(erased("a:2", None, "e-2")))
    assert await held(database) == (1, 1, 1)


async def test_the_same_event_again_forgets_once(database: Database, eraser: Eraser) -> None:
    await eraser.handle(messages(erased(), erased()))
    await view(database, "g:7")
    await eraser.handle(messages(erased()))
    assert await held(database) == (1, 1, 1)
    assert await rows(database, ERASURES) == 1


async def test_what_the_last_token_still_brought_is_swept_and_the_note_with_it(
    database: Database, eraser: Eraser, clock: FixedClock
) -> None:
    await eraser.handle(messages(erased()))
    await view(database, "a:1")
    assert await eraser.sweep() == 0
    assert await held(database) == (1, 1, 0)
    clock.advance(LAST_TOKEN + timedelta(seconds=1))
    assert await eraser.sweep() == 1
    assert await held(database) == (0, 0, 0)
    assert await rows(database, ERASURES) == 0


async def test_many_are_swept_in_one_go(database: Database, eraser: Eraser, clock: FixedClock) -> None:
    await eraser.handle(messages(*(erased(f"a:{number}", None, f"e-{number}") for number in range(450))))
    clock.advance(timedelta(hours=3))
    assert await eraser.sweep() == 450


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\x00",
        erased("g:7"),
        erased(guest="a:2"),
        erased(guest="g:" + "x" * 90),
        erased("a:" + "x" * 90),
        erased(event="account.registered"),
    ],
)
async def test_what_is_no_erasure_is_buried_once_and_erases_nobody(
    body: bytes, database: Database, eraser: Eraser
) -> None:
    for who in ("a:1", "a:2", "g:7"):
        await view(database, who)
    await eraser.handle(messages(body))
    await eraser.handle(messages(body))
    assert await held(database) == (3, 3, 1)
    assert await rows(database, LETTERS) == 1
    await eraser.handle(messages(b"{", erased()))
    assert await held(database) == (1, 1, 0)


async def test_an_operator_lets_a_letter_be_followed_or_throws_it_away(
    database: Database, eraser: Eraser
) -> None:
    desk = DeadLetterDesk(database, LETTERS, eraser.apply, done="followed", done_before="followed before")
    await view(database, "a:1")
    await eraser.bury(messages(erased())[0], "the disk was full")
    await eraser.bury(messages(b"", b"{")[1], "broken\0")
    good, bad = sorted((await desk.listed(10)).rows, key=lambda row: row.reason, reverse=True)
    assert (good.reason, bad.reason) == ("the disk was full", "broken\N{REPLACEMENT CHARACTER}")
    assert (await desk.retry(good.id)).outcome == "followed"
    assert await held(database) == (0, 0, 0)
    with pytest.raises(Conflict):
        await desk.retry(bad.id)
    assert await desk.count() == 1
    assert (await desk.discard(bad.id)).outcome == "discarded"
    with pytest.raises(NotFound):
        await desk.retry(bad.id)
    await eraser.bury(messages(erased())[0], "again")
    assert (await desk.retry((await desk.listed(10)).rows[0].id)).outcome == "followed before"


async def test_two_consumers_at_once_forget_once(database: Database, eraser: Eraser) -> None:
    await asyncio.gather(*(eraser.handle(messages(erased())) for _ in range(6)))
    assert await rows(database, ERASURES) == 1
