"""Statements of erasure: who is erased, and everything that bears a name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, inspect, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.models import (
    ClosedPeriodCorrection,
    ErasedPrincipal,
    RawEvent,
    Rebuild,
    UsageDaily,
    UsageHourly,
    dead_letters,
    table_of,
)
from ahead.metering.rebuild.repository import shadow_of
from ahead.shared.db.outbox import insert_for

# What of a row of counts stays, and finds it.
COUNT_KEYS = ("bucket", "product", "metric", "plan", "period", "thing")


def _postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


async def before_adding(session: AsyncSession) -> None:
    """From here on no erasure can come between what is read about the erased and the events added after it."""
    if _postgresql(session):
        await session.execute(text("LOCK TABLE raw_events IN ROW EXCLUSIVE MODE"))


async def before_erasing(session: AsyncSession, at: datetime) -> None:
    """Waits for those who add events, and for a chunk of a rebuild, and keeps both out until the end.

    Locks are always taken in this order: the rebuild's row, raw events, counts.
    """
    rebuilds = table_of(Rebuild)
    # Made where no rebuild has ever run: an empty row is something to lock.
    row = insert_for(session, rebuilds).values(id=1, token="", state="none", started_at=at, events=0)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"id": 1}))
    if _postgresql(session):
        await session.execute(text("LOCK TABLE raw_events IN SHARE ROW EXCLUSIVE MODE"))


async def erased_after(session: AsyncSession, seq: int) -> Sequence[Any]:
    """(seq, name) of the erased, those after a number, in order."""
    table = table_of(ErasedPrincipal)
    statement = select(table.c.seq, table.c.name).where(table.c.seq > seq).order_by(table.c.seq)
    return (await session.execute(statement)).all()


async def remember(session: AsyncSession, name: str, at: datetime) -> bool:
    """Write down that whoever has this name is erased; False when that is known."""
    table = table_of(ErasedPrincipal)
    statement = (
        insert_for(session, table)
        .values(name=name, erased_at=at)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(table.c.seq)
    )
    return (await session.execute(statement)).first() is not None


async def drop_old(session: AsyncSession, before: datetime) -> None:
    table = table_of(ErasedPrincipal)
    await session.execute(delete(table).where(table.c.erased_at < before))


async def events_of(session: AsyncSession, principal: str) -> Sequence[Any]:
    """All events of a principal, with what is rewritten and what they were counted by."""
    raw = table_of(RawEvent)
    statement = select(
        raw.c.seq,
        raw.c.source,
        raw.c.event_id,
        raw.c.product,
        raw.c.metric,
        raw.c.plan,
        raw.c.period,
        raw.c.principal,
        raw.c.thing,
        raw.c.occurred_at,
        raw.c.detail,
        raw.c.body,
    ).where(raw.c.principal == principal)
    return (await session.execute(statement)).all()


async def rewrite_events(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give events new names. Each row: ``at`` (its seq), event_id, principal, detail, body."""
    raw = table_of(RawEvent)
    names = ("event_id", "principal", "detail", "body")
    statement = update(raw).where(raw.c.seq == bindparam("at")).values({n: bindparam(n) for n in names})
    await _each(session, statement, rows)


async def rewrite_corrections(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same in the list of corrections. Each row: old_source, old_id, event_id, principal."""
    table = table_of(ClosedPeriodCorrection)
    statement = (
        update(table)
        .where(table.c.source == bindparam("old_source"), table.c.event_id == bindparam("old_id"))
        .values(event_id=bindparam("event_id"), principal=bindparam("principal"))
    )
    await _each(session, statement, rows)


async def rename_counts(
    session: AsyncSession,
    model: type[UsageHourly] | type[UsageDaily],
    keys: Sequence[tuple[Any, ...]],
    old: str,
    new: str,
) -> None:
    """Give counts a new name. ``keys`` are COUNT_KEYS in order; found by the whole primary key.

    What a rebuild has counted so far, or left when it was killed, is renamed as well.
    """
    rows = [
        {"old": old, "new": new, **{f"k_{n}": v for n, v in zip(COUNT_KEYS, key, strict=True)}}
        for key in keys
    ]
    for table in (table_of(model), shadow_of(model)):
        if await _exists(session, table):
            statement = update(table).where(
                table.c.principal == bindparam("old"),
                *(table.c[n] == bindparam(f"k_{n}") for n in COUNT_KEYS),
            )
            await _each(session, statement.values(principal=bindparam("new")), rows)


async def rewrite_dead_letters(session: AsyncSession, names: Mapping[str, str]) -> None:
    """In messages that couldn't be read names are replaced as text: nothing else can be told about them."""
    for old, new in names.items():
        holds = (
            text("position(:needle in body) > 0")
            if _postgresql(session)
            else func.instr(dead_letters.c.body, bindparam("needle")) > 0
        )
        found = await session.execute(
            select(dead_letters.c.id, dead_letters.c.body, dead_letters.c.reason).where(holds),
            {"needle": old.encode()},
        )
        for row in found.all():
            await session.execute(
                update(dead_letters)
                .where(dead_letters.c.id == row.id)
                .values(
                    body=bytes(row.body).replace(old.encode(), new.encode()),
                    reason=row.reason.replace(old, new),
                )
            )


async def _exists(session: AsyncSession, table: Table) -> bool:
    connection = await session.connection()
    return await connection.run_sync(lambda sync: inspect(sync).has_table(table.name))


async def _each(session: AsyncSession, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection = await session.connection()
        await connection.execute(statement, list(rows))
