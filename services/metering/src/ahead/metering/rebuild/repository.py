"""Shadow tables: made beside the real ones, filled, and put in their place in one transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import MetaData, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.schema import CreateTable

from ahead.metering.models import RawEvent, UsageDaily, UsageHourly, table_of

COUNTED = (UsageHourly, UsageDaily)
_SUFFIX = "_rebuild"


def shadow_of(model: type[UsageHourly] | type[UsageDaily]) -> Table:
    table = table_of(model)
    metadata = MetaData(naming_convention=table.metadata.naming_convention)
    return table.to_metadata(metadata, name=table.name + _SUFFIX)


def _postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


async def make_shadows(session: AsyncSession) -> None:
    """Empty shadow tables; what a rebuild that died has left is thrown away."""
    for model in COUNTED:
        shadow = shadow_of(model)
        if _postgresql(session):
            # There the names of keys are those of their indexes, unique in the schema; `swap` gives it back.
            shadow.primary_key.name = f"pk_{shadow.name}"
        await session.execute(text(f"DROP TABLE IF EXISTS {shadow.name}"))
        await session.execute(CreateTable(shadow))


async def newest_seq(session: AsyncSession) -> int:
    """The newest event up to which nothing is still under way.

    On PostgreSQL numbers are given out before their transactions commit: the lock waits for those, and keeps
    new ones out until this transaction ends. On SQLite a write transaction is alone anyway.
    """
    if _postgresql(session):
        await session.execute(text("LOCK TABLE raw_events IN SHARE ROW EXCLUSIVE MODE"))
    raw = table_of(RawEvent)
    return (await session.execute(select(func.coalesce(func.max(raw.c.seq), 0)))).scalar_one()


async def events_after(session: AsyncSession, seq: int, last: int, limit: int) -> Sequence[Any]:
    """What is needed for counting, of events with seq in (seq, last], in order."""
    raw = table_of(RawEvent)
    statement = (
        select(
            raw.c.seq,
            raw.c.product,
            raw.c.metric,
            raw.c.plan,
            raw.c.period,
            raw.c.principal,
            raw.c.thing,
            raw.c.quantity,
            raw.c.occurred_at,
        )
        .where(raw.c.seq > seq, raw.c.seq <= last)
        .order_by(raw.c.seq)
        .limit(limit)
    )
    return (await session.execute(statement)).all()


async def swap(session: AsyncSession) -> None:
    """Shadows become the tables. The caller holds the lock on raw_events, so no count is on its way."""
    for model in COUNTED:
        name = table_of(model).name
        await session.execute(text(f"ALTER TABLE {name} RENAME TO {name}_old"))
        await session.execute(text(f"ALTER TABLE {name}{_SUFFIX} RENAME TO {name}"))
        await session.execute(text(f"DROP TABLE {name}_old"))
        if _postgresql(session):
            await session.execute(
                text(f"ALTER TABLE {name} RENAME CONSTRAINT pk_{name}{_SUFFIX} TO pk_{name}")
            )


async def sizes(session: AsyncSession) -> dict[str, int]:
    """Rows per table of counts."""
    found: dict[str, int] = {}
    for model in COUNTED:
        table = table_of(model)
        found[table.name] = (await session.execute(select(func.count()).select_from(table))).scalar_one()
    return found
