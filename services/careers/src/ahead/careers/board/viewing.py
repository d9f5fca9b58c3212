"""Opening the page of a job: who may see it, and that it was seen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import select

from ahead.careers import events
from ahead.careers.jobs import repository
from ahead.careers.jobs.service import Job, job_of
from ahead.careers.models import Company, SavedJob
from ahead.shared.auth.principal import Principal
from ahead.shared.auth.visitors import takes_nothing
from ahead.shared.db.engine import Database
from ahead.shared.errors import NotFound
from ahead.shared.ids import deterministic_id
from ahead.shared.logging import get_logger

log = get_logger(__name__)


class Seen(msgspec.Struct, frozen=True):
    """`sources`: other employers or feeds that post the same job."""

    job: Job
    saved: bool
    sources: Sequence[Company]


class Viewing:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, job_id: str, principal: Principal) -> Seen:
        """A job that is or was open to everybody.

        Raises:
            NotFound: there is none, or it was never published.
        """
        async with self._database.read() as session:
            pair = await repository.by_id(session, job_id) if len(job_id) <= 36 else None
            if pair is None or pair[0].published_at is None:
                raise NotFound(
                    "There is no such job on this board.", hint="Search the open jobs at /careers."
                )
            job = job_of(pair)
            saved = False
            if principal.registered:
                mine = select(SavedJob.posting_id).where(
                    SavedJob.subject == principal.subject, SavedJob.posting_id == job_id
                )
                saved = (await session.execute(mine)).first() is not None
            sources = [company for _, company in await repository.merged_with(session, job_id)]
        return Seen(job, saved, sources)

    async def count(self, request: Any, job: Job, principal: Principal, at: datetime) -> None:
        """One view for each person, job and day, and robots apart.

        A page is never refused because it could not be counted.
        """
        reason = takes_nothing(request)
        robot = reason in ("bot", "preview")
        if not robot and (reason or principal.kind not in ("guest", "account")):
            return
        try:
            async with self._database.write() as session:
                if robot:
                    await events.job_seen_by_robots(session, job.id, str(reason), at)
                else:
                    await events.job_viewed(session, job.id, principal.subject, principal.plan, at)
        except Exception as error:
            log.warning("careers.view_not_counted", job=job.id, error=repr(error))

    async def count_leaving(self, job: Job, principal: Principal, at: datetime) -> None:
        """An application on the employer's own site: one for each person and job."""
        if principal.kind not in ("guest", "account"):
            return
        async with self._database.write() as session:
            key = deterministic_id("left", job.id, principal.subject)
            await events.application_submitted(session, key, job.id, principal.subject, principal.plan, at)
