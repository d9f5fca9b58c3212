"""Allowances: a grant is decided here and now, in the service's own database, by one conditional statement.

Idempotent per (metric, principal, period, thing): the same thing again in the period costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Delete,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.engine import Executor

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
        # One page to write for a grant instead of two.
        sqlite_with_rowid=False,
    )
    counters = Table(
        "allowance_counters",
        metadata,
        Column("principal", String(80), primary_key=True),
        Column("period", String(7), primary_key=True),
        Column("metric", String(40), primary_key=True),
        Column("used", Integer, nullable=False, server_default="0"),
        CheckConstraint("used >= 0", name="used"),
        sqlite_with_rowid=False,
    )
    return AllowanceTables(grants, counters)


@dataclass(frozen=True)
class _Statements:
    """Built once: putting a statement together costs more than running it."""

    used: Select[Any]
    state: Any
    held_by_others: Select[Any]
    held: Select[Any]
    grant: Any
    count: Any
    count_limited: Any
    withdraw: Delete


@lru_cache
def _statements(tables: AllowanceTables, dialect: str) -> _Statements:
    grants, counters = tables.grants, tables.counters
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    key = ("principal", "period", "metric")

    def same(table: Table, *columns: str) -> ColumnElement[bool]:
        return and_(*(table.c[column] == bindparam(column) for column in columns))

    of_any = and_(
        grants.c.principal.in_(bindparam("principals", expanding=True)), same(grants, "period", "metric")
    )
    used = select(counters.c.used).where(same(counters, *key))
    held = exists().where(of_any, grants.c.thing == bindparam("thing"))
    # The decision: one statement that counts only while something is left.
    count = insert(counters).values({name: bindparam(name) for name in key} | {"used": 1})
    one_more = {"used": counters.c.used + 1}
    return _Statements(
        used=used,
        state=select(held, used.scalar_subquery()),
        held_by_others=select(held),
        held=select(grants.c.thing)
        .where(of_any)
        .order_by(grants.c.granted_at.desc(), grants.c.thing)
        .limit(bindparam("most", type_=Integer)),
        grant=insert(grants)
        .values({name: bindparam(name) for name in (*key, "thing", "granted_at")})
        .on_conflict_do_nothing(index_elements=[*key, "thing"])
        .returning(grants.c.thing),
        count=count.on_conflict_do_update(index_elements=key, set_=one_more).returning(counters.c.used),
        count_limited=count.on_conflict_do_update(
            index_elements=key, set_=one_more, where=counters.c.used < bindparam("limit", type_=Integer)
        ).returning(counters.c.used),
        withdraw=delete(grants).where(same(grants, *key, "thing")),
    )


def _for(session: Executor, tables: AllowanceTables) -> _Statements:
    return _statements(tables, session.get_bind().dialect.name)


async def used(session: Executor, tables: AllowanceTables, metric: str, principal: str, period: str) -> int:
    values = {"metric": metric, "principal": principal, "period": period}
    return await session.scalar(_for(session, tables).used, values) or 0


async def state(
    session: Executor,
    tables: AllowanceTables,
    metric: str,
    principal: str,
    period: str,
    thing: str,
    also: Sequence[str] = (),
) -> tuple[bool, int]:
    """(is the thing held already, how many are used), in one read."""
    values = {
        "metric": metric,
        "principal": principal,
        "principals": [principal, *also],
        "period": period,
        "thing": thing,
    }
    row: Any = (await session.execute(_for(session, tables).state, values)).one()
    return bool(row[0]), row[1] or 0


async def held(
    session: Executor,
    tables: AllowanceTables,
    metric: str,
    principals: Sequence[str],
    period: str,
    limit: int,
) -> list[str]:
    """Things granted to any of the principals in the period, the latest first."""
    values = {"metric": metric, "principals": list(principals), "period": period, "most": limit}
    return list(await session.scalars(_for(session, tables).held, values))


async def take(
    session: Executor,
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
    statements = _for(session, tables)
    own = {"principal": principal, "period": period, "metric": metric}
    if also and await session.scalar(
        statements.held_by_others, {**own, "principals": list(also), "thing": thing}
    ):
        return Taken("already", await used(session, tables, metric, principal, period), limit)
    granted = await session.scalar(statements.grant, {**own, "thing": thing, "granted_at": at})
    if granted is None:  # it was held before, or a parallel request was first
        return Taken("already", await used(session, tables, metric, principal, period), limit)
    now_used = None
    if limit is None:
        now_used = await session.scalar(statements.count, own)
    elif limit > 0:
        now_used = await session.scalar(statements.count_limited, {**own, "limit": limit})
    if now_used is None:
        await session.execute(statements.withdraw, {**own, "thing": thing})
        return Taken("denied", await used(session, tables, metric, principal, period), limit)
    return Taken("granted", now_used, limit)
