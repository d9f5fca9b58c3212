"""Reading and writing applications."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.careers.models import Application, Company, Posting, Remark
from ahead.shared.db.engine import Executor


async def of_posting(session: Executor, posting_id: str) -> list[Application]:
    statement = (
        select(Application).where(Application.posting_id == posting_id).order_by(col(Application.at).desc())
    )
    return list((await session.scalars(statement)).all())


async def of_subject(session: Executor, subject: str) -> list[tuple[Application, Posting, Company]]:
    statement = (
        select(Application, Posting, Company)
        .join(Posting, col(Application.posting_id) == Posting.id)
        .join(Company, col(Posting.company_id) == Company.id)
        .where(Application.subject == subject)
        .order_by(col(Application.at).desc())
    )
    return [(row[0], row[1], row[2]) for row in (await session.execute(statement)).all()]


async def with_posting(session: Executor, application_id: str) -> tuple[Application, Posting, Company] | None:
    statement = (
        select(Application, Posting, Company)
        .join(Posting, col(Application.posting_id) == Posting.id)
        .join(Company, col(Posting.company_id) == Company.id)
        .where(Application.id == application_id)
    )
    row = (await session.execute(statement)).first()
    return (row[0], row[1], row[2]) if row else None


async def remarks_of(session: Executor, application_id: str, kinds: Sequence[str]) -> list[Remark]:
    statement = (
        select(Remark)
        .where(Remark.application_id == application_id, col(Remark.kind).in_(kinds))
        .order_by(col(Remark.at), col(Remark.id))
    )
    return list((await session.scalars(statement)).all())


async def forget(session: AsyncSession, subjects: Sequence[str]) -> list[str]:
    """Delete the applications of these subjects; returns the files that belonged to them."""
    mine = select(Application.resume_file).where(col(Application.subject).in_(subjects))
    files = [name for name in (await session.scalars(mine)).all() if name]
    await session.execute(delete(Application).where(col(Application.subject).in_(subjects)))
    return files


async def files_kept(session: AsyncSession) -> set[str]:
    """The names of all files that belong to an application."""
    held = select(Application.resume_file).where(Application.resume_file != "")
    return set((await session.scalars(held)).all())


async def outlived(session: AsyncSession, before: datetime, limit: int = 500) -> list[str]:
    """Delete what was decided or withdrawn, or whose job closed, before a moment; returns the files of it."""
    old = (
        select(Application.id, Application.resume_file)
        .join(Posting, col(Application.posting_id) == col(Posting.id))
        .where(
            (col(Application.stage).in_(("declined", "withdrawn")) & (col(Application.changed_at) < before))
            | (col(Posting.closed_at) < before)
        )
        .limit(limit)
    )
    rows = (await session.execute(old)).all()
    await session.execute(delete(Application).where(col(Application.id).in_([row[0] for row in rows])))
    return [row[1] for row in rows if row[1]]
