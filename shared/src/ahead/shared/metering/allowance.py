"""Allowances: a grant is decided here and now, in the service's own database, by one conditional statement.

Idempotent per (metric, principal, period, thing): the same thing again in the period costs nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Exists,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.engine import Executor
from ahead.shared.db.prepared import Prepared

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

    used: Prepared
    state: Prepared
    held_by_others: Prepared
    held: Select[Any]
    grant: Prepared
    count: Prepared
    count_limited: Prepared
    withdraw: Prepared
    uncount: Prepared


@lru_cache
def _statements(tables: AllowanceTables, dialect: str, others: int = 0) -> _Statements:
    """``others``: how many further principals hold something for this one."""
    grants, counters = tables.grants, tables.counters
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    key = ("principal", "period", "metric")

    def same(table: Table, *columns: str) -> ColumnElement[bool]:
        return and_(*(table.c[column] == bindparam(column) for column in columns))

    def held_by(*principals: str) -> Exists:
        of_any = grants.c.principal.in_([bindparam(name, type_=String) for name in principals])
        return exists().where(of_any, same(grants, "period", "metric", "thing"))

    also = tuple(_also(range(others)))
    used = select(counters.c.used).where(same(counters, *key))
    # The decision: one statement that counts only while something is left.
    count = insert(counters).values({name: bindparam(name) for name in key} | {"used": 1})
    one_more = {"used": counters.c.used + 1}
    return _Statements(
        used=Prepared(used),
        # What isn't held is looked for in one table only.
        state=Prepared(select(case((held_by("principal", *also), func.coalesce(used.scalar_subquery(), 0))))),
        held_by_others=Prepared(select(held_by(*also))),
        held=select(grants.c.thing)
        .where(
            grants.c.principal.in_(bindparam("principals", expanding=True)), same(grants, "period", "metric")
        )
        .order_by(grants.c.granted_at.desc(), grants.c.thing)
        .limit(bindparam("most", type_=Integer)),
        grant=Prepared(
            insert(grants)
            .values({name: bindparam(name) for name in (*key, "thing", "granted_at")})
            .on_conflict_do_nothing(index_elements=[*key, "thing"])
            .returning(grants.c.thing)
        ),
        count=Prepared(
            count.on_conflict_do_update(index_elements=key, set_=one_more).returning(counters.c.used)
        ),
        count_limited=Prepared(
            count.on_conflict_do_update(
                index_elements=key, set_=one_more, where=counters.c.used < bindparam("limit", type_=Integer)
            ).returning(counters.c.used)
        ),
        withdraw=Prepared(delete(grants).where(same(grants, *key, "thing")).returning(grants.c.thing)),
        uncount=Prepared(
            update(counters)
            # Names of columns are taken in an UPDATE.
            .where(*(counters.c[name] == bindparam(f"of_{name}") for name in key), counters.c.used > 0)
            .values(used=counters.c.used - 1)
            .returning(counters.c.used)
        ),
    )


def _also(others: Iterable[Any]) -> dict[str, Any]:
    return {f"also_{number}": other for number, other in enumerate(others)}


def _for(session: Executor, tables: AllowanceTables, others: int = 0) -> _Statements:
    return _statements(tables, session.get_bind().dialect.name, others)


async def used(session: Executor, tables: AllowanceTables, metric: str, principal: str, period: str) -> int:
    values = {"metric": metric, "principal": principal, "period": period}
    return await _for(session, tables).used.scalar(session, values) or 0


async def state(
    session: Executor,
    tables: AllowanceTables,
    metric: str,
    principal: str,
    period: str,
    thing: str,
    also: Sequence[str] = (),
) -> tuple[bool, int]:
    """(is the thing held already, how many are used if it is), in one read."""
    values = {"metric": metric, "principal": principal, "period": period, "thing": thing, **_also(also)}
    count = await _for(session, tables, len(also)).state.scalar(session, values)
    return count is not None, count or 0


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
    statements = _for(session, tables, len(also))
    own = {"principal": principal, "period": period, "metric": metric}
    one = {**own, "thing": thing}
    if also and await statements.held_by_others.scalar(session, {**one, **_also(also)}):
        return Taken("already", await used(session, tables, metric, principal, period), limit)
    granted = await statements.grant.scalar(session, {**one, "granted_at": at})
    if granted is None:  # it was held before, or a parallel request was first
        return Taken("already", await used(session, tables, metric, principal, period), limit)
    now_used = None
    if limit is None:
        now_used = await statements.count.scalar(session, own)
    elif limit > 0:
        now_used = await statements.count_limited.scalar(session, {**own, "limit": limit})
    if now_used is None:
        await statements.withdraw.all(session, one)
        return Taken("denied", await used(session, tables, metric, principal, period), limit)
    return Taken("granted", now_used, limit)


async def give_back(
    session: Executor, tables: AllowanceTables, *, metric: str, principal: str, thing: str, period: str
) -> bool:
    """Take a grant back that came to nothing; False when it isn't held. Idempotent.

    Call it inside a write transaction.
    """
    statements = _for(session, tables)
    own = {"principal": principal, "period": period, "metric": metric}
    if await statements.withdraw.scalar(session, {**own, "thing": thing}) is None:
        return False
    await statements.uncount.scalar(session, {f"of_{name}": value for name, value in own.items()})
    return True
