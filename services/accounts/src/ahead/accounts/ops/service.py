"""The state of accounts' outbox and jobs."""

from typing import Any, cast

import msgspec
from sqlalchemy import delete, select, update

from ahead.accounts.models import JOBS, OUTBOX
from ahead.accounts.parts import Parts
from ahead.shared.clock import isoformat
from ahead.shared.ops import Health, sender_health


class DeadLetter(msgspec.Struct):
    """A job given up. Its arguments hold no address in the clear."""

    id: str
    actor: str
    reason: str
    attempts: int
    created_at: str


async def health(parts: Parts) -> Health:
    return await sender_health(parts.database, OUTBOX, JOBS, parts.clock)


async def dead_letters(parts: Parts, *, limit: int) -> list[DeadLetter]:
    statement = (
        select(JOBS.c.id, JOBS.c.actor, JOBS.c.error, JOBS.c.attempts, JOBS.c.created_at)
        .where(JOBS.c.status == "failed")
        .order_by(JOBS.c.created_at.desc())
        .limit(limit)
    )
    async with parts.database.read() as session:
        rows = (await session.execute(statement)).all()
    return [
        DeadLetter(
            id=row.id,
            actor=row.actor,
            reason=row.error,
            attempts=row.attempts,
            created_at=isoformat(row.created_at),
        )
        for row in rows
    ]


async def retry(parts: Parts, job_id: str) -> bool:
    statement = (
        update(JOBS)
        .where(JOBS.c.id == job_id, JOBS.c.status == "failed")
        .values(status="queued", sent_at=None, finished_at=None, error="", due_at=parts.clock.now())
    )
    async with parts.database.write() as session:
        return cast("Any", await session.execute(statement)).rowcount == 1


async def discard(parts: Parts, job_id: str) -> bool:
    statement = delete(JOBS).where(JOBS.c.id == job_id, JOBS.c.status == "failed")
    async with parts.database.write() as session:
        return cast("Any", await session.execute(statement)).rowcount == 1
