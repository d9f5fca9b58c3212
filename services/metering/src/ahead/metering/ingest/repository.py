"""Statements of the consumer: one for all events of a batch, one for each table of counts.

Rows travel as one JSON text and are unpacked by the database. A statement with thousands of parameters costs
more in Python than in the database; this one costs Python next to nothing and runs without holding the
interpreter, so that the next batch is fetched and read meanwhile.
"""

from collections.abc import Mapping, Sequence
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
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.models import ClosedPeriodCorrection, RawEvent, UsageDaily, UsageHourly, table_of
from ahead.shared.db.base import UtcDateTime

KEYS = ("bucket", "product", "metric", "plan", "period", "principal", "thing")
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
_encoder = msgspec.json.Encoder()


def _unpacked(table: Table, names: tuple[str, ...], dialect: str) -> Any:
    """A SELECT that turns ``:rows``, a JSON array of arrays, into rows with the columns of a table."""
    if dialect == "sqlite":
        item = func.json_each(bindparam("rows", type_=String)).table_valued("value")
        values: list[Any] = [func.json_extract(item.c.value, f"$[{place}]") for place in range(len(names))]
        # SQLite reads ON CONFLICT as part of a join where no WHERE stands between.
        return select(*values).select_from(item).where(text("1 = 1"))
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
def _insert_new(dialect: str) -> Any:
    raw = table_of(RawEvent)
    return (
        _insert_for(dialect, raw)
        .from_select(COLUMNS, _unpacked(raw, COLUMNS, dialect))
        .on_conflict_do_nothing()
        .returning(raw.c.source, raw.c.event_id)
    )


@cache
def _add_counts(dialect: str, own: Table, target: Table) -> Any:
    names = (*KEYS, "count")
    statement = _insert_for(dialect, target).from_select(names, _unpacked(own, names, dialect))
    return statement.on_conflict_do_update(
        index_elements=list(KEYS), set_={"count": target.c.count + statement.excluded.count}
    )


@cache
def _add_corrections(dialect: str) -> Any:
    table = table_of(ClosedPeriodCorrection)
    names = tuple(_CORRECTION)
    return (
        _insert_for(dialect, table)
        .from_select(names, _unpacked(table, names, dialect))
        .on_conflict_do_nothing()
    )


def _insert_for(dialect: str, table: Table) -> Any:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def _execute(session: AsyncSession, statement: Any, rows: Sequence[Sequence[Any]]) -> Any:
    connection = await session.connection()
    return await connection.execute(statement, {"rows": _encoder.encode(rows).decode()})


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


async def insert_new(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> list[tuple[str, str]]:
    """Insert rows (COLUMNS in order); returns (source, event_id) of those that were not there."""
    result = await _execute(session, _insert_new(_dialect(session)), rows)
    return [(row[0], row[1]) for row in result]


async def add_counts(
    session: AsyncSession,
    model: type[UsageHourly] | type[UsageDaily],
    counts: Mapping[tuple[str, ...], int],
    *,
    table: Table | None = None,
) -> None:
    """Add to counts, in order of their keys. `table` stands in for the model's own during a rebuild."""
    own = table_of(model)
    statement = _add_counts(_dialect(session), own, own if table is None else table)
    await _execute(session, statement, [(*key, counts[key]) for key in sorted(counts)])


async def add_corrections(session: AsyncSession, rows: Sequence[Any]) -> None:
    """Record rows of raw_events as corrections."""
    taken = tuple(_CORRECTION.values())
    values = [[getattr(row, name) for name in taken] for row in rows]
    await _execute(session, _add_corrections(_dialect(session)), values)
