"""Allowances: a grant is decided here and now, in the service's own database, by one conditional statement.

Idempotent per (metric, principal, period, thing): the same thing again in the period costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    CheckConstraint,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    exists,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.outbox import insert_for

Outcome = Literal["granted", "already", "denied"]


@dataclass(frozen=True)
class AllowanceTables:
    grants: Table
    counters: Table


@dataclass(frozen=True)
class Taken:
    """The decision, and the state after it. ``limit`` None is unlimited."""

    outcome: Outcome
    used: int
    limit: int | None

    @property
    def remaining(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)


def allowance_tables(metadata: MetaData) -> AllowanceTables:
    """A row per grant, and a counter per principal, metric and period."""
    grants = Table(
        "grants",
        metadata,
        Column("principal", String(80), primary_key=True),
        Column("period", String(7), primary_key=True),
        Column("metric", String(40), primary_key=True),
        Column("thing", String(120), primary_key=True),
        Column("granted_at", UtcDateTime, nullable=False),
    )
    counters = Table(
        "allowance_counters",
        metadata,
        Column("principal", String(80), primary_key=True),
        Column("period", String(7), primary_key=True),
        Column("metric", String(40), primary_key=True),
        Column("used", Integer, nullable=False, server_default="0"),
        CheckConstraint("used >= 0", name="used"),
    )
    return AllowanceTables(grants, counters)


async def used(
    session: AsyncSession, tables: AllowanceTables, metric: str, principal: str, period: str
) -> int:
    counters = tables.counters
    statement = select(counters.c.used).where(
        counters.c.principal == principal, counters.c.period == period, counters.c.metric == metric
    )
    return (await session.execute(statement)).scalar_one_or_none() or 0


async def state(
    session: AsyncSession,
    tables: AllowanceTables,
    metric: str,
    principal: str,
    period: str,
    thing: str,
    also: Sequence[str] = (),
) -> tuple[bool, int]:
    """(is the thing held already, how many are used), in one read."""
    grants, counters = tables.grants, tables.counters
    held = exists().where(
        grants.c.principal.in_([principal, *also]),
        grants.c.period == period,
        grants.c.metric == metric,
        grants.c.thing == thing,
    )
    count = (
        select(counters.c.used)
        .where(counters.c.principal == principal, counters.c.period == period, counters.c.metric == metric)
        .scalar_subquery()
    )
    row = (await session.execute(select(held, count))).one()
    return bool(row[0]), row[1] or 0


async def held(
    session: AsyncSession,
    tables: AllowanceTables,
    metric: str,
    principals: Sequence[str],
    period: str,
    limit: int,
) -> list[str]:
    """Things granted to any of the principals in the period, the latest first."""
    grants = tables.grants
    statement = (
        select(grants.c.thing)
        .where(grants.c.principal.in_(principals), grants.c.period == period, grants.c.metric == metric)
        .order_by(grants.c.granted_at.desc(), grants.c.thing)
        .limit(limit)
    )
    return list((await session.execute(statement)).scalars())


async def take(
    session: AsyncSession,
    tables: AllowanceTables,
    *,
    metric: str,
    principal: str,
    thing: str,
    period: str,
    limit: int | None,
    at: datetime,
    also: Sequence[str] = (),
) -> Taken:
    """Grant a thing if it is held already or something is left.

    Call it inside a write transaction; the grant is real when that commits.

    Args:
        also: further principals whose grants of this thing in this period count as held (the guest that an
            account registered from).
    """
    grants, counters = tables.grants, tables.counters
    held, count = await state(session, tables, metric, principal, period, thing, also)
    if held:
        return Taken("already", count, limit)
    own = {"principal": principal, "period": period, "metric": metric}
    inserted = await session.execute(
        insert_for(session, grants)
        .values(**own, thing=thing, granted_at=at)
        .on_conflict_do_nothing(index_elements=["principal", "period", "metric", "thing"])
        .returning(grants.c.thing)
    )
    if inserted.first() is None:  # a parallel request for the same thing was first
        return Taken("already", await used(session, tables, metric, principal, period), limit)
    # The decision: one statement that counts only while something is left.
    statement = insert_for(session, counters).values(**own, used=1)
    now_used = None
    if limit is None or limit > 0:
        now_used = (
            await session.execute(
                statement.on_conflict_do_update(
                    index_elements=["principal", "period", "metric"],
                    set_={"used": counters.c.used + 1},
                    where=None if limit is None else counters.c.used < limit,
                ).returning(counters.c.used)
            )
        ).scalar_one_or_none()
    if now_used is None:
        await session.execute(
            delete(grants).where(
                grants.c.principal == principal,
                grants.c.period == period,
                grants.c.metric == metric,
                grants.c.thing == thing,
            )
        )
        return Taken("denied", await used(session, tables, metric, principal, period), limit)
    return Taken("granted", now_used, limit)
