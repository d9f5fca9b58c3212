"""Reading the counts: from the daily table where whole days are asked for, else from the hourly one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.models import UsageDaily, UsageHourly, table_of
from ahead.metering.usage.schemas import TIMES, UsageQuery

# Text that sorts as time does, made by each database in its own way.
_FORMATS = {
    "day": ("%Y-%m-%d", "YYYY-MM-DD"),
    "hour": ("%Y-%m-%dT%H:00:00Z", 'YYYY-MM-DD"T"HH24:00:00"Z"'),
}


def _time_text(name: str, column: ColumnElement[Any], *, sqlite: bool, aware: bool) -> ColumnElement[Any]:
    for_sqlite, for_postgresql = _FORMATS[name]
    if sqlite:
        return func.strftime(for_sqlite, column)
    return func.to_char(func.timezone("UTC", column) if aware else column, for_postgresql)


async def read(session: AsyncSession, query: UsageQuery) -> Sequence[Any]:
    """One row more than the limit, where there is one: group values in order, then count and principals.

    Rows come in order of time where time is a group, else the largest count first.
    """
    daily = query.span.whole_days and "hour" not in query.group_by
    table = table_of(UsageDaily if daily else UsageHourly)
    sqlite = session.get_bind().dialect.name == "sqlite"
    groups: dict[str, ColumnElement[Any]] = {
        name: (
            _time_text(name, table.c.bucket, sqlite=sqlite, aware=not daily)
            if name in _FORMATS
            else table.c[name]
        )
        for name in query.group_by
    }
    start, end = query.span.start, query.span.end
    counted = select(
        *(column.label(name) for name, column in groups.items()),
        cast(func.coalesce(func.sum(table.c.count), 0), BigInteger).label("count"),
        func.count(table.c.principal.distinct()).label("principals"),
    ).where(
        table.c.bucket >= (start.date() if daily else start),
        table.c.bucket < (end.date() if daily else end),
        *(table.c[name].in_(values) for name, values in query.filters.items()),
    )
    if groups:
        # By name: PostgreSQL takes two bound formats of the same text for different expressions.
        counted = counted.group_by(*groups)
    page = counted.subquery("counted")
    times = [page.c[name] for name in query.group_by if name in TIMES]
    others = [page.c[name] for name in query.group_by if name not in TIMES]
    statement = select(page).order_by(*times, page.c["count"].desc(), *others).limit(query.limit + 1)
    if query.cursor:
        values = dict(zip(query.group_by, query.cursor.values, strict=True))
        statement = statement.where(
            _after(
                [
                    *((column, values[column.name], False) for column in times),
                    (page.c["count"], query.cursor.count, True),
                    *((column, values[column.name], False) for column in others),
                ]
            )
        )
    return (await session.execute(statement)).all()


def _after(order: Sequence[tuple[ColumnElement[Any], Any, bool]]) -> ColumnElement[bool]:
    """Rows that come after a given one: equal in the first columns, beyond it in the next."""
    alternatives: list[ColumnElement[bool]] = []
    for index, (column, value, descending) in enumerate(order):
        equal = [earlier == known for earlier, known, _ in order[:index]]
        alternatives.append(and_(*equal, column < value if descending else column > value))
    return or_(*alternatives)
