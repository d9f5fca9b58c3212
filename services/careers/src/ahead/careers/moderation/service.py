"""Moderators: what waits for them, and what they decide. Every decision is in the job's history with who and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, update
from sqlmodel import col, select

from ahead.careers.applications.outcome import tell_applicants
from ahead.careers.employers.team import signs_of
from ahead.careers.jobs import repository
from ahead.careers.jobs.service import Job, change, job_of
from ahead.careers.mails import service as mails
from ahead.careers.models import Audit, Company, History, Posting, Report
from ahead.careers.moderation.flags import flags_of
from ahead.careers.settings import Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict, NotFound
from ahead.shared.ids import uuid7

KINDS = {
    "closed": "It is not open any more",
    "scam": "It looks like a scam",
    "discrimination": "It discriminates",
    "wrong": "Something in it is not true",
    "other": "Something else",
}
DECISIONS = ("approve", "trust", "hold", "reject", "remove", "suspend", "dismiss")
# So many people who say the same take a job off the board until a moderator has looked.
HOLD_AT = 3


class Case(msgspec.Struct, frozen=True):
    """A job that waits for a moderator: why, and what people said."""

    job: Job
    flags: Sequence[str]
    reports: Sequence[Report]


class Moderation:
    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def report(self, posting_id: str, subject: str, kind: str, text: str) -> None:
        """Once per person and job. Raises NotFound, BadInput."""
        if kind not in KINDS:
            raise BadInput("Choose what is wrong.")
        now = self._clock.now()
        async with self._database.write() as session:
            pair = await repository.by_id(session, posting_id) if len(posting_id) <= 36 else None
            if pair is None or pair[0].published_at is None:
                raise NotFound("There is no such job.")
            known = select(Report.id).where(Report.posting_id == posting_id, Report.subject == subject)
            if (await session.execute(known)).first() is not None:
                return
            session.add(
                Report(
                    id=uuid7(), posting_id=posting_id, subject=subject, kind=kind, text=text[:2000], at=now
                )
            )
            await session.flush()
            counting = select(func.count()).where(Report.posting_id == posting_id, Report.outcome == "")
            waiting = int((await session.execute(counting)).scalar_one())
            if waiting >= HOLD_AT and pair[0].status in ("open", "paused"):
                await self._change(
                    session, pair[0], "hold", now, "s:careers", "Several people reported this job."
                )

    async def waiting(self, limit: int = 100) -> list[Case]:
        """Jobs to review and jobs that were reported, the oldest first."""
        reported = select(Report.posting_id).where(Report.outcome == "")
        statement = (
            select(Posting, Company)
            .join(Company)
            .where(col(Posting.status).in_(("review", "held")) | col(Posting.id).in_(reported))
            .order_by(col(Posting.updated_at))
            .limit(limit)
        )
        async with self._database.read() as session:
            jobs = [job_of((row[0], row[1])) for row in (await session.execute(statement)).all()]
            said = select(Report).where(
                col(Report.posting_id).in_([job.id for job in jobs]), Report.outcome == ""
            )
            reports = list((await session.scalars(said)).all())
        return [
            Case(
                job,
                [*flags_of(job.facts), *signs_of(job.company)],
                [one for one in reports if one.posting_id == job.id],
            )
            for job in jobs
        ]

    async def history(self, posting_id: str) -> tuple[Job, list[History]]:
        async with self._database.read() as session:
            pair = await repository.by_id(session, posting_id) if len(posting_id) <= 36 else None
            if pair is None:
                raise NotFound("There is no such job.")
            return job_of(pair), await repository.history_of(session, posting_id)

    async def decide(self, moderator: Principal, posting_id: str, decision: str, reason: str) -> str:
        """Returns the job's status. ``trust``: approve, and the employer's next jobs need no look. ``suspend``: remove
        all jobs of the employer, who posts no more.

        Raises:
            BadInput: no such decision, or one that needs a reason has none.
            Conflict: the job's state doesn't allow it.
        """
        if decision not in DECISIONS:
            raise BadInput("There is no such decision.")
        if decision in ("hold", "reject", "remove", "suspend") and not reason.strip():
            raise BadInput("Say why: the employer reads it.")
        now = self._clock.now()
        async with self._database.write() as session:
            pair = await repository.by_id(session, posting_id) if len(posting_id) <= 36 else None
            if pair is None:
                raise NotFound("There is no such job.")
            row, company = pair
            if decision in ("trust", "suspend"):
                company.standing = "trusted" if decision == "trust" else "suspended"
                session.add(company)
                audit = Audit(
                    at=now, by=moderator.subject, about=company.id, action=decision, note=reason[:1000]
                )
                session.add(audit)
            if decision in ("approve", "trust"):
                if row.status in ("review", "held", "rejected"):
                    await self._change(session, row, "approve", now, moderator.subject, reason)
            elif decision == "remove":
                await self._remove(session, row, company, now, moderator, reason)
            elif decision == "suspend":
                for one in await repository.of_company(session, company.id, limit=100_000):
                    if one.status in ("open", "paused", "held", "review"):
                        await self._remove(session, one, company, now, moderator, reason)
            elif decision in ("hold", "reject"):
                await self._change(session, row, decision, now, moderator.subject, reason)
            else:
                session.add(
                    History(
                        posting_id=row.id, at=now, action="dismiss", by=moderator.subject, note=reason[:1000]
                    )
                )
            await session.execute(
                update(Report)
                .where(col(Report.posting_id) == row.id, col(Report.outcome) == "")
                .values(outcome=decision)
            )
            if decision != "dismiss" and company.contact:
                await self._tell(session, row, company, decision, reason, now)
            return row.status

    async def _remove(
        self, session: Any, row: Posting, company: Company, now: datetime, moderator: Principal, reason: str
    ) -> None:
        await self._change(session, row, "close", now, moderator.subject, reason, closing="removed")
        await tell_applicants(session, self._clock, row, company)

    async def decide_all(
        self, moderator: Principal, ids: Sequence[str], decision: str, reason: str
    ) -> dict[str, str]:
        """Several jobs, each in its own transaction: by job its status, or why nothing was done with it."""
        done: dict[str, str] = {}
        for posting_id in dict.fromkeys(ids):
            try:
                done[posting_id] = await self.decide(moderator, posting_id, decision, reason)
            except (Conflict, NotFound) as error:
                done[posting_id] = f"not done: {error.detail}"
        return done

    async def audit_of(self, about: str) -> list[Audit]:
        async with self._database.read() as session:
            statement = select(Audit).where(Audit.about == about).order_by(col(Audit.seq))
            return list((await session.scalars(statement)).all())

    async def _change(
        self, session: Any, row: Posting, action: str, at: datetime, by: str, note: str, *, closing: str = ""
    ) -> None:
        await change(
            session, row, action, at, by=by, note=note, confirm_days=self._settings.confirm_days,
            reason=closing or ("" if action == "approve" else note[:300]),
        )  # fmt: skip

    async def _tell(
        self, session: Any, row: Posting, company: Company, decision: str, reason: str, now: datetime
    ) -> None:
        title = job_of((row, company)).facts.title
        said = {
            "approve": "is on the board now", "trust": "is on the board now", "hold": "is held back for now",
            "reject": "was not accepted", "remove": "was removed", "suspend": "was removed",
        }[decision]  # fmt: skip
        why = f"\n\nWhy: {reason}" if reason else ""
        await mails.queue(
            session,
            self._clock,
            kind="moderated",
            key=(row.id, str(row.version), decision),
            recipient=company.contact,
            subject=f"Your job {said}: {title}",
            body=f"{title} {said}.{why}\n\n{self._settings.site}/careers/employers/jobs/{row.id}\n"
            + ("There you can ask for another look.\n" if decision in ("hold", "reject") else ""),
        )
