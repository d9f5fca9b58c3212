"""Many rows at once. On SQLite the statement is put together once and the driver gets plain tuples: the session would
look at each value of a hundred thousand rows several times. Elsewhere the session does it."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.ext.asyncio import AsyncSession

_DIALECT: Any = pysqlite.dialect()
_Write = Callable[[Any], Any]


async def insert_all(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """All rows name the same columns, and every one that needs a value: no defaults are filled in."""
    if not rows:
        return
    connection = await session.connection()
    if connection.dialect.name != "sqlite":
        await connection.execute(insert(table), [dict(row) for row in rows])
        return
    text, places = _plain(table, tuple(rows[0]))
    values = [
        tuple(row[name] if write is None else write(row[name]) for name, write in places) for row in rows
    ]
    await connection.exec_driver_sql(text, values)


@lru_cache
def _plain(table: Table, names: tuple[str, ...]) -> tuple[str, tuple[tuple[str, _Write | None], ...]]:
    columns = [table.c[name] for name in names]
    marks = ", ".join("?" for _ in columns)
    quoted = ", ".join(_DIALECT.identifier_preparer.format_column(column) for column in columns)
    text = f"INSERT INTO {_DIALECT.identifier_preparer.format_table(table)} ({quoted}) VALUES ({marks})"  # noqa: S608
    return text, tuple((column.name, _writer(column.type)) for column in columns)


def _writer(kind: Any) -> _Write | None:
    write = kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    # The moments of an import are few, and written again and again.
    return None if write is None else lru_cache(1024)(write)
