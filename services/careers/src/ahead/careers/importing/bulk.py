"""Many rows at once. On SQLite the statement is put together once and the driver gets plain tuples: the session would
look at each value of a hundred thousand rows several times. Elsewhere the session does it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, insert, sql
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.db.engine import Database

_DIALECT: Any = pysqlite.dialect()
# Pages of the write-ahead log that are gone through at once: 16 MB, and SQLite's own default.
LONG_LOG, USUAL_LOG = 4000, 1000


@asynccontextmanager
async def long_load(database: Database) -> AsyncGenerator[None]:
    """Many transactions one after the other: SQLite carries the pages of its log into the database less often.

    By default it does so after each thousand jobs, and the pages of indexes that all of them touch are carried each
    time. Every commit is as durable as ever.
    """
    await _carry_every(database, LONG_LOG)
    try:
        yield
    finally:
        await _carry_every(database, USUAL_LOG)


async def _carry_every(database: Database, pages: int) -> None:
    if database.dialect == "sqlite":
        async with database.write() as session:
            await (await session.connection()).exec_driver_sql(f"PRAGMA wal_autocheckpoint={pages}")


async def insert_all(
    session: AsyncSession,
    table: Table,
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    same: Mapping[str, Any],
) -> None:
    """Every column that needs a value is named: no defaults are filled in.

    Args:
        rows: values in the order of `names`: texts and whole numbers.
        same: what is the same in all rows, of any type.
    """
    if not rows:
        return
    connection = await session.connection()
    if connection.dialect.name != "sqlite":
        await connection.execute(
            insert(table), [{**dict(zip(names, row, strict=True)), **same} for row in rows]
        )
        return
    rest = tuple(_written(table, name, value) for name, value in same.items())
    statement = _statement(table, (*names, *same))
    await connection.exec_driver_sql(statement, [row + rest for row in rows])


@lru_cache
def _statement(table: Table, names: tuple[str, ...]) -> str:
    # Of a table with these columns alone, so that they come in this order.
    narrow = sql.table(table.name, *(sql.column(table.c[name].name) for name in names))
    return str(insert(narrow).compile(dialect=_DIALECT))


def _written(table: Table, name: str, value: Any) -> Any:
    """As the driver takes it."""
    kind: Any = table.c[name].type
    write = kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return value if write is None else write(value)
