"""The state of accounts' outbox and jobs."""

from typing import Any, cast

import msgspec
from sqlalchemy import delete, func, select, update

from ahead.accounts.models import JOBS, OUTBOX
from ahead.accounts.parts import Parts
from ahead.shared.clock import isoformat
from ahead.shared.db.outbox import oldest_unpublished


class Health(msgspec.Struct):
    """``outbox_age_s``: how long the oldest event waits. ``stream_lag`` is 0: accounts consumes nothing."""

    outbox_age_s: float
    stream_lag: int
    dead_letters: int
    queues: dict[str, int]


class DeadLetter(msgspec.Struct):
    """A job given up. Its arguments hold no address in the clear."""

    id: str
    actor: str
    reason: str
    attempts: int
    created_at: str


async def health(parts: Parts) -> Health:
    async with parts.database.read() as session:
        oldest = await oldest_unpublished(session, OUTBOX)
        counts = await session.execute(select(JOBS.c.status, func.count()).group_by(JOBS.c.status))
        by_status = {str(status): int(count) for status, count in counts}
    age = (parts.clock.now() - oldest).total_seconds() if oldest else 0.0
    return Health(
        outbox_age_s=round(max(0.0, age), 3),
        stream_lag=0,
        dead_letters=by_status.get("failed", 0),
        queues={"default": by_status.get("queued", 0)},
    )


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
