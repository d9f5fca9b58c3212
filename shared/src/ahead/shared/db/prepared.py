"""Statements that run often: put together once, and on SQLite handed to the driver as they are.

A session takes several times as long over a small statement as SQLite itself: it looks the statement up, binds,
wraps the cursor, types the result. Where the database is a file in the same process that is most of the time.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.sql.compiler import SQLCompiler

from ahead.shared.db.engine import Executor

_DIALECT: Any = pysqlite.dialect()
_Processor = Callable[[Any], Any]


@dataclass(frozen=True)
class _Plain:
    """A statement as text. Per place: the parameter's name, its fixed value, how it is written and read."""

    text: str
    places: tuple[tuple[str, Any, _Processor | None], ...]
    read: tuple[_Processor | None, ...] | None

    def run(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> list[Any]:
        parameters: list[Any] = []
        for name, fixed, write in self.places:
            value = values.get(name, fixed)
            parameters.append(value if write is None else write(value))
        # All rows at once: a statement that is not at its end would hold its lock.
        rows = driver.execute(self.text, parameters).fetchall()
        read = self.read
        if read is None:
            return rows
        return [
            tuple(
                value if process is None else process(value) for value, process in zip(row, read, strict=True)
            )
            for row in rows
        ]


class Prepared:
    """A Core statement with named parameters; rows are tuples.

    It runs on any session: one that offers its driver (`Database.transact` and `Database.quick` on SQLite)
    gets plain SQL, any other the statement itself. IN over a list isn't for it: the text would change.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._plain: _Plain | None = None

    async def all(self, session: Executor, values: Mapping[str, Any]) -> Sequence[Any]:
        driver: sqlite3.Connection | None = getattr(session, "driver", None)
        if driver is None:
            result = await session.execute(self._statement, values)
            return result.all() if result.returns_rows else ()
        if self._plain is None:
            self._plain = _plain(self._statement)
        return self._plain.run(driver, values)

    async def first(self, session: Executor, values: Mapping[str, Any]) -> Any | None:
        rows = await self.all(session, values)
        return rows[0] if rows else None

    async def scalar(self, session: Executor, values: Mapping[str, Any]) -> Any | None:
        rows = await self.all(session, values)
        return rows[0][0] if rows else None


def _plain(statement: Any) -> _Plain:
    compiled = statement.compile(dialect=_DIALECT)
    assert isinstance(compiled, SQLCompiler)
    if "POSTCOMPILE" in compiled.string:
        raise ValueError("a statement whose text depends on its parameters can't be prepared")
    places = tuple(
        (
            name,
            compiled.params[name],
            compiled.binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT),
        )
        for name in compiled.positiontup or ()
    )
    read = tuple(
        column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
        for column in statement.exported_columns
    )
    return _Plain(compiled.string, places, read if any(read) else None)
