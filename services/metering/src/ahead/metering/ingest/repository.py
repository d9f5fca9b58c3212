"""Statements of the consumer: for all events of a batch, and for each table of counts.

To PostgreSQL rows travel as one JSON text, which it unpacks: a statement with thousands of parameters costs more
in Python and on the way than in the database. SQLite binds parameters in place and takes twice as long over
JSON, so it gets many rows of VALUES at a time. Either way few statements run long without the interpreter, so
that the next batch is fetched and read meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    String,
    Table,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.models import ClosedPeriodCorrection, RawEvent, UsageDaily, UsageHourly, table_of
from ahead.shared.db.base import UtcDateTime

KEYS = ("bucket", "product", "metric", "plan", "period", "principal", "thing")
_COUNTS = (*KEYS, "count")
COLUMNS = (
    "source",
    "event_id",
    "type",
    "product",
    "metric",
    "plan",
    "period",
    "principal",
    "thing",
    "quantity",
    "occurred_at",
    "received_at",
    "detail",
    "results",
    "body",
)
# Columns of a correction, and what of a row of raw_events goes there.
_CORRECTION = {
    "source": "source",
    "event_id": "event_id",
    "period": "period",
    "product": "product",
    "metric": "metric",
    "plan": "plan",
    "principal": "principal",
    "thing": "thing",
    "quantity": "quantity",
    "occurred_at": "occurred_at",
    "recorded_at": "received_at",
}
# Few enough for the limit of 32,766 parameters.
_AT_ONCE = 250
_encoder = msgspec.json.Encoder()


def _unpacked(table: Table, names: tuple[str, ...]) -> Any:
    """A SELECT that turns ``:rows``, a JSON array of arrays, into rows with the columns of a table."""
    rows = func.json_array_elements(cast(bindparam("rows", type_=String), JSON)).table_valued(
        column("value", JSON)
    )
    return select(
        *(
            _typed(table, name, func.json_extract_path_text(rows.c.value, str(place)))
            for place, name in enumerate(names)
        )
    ).select_from(rows)


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if isinstance(kind, UtcDateTime):
        return func.timezone("UTC", cast(value, DateTime))
    if isinstance(kind, Date):
        return cast(value, Date)
    return cast(value, BigInteger) if kind.python_type is int else value


@cache
def _insert_new() -> Any:
    raw = table_of(RawEvent)
    statement = postgresql.insert(raw).from_select(COLUMNS, _unpacked(raw, COLUMNS))
    return statement.on_conflict_do_nothing().returning(raw.c.source, raw.c.event_id)


@cache
def _add_counts(own: Table, target: Table) -> Any:
    statement = postgresql.insert(target).from_select(_COUNTS, _unpacked(own, _COUNTS))
    return _adding(statement, target)


@cache
def _add_corrections() -> Any:
    table = table_of(ClosedPeriodCorrection)
    names = tuple(_CORRECTION)
    return postgresql.insert(table).from_select(names, _unpacked(table, names)).on_conflict_do_nothing()


def _adding(statement: Any, target: Table) -> Any:
    return statement.on_conflict_do_update(
        index_elements=list(KEYS), set_={"count": target.c.count + statement.excluded.count}
    )


class _Values:
    """INSERT ... VALUES for SQLite, of as many rows as there are: one row's text, and more of the same."""

    def __init__(self, table: Table, names: tuple[str, ...], finish: Callable[[sqlite.Insert], Any]) -> None:
        one = sqlite.insert(table).values({name: bindparam(name) for name in names})
        text = str(finish(one).compile(dialect=pysqlite.dialect(), column_keys=list(names)))
        self._row = f"({', '.join('?' * len(names))})"
        self._head, row, self._tail = text.partition(self._row)
        assert row, text
        columns = self._head.partition("(")[2].partition(")")[0].replace('"', "").split(", ")
        self._order = [names.index(name) for name in columns]

    async def insert(self, session: AsyncSession, rows: Sequence[Sequence[Any]]) -> int:
        """Returns how many rows were written."""
        connection = await session.connection()
        written = 0
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            text = self._head + ", ".join([self._row] * len(some)) + self._tail
            values = tuple(row[place] for row in some for place in self._order)
            written += (await connection.exec_driver_sql(text, values)).rowcount
        return written


@cache
def _new_values() -> _Values:
    return _Values(table_of(RawEvent), COLUMNS, lambda insert: insert.on_conflict_do_nothing())


@cache
def _count_values(target: Table) -> _Values:
    return _Values(target, _COUNTS, lambda insert: _adding(insert, target))


@cache
def _correction_values() -> _Values:
    return _Values(
        table_of(ClosedPeriodCorrection), tuple(_CORRECTION), lambda insert: insert.on_conflict_do_nothing()
    )


async def _execute(session: AsyncSession, statement: Any, rows: Sequence[Sequence[Any]]) -> Any:
    connection = await session.connection()
    return await connection.execute(statement, {"rows": _encoder.encode(rows).decode()})


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


async def insert_new(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> list[tuple[str, str]]:
    """Insert rows (COLUMNS in order); returns (source, event_id) of those that were not there."""
    if not _is_sqlite(session):
        return [(row[0], row[1]) for row in await _execute(session, _insert_new(), rows)]
    # Here nobody else writes meanwhile: what was written is what has a higher number.
    raw = table_of(RawEvent)
    newest = await session.scalar(select(func.max(raw.c.seq)))
    if await _new_values().insert(session, rows) == len(rows):
        return [(row[0], row[1]) for row in rows]
    new = select(raw.c.source, raw.c.event_id).where(raw.c.seq > (newest or 0))
    return [(row[0], row[1]) for row in await session.execute(new)]


async def add_counts(
    session: AsyncSession,
    model: type[UsageHourly] | type[UsageDaily],
    counts: Mapping[tuple[str, ...], int],
    *,
    table: Table | None = None,
) -> None:
    """Add to counts, in order of their keys. `table` stands in for the model's own during a rebuild."""
    own = table_of(model)
    target = own if table is None else table
    rows = [(*key, counts[key]) for key in sorted(counts)]
    if _is_sqlite(session):
        await _count_values(target).insert(session, rows)
    else:
        await _execute(session, _add_counts(own, target), rows)


async def add_corrections(session: AsyncSession, rows: Sequence[Any]) -> None:
    """Record rows of raw_events as corrections."""
    taken = tuple(_CORRECTION.values())
    values = [[getattr(row, name) for name in taken] for row in rows]
    if _is_sqlite(session):
        await _correction_values().insert(session, values)
    else:
        await _execute(session, _add_corrections(), values)
