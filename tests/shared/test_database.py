"""A write block is one transaction that sees no stale state; what passes by itself is a 503."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, select

from ahead.shared.db.base import make_base
from ahead.shared.db.engine import Database
from ahead.shared.errors import Unavailable

Base = make_base("books")


class Counter(Base, table=True):
    id: int = Field(primary_key=True)
    n: int = 0


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url, wait_s=2)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.write() as session:
        session.add(Counter(id=1, n=0))
    yield database
    await database.close()


async def value(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(Counter.n))).scalar_one()


async def test_an_error_in_the_block_keeps_nothing(database: Database):
    with pytest.raises(ValueError, match="stop"):
        async with database.write() as session:
            session.add(Counter(id=2, n=5))
            raise ValueError("stop")
    async with database.read() as session:
        assert await session.get(Counter, 2) is None


async def test_what_is_written_in_a_read_block_is_not_kept(database: Database):
    with pytest.raises(Exception, match=r"readonly|read"):
        async with database.read() as session:
            session.add(Counter(id=3, n=1))
            await session.flush()
            raise ValueError("a read block never commits")
    async with database.read() as session:
        assert await session.get(Counter, 3) is None


async def test_on_sqlite_parallel_read_modify_writes_lose_no_update(sqlite_url: str):
    # On a busy machine the last in the queue waits longer than a visitor would.
    database = Database(sqlite_url, wait_s=120)
    other = Database(sqlite_url, wait_s=120)  # as a second process would have it
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.write() as session:
        session.add(Counter(id=1, n=0))

    async def increment(through: Database) -> None:
        async with through.write() as session:
            counter = await session.get(Counter, 1)
            assert counter
            counter.n += 1

    await asyncio.gather(*(increment(one) for one in (database, other) for _ in range(100)))
    assert await value(database) == 200
    await database.close()
    await other.close()


async def test_a_locked_database_is_a_503_that_says_when_to_come_back(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("ahead.shared.db.engine.PRAGMAS", ("journal_mode=WAL", "busy_timeout=100"))
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/locked.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    holder = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused:
        async with database.write() as session:
            session.add(Counter(id=1, n=1))
    assert refused.value.status == 503
    assert refused.value.headers["Retry-After"] == "2"
    holder.execute("ROLLBACK")
    holder.close()
    async with database.write() as session:
        session.add(Counter(id=1, n=1))
    await database.close()


async def test_readers_go_on_while_a_writer_holds_the_lock(database: Database):
    async with database.write() as session:
        counter = await session.get(Counter, 1)
        assert counter
        counter.n = 9
        await session.flush()
        assert await asyncio.wait_for(value(database), 1) == 0
    assert await value(database) == 9


async def test_a_server_that_is_away_is_a_503():
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable):
        async with database.write() as session:
            session.add(Counter(id=1))
    await database.close()


def test_tables_of_two_services_with_one_name_live_in_one_process():
    first, second = make_base("first"), make_base("second")

    class Thing(first, table=True):
        id: int = Field(primary_key=True)

    with_same_name = type(
        "Thing", (second,), {"__annotations__": {"id": int}, "id": Field(primary_key=True)}, table=True
    )
    assert Thing.metadata is not with_same_name.metadata


async def test_a_transaction_in_one_go_is_committed_whole_or_not_at_all(database: Database):
    async def add(session: AsyncSession) -> int:
        session.add(Counter(id=2, n=5))
        await session.flush()
        return 7

    assert await database.transact(add) == 7

    async def fail(session: AsyncSession) -> None:
        session.add(Counter(id=3, n=5))
        await session.flush()
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await database.transact(fail)
    async with database.quick() as reads:
        assert list(await reads.scalars(select(Counter.id).order_by(Counter.id))) == [1, 2]


async def test_parallel_transactions_in_one_go_lose_no_update(database: Database):
    async def increment(session: AsyncSession) -> None:
        counter = await session.get(Counter, 1, with_for_update=True)
        assert counter
        counter.n += 1

    await asyncio.gather(*(database.transact(increment) for _ in range(100)))
    assert await value(database) == 100


async def test_work_that_waits_for_something_else_is_refused_on_sqlite(sqlite_url: str):
    database = Database(sqlite_url)

    async def wait(_session: AsyncSession) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="something else"):
        await database.transact(wait)
    await database.close()
