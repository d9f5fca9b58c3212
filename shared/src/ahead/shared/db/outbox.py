"""The outbox: events and jobs are recorded in the transaction that causes them and sent after it.

Tables are made on the service's own metadata. Published rows are kept (the database is the truth and a
window can be replayed), jobs until they are done.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.engine import Executor
from ahead.shared.db.prepared import Prepared
from ahead.shared.events.envelope import Event, encode
from ahead.shared.ids import uuid7
from ahead.shared.logging import request_id_var

_SEQ = BigInteger().with_variant(Integer(), "sqlite")


def insert_for(session: AsyncSession, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def outbox_table(metadata: MetaData, name: str = "outbox") -> Table:
    """Events to publish, in order of ``seq``; ``published_at`` is empty until the server has them."""
    return Table(
        name,
        metadata,
        Column("seq", _SEQ, primary_key=True, autoincrement=True),
        Column("event_id", String(64), nullable=False, unique=True),
        Column("subject", String(200), nullable=False),
        Column("body", Text, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("published_at", UtcDateTime, nullable=True),
        Index(
            f"ix_{name}_unpublished",
            "seq",
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )


def job_table(metadata: MetaData, name: str = "jobs") -> Table:
    """Jobs that matter: rows from which they are made again when the broker has lost them."""
    return Table(
        name,
        metadata,
        Column("id", String(64), primary_key=True),
        Column("actor", String(100), nullable=False),
        Column("args", Text, nullable=False),
        Column("request_id", String(64), nullable=False, server_default=""),
        Column("status", String(10), nullable=False, server_default="queued"),
        Column("due_at", UtcDateTime, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("sent_at", UtcDateTime, nullable=True),
        Column("finished_at", UtcDateTime, nullable=True),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("error", Text, nullable=False, server_default=""),
        CheckConstraint("status IN ('queued', 'done', 'failed')", name="status"),
        Index(
            f"ix_{name}_open",
            "due_at",
            sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
    )


async def record(session: Executor, table: Table, event: Event, *, clock: Clock | None = None) -> bool:
    """Record an event in the present transaction; False when its id is there already."""
    values = {
        "event_id": event.id,
        "subject": event.type,
        "body": encode(event).decode(),
        "created_at": (clock or SystemClock()).now(),
    }
    recording = _recording(table, session.get_bind().dialect.name)
    return await recording.scalar(session, values) is not None


@lru_cache
def _recording(table: Table, dialect: str) -> Prepared:
    """Built once: putting a statement together costs more than running it."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = ("event_id", "subject", "body", "created_at")
    return Prepared(
        insert(table)
        .values({name: bindparam(name) for name in columns})
        .on_conflict_do_nothing(index_elements=["event_id"])
        .returning(table.c.seq)
    )


async def enqueue(
    session: AsyncSession,
    table: Table,
    actor: str,
    args: Mapping[str, Any],
    *,
    key: str | None = None,
    delay: timedelta = timedelta(),
    clock: Clock | None = None,
) -> str:
    """Record a job in the present transaction; the same ``key`` twice is one job. Returns its id."""
    now = (clock or SystemClock()).now()
    job_id = key or uuid7()
    statement = (
        insert_for(session, table)
        .values(
            id=job_id,
            actor=actor,
            args=json.dumps(args),
            request_id=request_id_var.get(),
            due_at=now + delay,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    await session.execute(statement)
    return job_id


async def unpublished(session: Executor, table: Table, limit: int) -> Sequence[Any]:
    """The next rows to publish: seq, event_id, subject, body, created_at."""
    statement = (
        select(table.c.seq, table.c.event_id, table.c.subject, table.c.body, table.c.created_at)
        .where(table.c.published_at.is_(None))
        .order_by(table.c.seq)
        .limit(limit)
    )
    return (await session.execute(statement)).all()


async def mark_published(session: AsyncSession, table: Table, seqs: Sequence[int], at: datetime) -> None:
    await session.execute(update(table).where(table.c.seq.in_(seqs)).values(published_at=at))


async def oldest_unpublished(session: Executor, table: Table) -> datetime | None:
    """When the oldest waiting event was recorded; None when nothing waits."""
    statement = select(func.min(table.c.created_at)).where(table.c.published_at.is_(None))
    return (await session.execute(statement)).scalar_one()


async def replay(session: AsyncSession, table: Table, since: datetime) -> int:
    """Mark a window as unpublished again: consumers count by id, so nothing is counted twice."""
    statement = (
        update(table)
        .where(table.c.created_at >= since, table.c.published_at.is_not(None))
        .values(published_at=None)
    )
    return cast("Any", await session.execute(statement)).rowcount


async def prune(session: AsyncSession, table: Table, jobs: Table | None, before: datetime) -> int:
    """Forget what was published, and jobs that were done, before a moment (30 days back or more)."""
    events = cast("Any", await session.execute(delete(table).where(table.c.published_at < before))).rowcount
    if jobs is not None:
        await session.execute(delete(jobs).where(jobs.c.status == "done", jobs.c.finished_at < before))
    return events


async def due_jobs(session: Executor, jobs: Table, now: datetime, resend_after: timedelta) -> Sequence[Any]:
    """Jobs to hand to the broker: never sent, or sent so long ago that the broker must have lost them."""
    statement = (
        select(jobs.c.id, jobs.c.actor, jobs.c.args, jobs.c.request_id, jobs.c.sent_at)
        .where(
            jobs.c.status == "queued",
            jobs.c.due_at <= now,
            (jobs.c.sent_at.is_(None)) | (jobs.c.sent_at < now - resend_after),
        )
        .order_by(jobs.c.due_at)
        .limit(200)
    )
    return (await session.execute(statement)).all()


async def mark_sent(session: AsyncSession, jobs: Table, ids: Sequence[str], at: datetime) -> None:
    await session.execute(
        update(jobs).where(jobs.c.id.in_(ids)).values(sent_at=at, attempts=jobs.c.attempts + 1)
    )


async def start_job(session: AsyncSession, jobs: Table, job_id: str) -> Any | None:
    """The job's row if it is still to do, locked until the transaction ends; None when it is done."""
    statement = select(jobs).where(jobs.c.id == job_id, jobs.c.status == "queued")
    if session.get_bind().dialect.name == "postgresql":
        statement = statement.with_for_update()
    return (await session.execute(statement)).one_or_none()


async def postpone_job(session: AsyncSession, jobs: Table, job_id: str, due_at: datetime, why: str) -> None:
    """Give a job out again at ``due_at``; until then it lies with nobody."""
    await session.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.status == "queued")
        .values(due_at=due_at, sent_at=None, error=why[:2000])
    )


async def finish_job(
    session: AsyncSession, jobs: Table, job_id: str, at: datetime, *, error: str = ""
) -> None:
    """Close a job, in the transaction of its effect."""
    status = "failed" if error else "done"
    await session.execute(
        update(jobs).where(jobs.c.id == job_id).values(status=status, finished_at=at, error=error[:2000])
    )
