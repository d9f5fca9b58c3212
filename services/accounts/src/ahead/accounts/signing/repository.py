"""Rows of signing keys."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.accounts.models import SigningKey


async def published(session: AsyncSession, at: datetime) -> Sequence[SigningKey]:
    """Keys that verifiers may still meet, the newest first."""
    statement = (
        select(SigningKey)
        .where(col(SigningKey.publish_until).is_(None) | (col(SigningKey.publish_until) > at))
        .order_by(col(SigningKey.active_from).desc(), col(SigningKey.kid).desc())
    )
    return (await session.execute(statement)).scalars().all()


async def retire_all(session: AsyncSession, publish_until: datetime) -> None:
    """Every key now in use leaves the published document at that time."""
    await session.execute(
        update(SigningKey).where(col(SigningKey.publish_until).is_(None)).values(publish_until=publish_until)
    )


async def cut_short(session: AsyncSession, at: datetime) -> None:
    """Take every key out of the published document now."""
    await session.execute(update(SigningKey).values(publish_until=at))


async def delete_unpublished(session: AsyncSession, before: datetime) -> None:
    await session.execute(delete(SigningKey).where(col(SigningKey.publish_until) < before))
