"""The events of CareerCenter, recorded in the transaction that causes them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ahead.careers.models import OUTBOX, Posting
from ahead.careers.settings import SERVICE
from ahead.shared.clock import period_of
from ahead.shared.db.engine import Executor
from ahead.shared.db.outbox import record
from ahead.shared.events.envelope import Event, encode, make_event
from ahead.shared.ids import deterministic_id

ROBOTS = "robot"
"""The plan under which views by robots are counted: no person has it."""


async def _record(
    session: Executor,
    event: str,
    key: tuple[str, ...],
    subject: str,
    plan: str,
    thing: str,
    at: datetime,
    quantity: int = 1,
) -> bool:
    made = make_event(
        SERVICE,
        event,
        id=deterministic_id(event, *key),
        subject=subject,
        plan=plan,
        period=period_of(at),
        thing=thing,
        at=at,
        quantity=quantity,
    )
    return await record(session, OUTBOX, made)


async def job_viewed(session: Executor, posting_id: str, subject: str, plan: str, at: datetime) -> bool:
    """One for each person, job and day in UTC; False when it was there."""
    key = (posting_id, subject, at.date().isoformat())
    return await _record(session, "job.viewed", key, subject, plan, posting_id, at)


async def job_seen_by_robots(session: Executor, posting_id: str, kind: str, at: datetime) -> bool:
    """Apart from people by its plan: one for each kind of robot, job and day in UTC."""
    key = (posting_id, f"robot:{kind}", at.date().isoformat())
    return await _record(session, "job.viewed", key, "s:careers", ROBOTS, posting_id, at)


async def job_posted(session: Executor, row: Posting, by: str, at: datetime) -> None:
    """A job is open for the first time."""
    subject = by if by.startswith("a:") else "s:careers"
    await record(session, OUTBOX, _posted(row.id, subject, at))


def jobs_posted(ids: Sequence[str], at: datetime) -> list[tuple[str, str]]:
    """`job_posted` for a feed's jobs: the events' ids and what is sent."""
    if not ids:
        return []
    first, change = _posted(ids[0], "s:careers", at), msgspec.structs.replace
    events = [change(first, id=one, data={**first.data, "thing": one}) for one in ids]
    return [(event.id, encode(event).decode()) for event in events]


def _posted(posting_id: str, subject: str, at: datetime) -> Event:
    """It happens to a job once, so the job's id is the event's too: such ids are in order of time, and an index of many
    is added to at its end."""
    return make_event(
        SERVICE, "job.posted", id=posting_id, subject=subject, plan="free", period=period_of(at), thing=posting_id,
        at=at,
    )  # fmt: skip


async def application_submitted(
    session: Executor, application_id: str, posting_id: str, subject: str, plan: str, at: datetime
) -> None:
    await _record(session, "application.submitted", (application_id,), subject, plan, posting_id, at)


async def alert_sent(session: Executor, mail_id: str, subject: str, jobs: int, at: datetime) -> None:
    """``quantity`` is the number of jobs in the mail."""
    await _record(session, "alert.sent", (mail_id,), subject, "free", "alert", at, jobs)
