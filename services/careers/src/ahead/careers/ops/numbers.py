"""The board in figures, for the dashboard: what is open and how fresh, how long filling takes, what waits, mails."""

import statistics
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from ahead.careers.jobs.lifecycle import open_clause
from ahead.careers.jobs.repository import counts_by_status
from ahead.careers.models import RETURNED, Application, Mail, Posting, Report, SavedSearch
from ahead.shared.db.engine import Database, Executor

MONTH = timedelta(days=30)
QUARTER = timedelta(days=90)


class Numbers(msgspec.Struct, frozen=True):
    """All as of now, examples included; "last month" is 30 days.

    fill_days: the median from posting to filled, of jobs filled in the last 90 days; None without one.
    confirmed_within: open jobs by the days since their employer confirmed them ("3", "7", "14").
    unanswered: open jobs whose employer was asked and has not answered yet.
    applications: those of the last month by where they stand now.
    bounce_rate: addresses that mail came back from in the last month, and mails refused, of all mails handed over.
    """

    open_jobs: int
    examples: int
    by_status: dict[str, int]
    merged: int
    filled: int
    fill_days: float | None
    confirmed_within: dict[str, int]
    unanswered: int
    waiting: int
    reports_waiting: int
    reports_last_month: dict[str, int]
    applications: dict[str, int]
    alerts_on: dict[str, int]
    alerts_sent_last_month: int
    mails_last_month: int
    bounced: int
    bounce_rate: float | None


async def numbers(database: Database, now: datetime) -> Numbers:
    async with database.read() as session:
        live = (open_clause(Posting, now), col(Posting.merged_into).is_(None))
        by_status = await counts_by_status(session)
        filled = (
            await session.execute(
                select(Posting.published_at, Posting.closed_at).where(
                    Posting.reason == "filled", col(Posting.closed_at) >= now - QUARTER
                )
            )
        ).all()
        days = [(closed - posted) / timedelta(days=1) for posted, closed in filled if posted and closed]
        sent = await _count(session, col(Mail.sent_at) >= now - MONTH)
        refused = await _count(session, col(Mail.sent_at) >= now - MONTH, col(Mail.problem) != "")
        came_back = await session.scalar(
            select(func.count()).select_from(RETURNED).where(RETURNED.c.at >= now - MONTH)
        )
        bounced = refused + int(came_back or 0)
        return Numbers(
            open_jobs=await _count(session, *live),
            examples=await _count(session, *live, col(Posting.example).is_(True)),
            by_status=by_status,
            merged=await _count(session, col(Posting.merged_into).is_not(None)),
            filled=len(days),
            fill_days=round(statistics.median(days), 1) if days else None,
            confirmed_within={
                str(one): await _count(session, *live, col(Posting.confirmed_at) > now - timedelta(days=one))
                for one in (3, 7, 14)
            },
            unanswered=await _count(session, *live, col(Posting.asked_at).is_not(None)),
            waiting=by_status.get("review", 0) + by_status.get("held", 0),
            reports_waiting=await _count(session, col(Report.outcome) == ""),
            reports_last_month=await _by(
                session, select(Report.kind, func.count()).where(col(Report.at) >= now - MONTH), Report.kind
            ),
            applications=await _by(
                session,
                select(Application.stage, func.count()).where(col(Application.at) >= now - MONTH),
                Application.stage,
            ),
            alerts_on=await _by(
                session,
                select(SavedSearch.frequency, func.count()).where(col(SavedSearch.next_at).is_not(None)),
                SavedSearch.frequency,
            ),
            alerts_sent_last_month=await _count(
                session, col(Mail.kind) == "alert", col(Mail.created_at) >= now - MONTH
            ),
            mails_last_month=sent,
            bounced=bounced,
            bounce_rate=round(bounced / sent, 4) if sent else None,
        )


async def _count(session: Executor, *conditions: ColumnElement[bool]) -> int:
    return int((await session.execute(select(func.count()).where(*conditions))).scalar_one())


async def _by(session: Executor, statement: Any, column: Any) -> dict[str, int]:
    rows = (await session.execute(statement.group_by(column))).all()
    return {str(row[0]): int(row[1]) for row in rows}
