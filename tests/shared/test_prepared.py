"""A prepared statement does on every way to the database what the statement itself does."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.engine import Database, Executor
from ahead.shared.db.prepared import Prepared

metadata = MetaData()
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("text", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
AT = datetime(2026, 11, 23, 18, 5, 1, 250_000, tzinfo=timezone(timedelta(hours=2)))
WRITE = Prepared(
    insert(notes).values(id=bindparam("id"), text="fixed", at=bindparam("at")).returning(notes.c.text)
)
READ = Prepared(select(notes.c.id, notes.c.text, notes.c.at).where(notes.c.id >= bindparam("first")))


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url, wait_s=2)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


async def test_values_and_types_are_the_same_in_a_session_and_in_plain_sql(database: Database):
    async def write(session: Executor, number: int) -> str | None:
        return await WRITE.scalar(session, {"id": number, "at": AT})

    async with database.write() as session:
        assert await write(session, 1) == "fixed"
    assert await database.transact(lambda session: write(session, 2)) == "fixed"
    wanted = [(number, "fixed", AT.astimezone(UTC)) for number in (1, 2)]
    async with database.read() as session:
        assert [tuple(row) for row in await READ.all(session, {"first": 1})] == wanted
    async with database.quick() as session:
        assert [tuple(row) for row in await READ.all(session, {"first": 1})] == wanted
        assert await READ.first(session, {"first": 3}) is None
        assert await READ.scalar(session, {"first": 2}) == 2


async def test_plain_sql_and_statements_share_a_transaction(database: Database):
    async def both(session: AsyncSession) -> None:
        await WRITE.all(session, {"id": 1, "at": AT})
        await session.execute(insert(notes).values(id=2, text="by statement", at=AT))
        assert len(await READ.all(session, {"first": 1})) == 2
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await database.transact(both)
    async with database.quick() as session:
        assert not await READ.all(session, {"first": 1})


async def test_a_statement_whose_text_depends_on_its_values_is_refused_on_sqlite(sqlite_url: str):
    database = Database(sqlite_url)
    any_of = Prepared(select(notes.c.id).where(notes.c.id.in_(bindparam("ids", expanding=True))))
    async with database.quick() as session:
        with pytest.raises(ValueError, match="can't be prepared"):
            await any_of.all(session, {"ids": [1]})
    await database.close()


async def test_what_is_done_meanwhile_has_the_result_and_is_done_before_the_answer(database: Database):
    seen: list[int] = []

    async def work(session: Executor) -> int:
        await WRITE.all(session, {"id": 7, "at": AT})
        return 7

    assert await database.transact(work, meanwhile=seen.append) == 7
    assert seen == [7]

    async def again(session: Executor) -> int:  # the key is taken
        await WRITE.all(session, {"id": 7, "at": AT})
        return 8

    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        await database.transact(again, meanwhile=seen.append)
    assert seen == [7]
    async with database.quick() as session:
        assert len(await READ.all(session, {"first": 1})) == 1
