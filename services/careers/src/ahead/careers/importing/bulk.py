"""Many rows at once. On SQLite the statement is put together once and the driver gets plain tuples: the session would
look at each value of a hundred thousand rows several times. Elsewhere the session does it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.ext.asyncio import AsyncSession

_DIALECT: Any = pysqlite.dialect()


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
    write = _DIALECT.identifier_preparer
    marks = ", ".join("?" for _ in names)
    quoted = ", ".join(write.format_column(table.c[name]) for name in names)
    return f"INSERT INTO {write.format_table(table)} ({quoted}) VALUES ({marks})"  # noqa: S608


def _written(table: Table, name: str, value: Any) -> Any:
    """As the driver takes it."""
    kind: Any = table.c[name].type
    write = kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return value if write is None else write(value)
