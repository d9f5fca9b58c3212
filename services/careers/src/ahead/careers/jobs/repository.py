"""Reading and writing jobs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.careers.jobs.lifecycle import open_clause
from ahead.careers.models import Company, History, Posting
from ahead.shared.db.engine import Executor

Pair = tuple[Posting, Company]


async def by_id(session: AsyncSession, posting_id: str) -> Pair | None:
    statement = select(Posting, Company).join(Company).where(Posting.id == posting_id)
    row = (await session.execute(statement)).first()
    return (row[0], row[1]) if row else None


async def by_ids(session: Executor, ids: Sequence[str]) -> dict[str, Pair]:
    return {pair[0].id: pair for pair in await pairs_of(session, ids)}


async def company_names(session: Executor, ids: Sequence[str]) -> dict[str, str]:
    statement = select(col(Company.id), col(Company.name)).where(col(Company.id).in_(ids))
    return {row[0]: row[1] for row in (await session.execute(statement)).all()}


async def open_jobs(
    session: Executor, at: datetime, *, limit: int, company_id: str | None = None, after: str = ""
) -> list[Pair]:
    """Open and unmerged jobs, in order of their id beyond ``after``."""
    statement = (
        select(Posting, Company)
        .join(Company)
        .where(open_clause(Posting, at), col(Posting.merged_into).is_(None), Posting.id > after)
        .order_by(Posting.id)
        .limit(limit)
    )
    if company_id is not None:
        statement = statement.where(Posting.company_id == company_id)
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def held(session: Executor, *, limit: int, after: str) -> list[Pair]:
    """Jobs that are open, or would be by another clock: what the search index holds."""
    statement = (
        select(Posting, Company)
        .join(Company)
        .where(Posting.open_until > 0, col(Posting.merged_into).is_(None), Posting.id > after)
        .order_by(Posting.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def newest_open(session: Executor, at: datetime, *, limit: int) -> list[Pair]:
    statement = (
        select(Posting, Company)
        .join(Company)
        .where(open_clause(Posting, at), col(Posting.merged_into).is_(None))
        .order_by(col(Posting.published_at).desc(), col(Posting.id).desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def pairs_of(session: Executor, ids: Sequence[str]) -> list[Pair]:
    statement = select(Posting, Company).join(Company).where(col(Posting.id).in_(ids))
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def count_open(session: Executor, at: datetime) -> int:
    statement = (
        select(func.count()).select_from(Posting)
        .where(open_clause(Posting, at), col(Posting.merged_into).is_(None))
    )  # fmt: skip
    return int((await session.execute(statement)).scalar_one())


async def of_company(session: Executor, company_id: str, *, limit: int = 500) -> list[Posting]:
    statement = (
        select(Posting)
        .where(Posting.company_id == company_id)
        .order_by(col(Posting.updated_at).desc(), col(Posting.id).desc())
        .limit(limit)
    )
    return list((await session.scalars(statement)).all())


async def of_external(
    session: Executor, company_id: str, source: str, external_ids: Sequence[str]
) -> dict[str, Posting]:
    statement = select(Posting).where(
        Posting.company_id == company_id, Posting.source == source, col(Posting.external_id).in_(external_ids)
    )
    return {row.external_id: row for row in (await session.scalars(statement)).all()}


async def history_of(session: Executor, posting_id: str) -> list[History]:
    statement = select(History).where(History.posting_id == posting_id).order_by(col(History.seq))
    return list((await session.scalars(statement)).all())


async def has_written(session: Executor, posting_id: str) -> bool:
    """Whether the history says what the job said once."""
    statement = select(History.seq).where(History.posting_id == posting_id, History.facts != "").limit(1)
    return (await session.execute(statement)).first() is not None


async def first_actor(session: Executor, posting_id: str) -> str:
    """Who did the first thing that the history says; "" where it says nothing."""
    statement = select(History.by).where(History.posting_id == posting_id).order_by(col(History.seq)).limit(1)
    row = (await session.execute(statement)).first()
    return str(row[0]) if row else ""


async def behind_index(session: Executor, limit: int) -> list[Pair]:
    """Jobs that the search index doesn't hold as they are."""
    statement = select(Posting, Company).join(Company).where(Posting.version != Posting.indexed).limit(limit)
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def mark_indexed(session: AsyncSession, versions: Sequence[tuple[str, int]]) -> None:
    table: Any = vars(Posting)["__table__"]
    marked = update(table).where(table.c.id == bindparam("one")).values(indexed=bindparam("seen"))
    await session.execute(marked, [{"one": one, "seen": version} for one, version in versions])


async def ended(session: Executor, now: int, limit: int) -> list[Posting]:
    """Jobs that the clock has closed and nobody has told yet."""
    statement = select(Posting).where(Posting.status == "open", Posting.open_until <= now).limit(limit)
    return list((await session.scalars(statement)).all())


async def merged_with(session: Executor, posting_id: str) -> list[Pair]:
    """Further sources of the same job."""
    statement = select(Posting, Company).join(Company).where(Posting.merged_into == posting_id)
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def counts_by_status(session: Executor) -> dict[str, int]:
    statement = select(Posting.status, func.count()).group_by(Posting.status)
    rows: Sequence[Any] = (await session.execute(statement)).all()
    return {row[0]: int(row[1]) for row in rows}
