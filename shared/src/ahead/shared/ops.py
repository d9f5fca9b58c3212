"""What every service tells operators about its part of the pipeline: ``GET .../ops/health``."""

import msgspec
from sqlalchemy import Table, func, select

from ahead.shared.clock import Clock
from ahead.shared.db import outbox as rows
from ahead.shared.db.engine import Database


class Health(msgspec.Struct, frozen=True):
    """State of a service's part of the pipeline.

    Attributes:
        outbox_age_s: seconds that the oldest unsent event has waited; 0 when none waits.
        stream_lag: events not counted yet; null where the service doesn't consume, or can't ask.
        dead_letters: messages or jobs that wait for a decision.
        queues: open jobs by actor.
        dropped: analytics events dropped since the process started.
        remarks: what else an operator should look at, in words; empty when all is well.
    """

    outbox_age_s: float = 0.0
    stream_lag: int | None = None
    dead_letters: int = 0
    queues: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    dropped: int = 0
    remarks: tuple[str, ...] = ()


async def sender_health(
    database: Database, outbox: Table, jobs: Table, clock: Clock, *, dropped: int = 0
) -> Health:
    """Health of a service that records events and jobs."""
    async with database.read() as session:
        oldest = await rows.oldest_unpublished(session, outbox)
        open_jobs = (
            await session.execute(
                select(jobs.c.actor, func.count()).where(jobs.c.status == "queued").group_by(jobs.c.actor)
            )
        ).all()
        failed = (
            await session.execute(select(func.count()).select_from(jobs).where(jobs.c.status == "failed"))
        ).scalar_one()
    age = max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0
    return Health(age, None, failed, dict(open_jobs), dropped)
