"""Statements of the consumer: one for all events of a batch, one for each table of counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.models import ClosedPeriodCorrection, RawEvent, UsageDaily, UsageHourly, table_of
from ahead.shared.db.outbox import insert_for

KEYS = ("bucket", "product", "metric", "plan", "period", "principal", "thing")
_CORRECTION = (
    "source",
    "event_id",
    "period",
    "product",
    "metric",
    "plan",
    "principal",
    "thing",
    "quantity",
    "occurred_at",
)


async def insert_new(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Insert rows; returns (source, event_id) of those that were not there."""
    raw = table_of(RawEvent)
    statement = insert_for(session, raw).on_conflict_do_nothing().returning(raw.c.source, raw.c.event_id)
    connection = await session.connection()
    result = await connection.execute(statement, [dict(row) for row in rows])
    return [(row[0], row[1]) for row in result]


async def add_counts(
    session: AsyncSession,
    model: type[UsageHourly] | type[UsageDaily],
    counts: Mapping[tuple[Any, ...], int],
    *,
    table: Table | None = None,
) -> None:
    """Add to counts, in order of their keys. `table` stands in for the model's own during a rebuild."""
    target = table if table is not None else table_of(model)
    statement = insert_for(session, target)
    statement = statement.on_conflict_do_update(
        index_elements=list(KEYS), set_={"count": target.c.count + statement.excluded.count}
    )
    connection = await session.connection()
    await connection.execute(
        statement, [dict(zip(KEYS, key, strict=True), count=counts[key]) for key in sorted(counts)]
    )


async def add_corrections(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    table = table_of(ClosedPeriodCorrection)
    connection = await session.connection()
    await connection.execute(
        insert_for(session, table).on_conflict_do_nothing(),
        [{key: row[key] for key in _CORRECTION} | {"recorded_at": row["received_at"]} for row in rows],
    )


async def known(session: AsyncSession, source: str, event_id: str) -> bool:
    raw = table_of(RawEvent)
    found = await session.execute(select(raw.c.seq).where(raw.c.source == source, raw.c.event_id == event_id))
    return found.first() is not None
