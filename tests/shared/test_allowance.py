"""Allowances are decided once, under any parallel load, on both databases."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, func, select

from ahead.shared.db.engine import Database
from ahead.shared.metering import allowance
from ahead.shared.metering.allowance import Taken

AT = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
metadata = MetaData()
tables = allowance.allowance_tables(metadata)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url, pool_size=10, wait_s=30)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


async def take(database: Database, thing: str, *, who="a:1", limit: int | None = 5, month="2026-11", also=()):
    return await database.transact(
        lambda session: allowance.take(
            session,
            tables,
            metric="code.viewed",
            principal=who,
            thing=thing,
            period=month,
            limit=limit,
            at=AT,
            also=also,
        )
    )


async def grants(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(tables.grants))).scalar_one()


async def test_the_same_thing_again_in_the_month_costs_nothing(database: Database):
    assert await take(database, "E11.9") == Taken("granted", 1, 5)
    assert await take(database, "E11.9") == Taken("already", 1, 5)
    assert (await take(database, "E11.9", month="2026-12")).outcome == "granted"


async def test_fifty_parallel_requests_for_fifty_codes_grant_exactly_what_is_left(database: Database):
    await take(database, "first")
    answers = await asyncio.gather(*(take(database, f"code {n}") for n in range(50)))
    assert sorted(a.outcome for a in answers).count("granted") == 4
    assert await grants(database) == 5
    assert (await take(database, "another")).outcome == "denied"


async def test_fifty_parallel_requests_for_one_code_take_one(database: Database):
    answers = await asyncio.gather(*(take(database, "E11.9") for _ in range(50)))
    assert [a.outcome for a in answers].count("granted") == 1
    assert {a.outcome for a in answers} == {"granted", "already"}
    assert answers[-1].used <= 1


async def test_what_the_linked_guest_opened_stays_open_and_does_not_count(database: Database):
    await take(database, "E11.9", who="g:7", limit=1)
    taken = await take(database, "E11.9", also=["g:7"])
    assert taken == Taken("already", 0, 5)


async def test_a_denied_request_leaves_no_grant_behind(database: Database):
    assert (await take(database, "x", limit=0)) == Taken("denied", 0, 0)
    assert await grants(database) == 0


async def test_unlimited_plans_are_counted_too(database: Database):
    for n in range(7):
        assert (await take(database, f"code {n}", limit=None)).outcome == "granted"
    assert (await take(database, "last", limit=None)).used == 8


async def test_a_rolled_back_answer_takes_nothing(database: Database):
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await allowance.take(
                session,
                tables,
                metric="code.viewed",
                principal="a:1",
                thing="E11.9",
                period="2026-11",
                limit=5,
                at=AT,
            )
            raise RuntimeError("the page could not be made")
    assert await grants(database) == 0
    assert await take(database, "E11.9") == Taken("granted", 1, 5)


async def test_what_is_given_back_can_be_taken_again_and_is_given_back_once(database: Database):
    assert (await take(database, "E11.9", limit=1)).outcome == "granted"
    key = {"metric": "code.viewed", "principal": "a:1", "thing": "E11.9", "period": "2026-11"}
    for expected in (True, False):
        assert (
            await database.transact(lambda session: allowance.give_back(session, tables, **key)) is expected
        )
    assert await grants(database) == 0
    assert await take(database, "I10", limit=1) == Taken("granted", 1, 1)
