"""Statements of the reports. People are counted from the raw events: they are exact to any moment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.models import ClosedPeriodCorrection, RawEvent, UsageHourly, table_of
from ahead.metering.usage.schemas import Span

VIEWED = "code.viewed"
DENIED = "code.denied"
REGISTERED = "account.registered"
SEARCHED = "search.performed"


async def guests(session: AsyncSession, span: Span, metric: str | None = None) -> int:
    """Distinct guests, of one metric or of any."""
    hourly = table_of(UsageHourly)
    statement = select(func.count(hourly.c.principal.distinct())).where(
        hourly.c.bucket >= span.start, hourly.c.bucket < span.end, hourly.c.principal.like("g:%")
    )
    if metric is not None:
        statement = statement.where(hourly.c.metric == metric)
    return (await session.execute(statement)).scalar_one()


async def registrations(session: AsyncSession, span: Span, *, from_guests: bool = False) -> int:
    raw = table_of(RawEvent)
    statement = select(func.count(raw.c.principal.distinct())).where(
        raw.c.metric == REGISTERED, raw.c.occurred_at >= span.start, raw.c.occurred_at < span.end
    )
    if from_guests:
        statement = statement.where(raw.c.detail != "")
    return (await session.execute(statement)).scalar_one()


async def registered_and_viewed(session: AsyncSession, span: Span) -> int:
    raw, hourly = table_of(RawEvent), table_of(UsageHourly)
    registered = select(raw.c.principal).where(
        raw.c.metric == REGISTERED, raw.c.occurred_at >= span.start, raw.c.occurred_at < span.end
    )
    statement = select(func.count(hourly.c.principal.distinct())).where(
        hourly.c.bucket >= span.start,
        hourly.c.bucket < span.end,
        hourly.c.metric == VIEWED,
        hourly.c.principal.in_(registered),
    )
    return (await session.execute(statement)).scalar_one()


async def searches(
    session: AsyncSession, span: Span, *, zero: bool | None, plans: Sequence[str], limit: int
) -> Sequence[Any]:
    """(query, count, principals, last_at), the most frequent first."""
    raw = table_of(RawEvent)
    count = cast(func.sum(raw.c.quantity), BigInteger)
    statement = (
        select(
            raw.c.detail,
            count,
            func.count(raw.c.principal.distinct()),
            func.max(raw.c.occurred_at, type_=raw.c.occurred_at.type),
        )
        .where(
            raw.c.metric == SEARCHED,
            raw.c.occurred_at >= span.start,
            raw.c.occurred_at < span.end,
            raw.c.detail != "",
        )
        .group_by(raw.c.detail)
        .order_by(count.desc(), raw.c.detail)
        .limit(limit)
    )
    if zero is not None:
        statement = statement.where(raw.c.results == 0 if zero else raw.c.results > 0)
    if plans:
        statement = statement.where(raw.c.plan.in_(plans))
    return (await session.execute(statement)).all()


async def corrections(session: AsyncSession, period: str | None, limit: int) -> Sequence[Any]:
    """(period, product, metric, plan, events, count, last_recorded_at), the newest period first."""
    table = table_of(ClosedPeriodCorrection)
    keys = (table.c.period, table.c.product, table.c.metric, table.c.plan)
    statement = (
        select(
            *keys,
            func.count(),
            cast(func.sum(table.c.quantity), BigInteger),
            func.max(table.c.recorded_at, type_=table.c.recorded_at.type),
        )
        .group_by(*keys)
        .order_by(table.c.period.desc(), *keys[1:])
        .limit(limit)
    )
    if period:
        statement = statement.where(table.c.period == period)
    return (await session.execute(statement)).all()
