"""Keeping the board true: what is over is closed and told, and employers are asked whether their jobs are open."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.careers.applications.outcome import tell_applicants
from ahead.careers.jobs import repository
from ahead.careers.jobs.lifecycle import ended_by_clock, seconds
from ahead.careers.jobs.schemas import parse
from ahead.careers.jobs.service import change, standing_of
from ahead.careers.mails import service as mails
from ahead.careers.models import Company, Posting
from ahead.careers.settings import Settings
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database

AT_ONCE = 100
ASK_BEFORE = timedelta(days=3)


class Keeping:
    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def close_ended(self) -> int:
        """Jobs whose window has passed are marked closed, with why; all outputs left them when it passed."""
        closed = 0
        while True:
            now = self._clock.now()
            async with self._database.write() as session:
                rows = await repository.ended(session, seconds(now), AT_ONCE)
                for row in rows:
                    why = ended_by_clock(standing_of(row), now)
                    await change(
                        session, row, "close", now, by="s:careers",
                        confirm_days=self._settings.confirm_days, reason=why,
                    )  # fmt: skip
                    company = await session.get(Company, row.company_id)
                    assert company is not None
                    await tell_applicants(session, self._clock, row, company)
            closed += len(rows)
            if len(rows) < AT_ONCE:
                return closed

    async def ask(self) -> int:
        """Mail the employers whose jobs would close for want of a word within three days; once each time."""
        asked = 0
        while True:
            rows = await self._ask_some(self._clock.now())
            asked += rows
            if rows < AT_ONCE:
                return asked

    async def _ask_some(self, now: datetime) -> int:
        due = now + ASK_BEFORE - timedelta(days=self._settings.confirm_days)
        async with self._database.write() as session:
            statement = (
                select(Posting, Company)
                .join(Company)
                .where(
                    Posting.status == "open",
                    Posting.open_until > seconds(now),
                    col(Posting.confirmed_at) <= due,
                    col(Posting.asked_at).is_(None),
                )
                .limit(AT_ONCE)
            )
            pairs = [(row[0], row[1]) for row in (await session.execute(statement)).all()]
            for row, company in pairs:
                await session.execute(update(Posting).where(col(Posting.id) == row.id).values(asked_at=now))
                if company.contact and not row.example:
                    await self._mail(session, row, company)
        return len(pairs)

    async def _mail(self, session: AsyncSession, row: Posting, company: Company) -> None:
        assert row.confirmed_at is not None
        title = parse(row.facts).title
        moment = row.confirmed_at.isoformat()
        token = self._settings.sign("confirm-open", row.id, moment)
        link = f"{self._settings.site}/careers/employers/confirm/{row.id}?token={token}"
        await mails.queue(
            session,
            self._clock,
            kind="confirm_open",
            key=(row.id, moment),
            recipient=company.contact,
            subject=f"Is this job still open? {title}",
            body=f"{title}\n\nIs {company.name} still hiring for it? Tell us with one click:\n{link}\n\n"
            f"A job is shown for {self._settings.confirm_days} days after its employer last said so; "
            "without an answer it closes by itself, and you can open it again at any time.\n",
        )
