"""Saved searches and their mails: double opt-in, one mail a period, no job twice.

What was sent is in a ledger by the job's story, so that a repost of the same job isn't sent again. The ledger, the
mail and the next due time are one transaction: killed anywhere, a run goes on where it was, and nobody gets
anything twice. What a mail leaves out (more than three jobs of one employer) is not in the ledger and comes next time.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.careers import events
from ahead.careers.alerts.timing import ZONES, next_due
from ahead.careers.board.service import Board
from ahead.careers.board.wanted import parse
from ahead.careers.jobs.service import Job
from ahead.careers.mails import service as mails
from ahead.careers.models import FREQUENCIES, Posting, SavedSearch, SentJob
from ahead.careers.settings import Settings
from ahead.shared.clock import Clock
from ahead.shared.crash_points import crash_point
from ahead.shared.db.engine import Database, Executor
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.ids import uuid7
from ahead.shared.mail import BadAddress, checked_address

AT_ONCE = 200
TOGETHER = 25
LOOKED_AT = 400
IN_ONE_MAIL = 25
MOST_SEARCHES = 25
# What the board shows of a search from an offset on, and whether there is more: many people may have saved the same.
Shared = dict[tuple[str, int], tuple[list[Job], bool]]


class Alerts:
    def __init__(self, database: Database, settings: Settings, board: Board, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._board = board
        self._clock = clock

    async def create(self, subject: str, email: str, query: str, frequency: str, zone: str) -> SavedSearch:
        """Save a search; a mail asks the address to confirm it.

        Raises:
            BadInput: something in it can't be used.
        """
        if frequency not in FREQUENCIES or zone not in ZONES:
            raise BadInput("Choose how often, and your time zone.")
        try:
            checked_address(email)
        except BadAddress as error:
            raise BadInput(f"That is not an e-mail address: {error}.") from error
        wanted = parse(query)
        now = self._clock.now()
        async with self._database.write() as session:
            mine = await self._of(session, subject)
            if len(mine) >= MOST_SEARCHES:
                raise BadInput(f"You have {MOST_SEARCHES} alerts. Stop one first.")
            row = SavedSearch(
                id=uuid7(),
                subject=subject,
                email=email,
                query=wanted.query[:1000],
                frequency=frequency,
                zone=zone,
                created_at=now,
            )
            session.add(row)
            await session.flush()
            link = (
                f"{self._settings.site}/careers/alerts/{row.id}/confirm?token={self._token('confirm', row)}"
            )
            await mails.queue(
                session,
                self._clock,
                kind="alert_confirm",
                key=(row.id,),
                recipient=email,
                subject="Confirm your job alert",
                body=f"Somebody, hopefully you, wants new jobs by mail at this address:\n\n  {wanted.title}\n\n"
                f"Confirm it here:\n{link}\n\nWithout that you will hear nothing more from us.\n",
            )
        return row

    def _token(self, purpose: str, row: SavedSearch) -> str:
        return self._settings.sign(f"alert-{purpose}", row.id, row.email)

    async def by_token(self, search_id: str, purpose: str, token: str) -> SavedSearch:
        """Raises NotFound for a link that isn't ours."""
        async with self._database.read() as session:
            row = await session.get(SavedSearch, search_id) if len(search_id) <= 36 else None
        if row is None or not self._settings.is_signed(token, f"alert-{purpose}", row.id, row.email):
            raise NotFound("This link is not complete, or its alert is gone.")
        return row

    async def confirm(self, row: SavedSearch) -> None:
        now = self._clock.now()
        async with self._database.write() as session:
            await session.execute(
                update(SavedSearch)
                .where(col(SavedSearch.id) == row.id, col(SavedSearch.confirmed_at).is_(None))
                .values(confirmed_at=now, stopped_at=None, next_at=next_due(row.frequency, row.zone, now))
            )

    async def stop(self, search_id: str) -> None:
        """No mail of this search any more, also none that is only due."""
        async with self._database.write() as session:
            await session.execute(
                update(SavedSearch)
                .where(col(SavedSearch.id) == search_id)
                .values(stopped_at=self._clock.now(), next_at=None)
            )

    async def stop_own(self, subject: str, search_id: str) -> None:
        """Raises NotFound when it isn't this person's."""
        async with self._database.read() as session:
            row = await session.get(SavedSearch, search_id) if len(search_id) <= 36 else None
        if row is None or row.subject != subject:
            raise NotFound("There is no such alert.")
        await self.stop(search_id)

    async def of(self, subject: str) -> Sequence[SavedSearch]:
        async with self._database.read() as session:
            return await self._of(session, subject)

    async def _of(self, session: Executor, subject: str) -> Sequence[SavedSearch]:
        statement = (
            select(SavedSearch)
            .where(SavedSearch.subject == subject, col(SavedSearch.stopped_at).is_(None))
            .order_by(col(SavedSearch.created_at))
        )
        return list((await session.scalars(statement)).all())

    async def run_due(self) -> int:
        """Send what is due; for the scheduler. Returns how many mails were recorded."""
        sent = 0
        while True:
            now = self._clock.now()
            due = (
                select(SavedSearch)
                .where(col(SavedSearch.next_at) <= now)
                .order_by(col(SavedSearch.next_at), col(SavedSearch.id))
                .limit(AT_ONCE)
            )
            async with self._database.read() as session:
                rows = list((await session.scalars(due)).all())
            shared: Shared = {}
            for start in range(0, len(rows), TOGETHER):
                sent += await self._run(rows[start : start + TOGETHER], now, shared)
            if len(rows) < AT_ONCE:
                return sent

    async def _run(self, rows: Sequence[SavedSearch], now: datetime, shared: Shared) -> int:
        """Some that are due, in one transaction: all of them have their mail, or none has."""
        found = [await self._candidates(row, now, shared) for row in rows]
        crash_point("alerts.found")

        async def work(session: AsyncSession) -> int:
            sent = 0
            for row, jobs in zip(rows, found, strict=True):
                sent += await self._send(session, row, jobs, now)
            crash_point("alerts.before_commit")
            return sent

        sent = await self._database.transact(work)
        crash_point("alerts.after_commit")
        return sent

    async def _send(
        self, session: AsyncSession, row: SavedSearch, found: Sequence[Job], now: datetime
    ) -> int:
        # Another run may have been here meanwhile: its step is the one that counts.
        taken = await session.execute(
            update(SavedSearch)
            .where(col(SavedSearch.id) == row.id, col(SavedSearch.next_at) == row.next_at)
            .values(next_at=next_due(row.frequency, row.zone, now))
            .returning(col(SavedSearch.id))
        )
        if taken.first() is None:
            return 0
        jobs = await self._fresh(session, row, found, now)
        if not jobs:
            return 0
        for job in jobs:
            session.add(SentJob(search_id=row.id, story=job.row.story, at=now))
        assert row.next_at is not None
        mail_id = await self._mail(session, row, jobs)
        if mail_id is not None:
            await events.alert_sent(session, mail_id, row.subject, len(jobs), now)
        return 1

    async def _candidates(self, row: SavedSearch, now: datetime, shared: Shared) -> list[Job]:
        """Open jobs that this search asks for and that were not sent for it, the newest first; enough for a mail."""
        fresh: list[Job] = []
        offset, more = 0, True
        while more and not self._enough(fresh):
            page = shared.get((row.query, offset))
            if page is None:
                page = await self._board.newest(parse(row.query), now, limit=LOOKED_AT, offset=offset)
                shared[row.query, offset] = page
            jobs, more = page
            fresh += await self._unsent(row, jobs)
            offset += LOOKED_AT
        return fresh

    async def _unsent(self, row: SavedSearch, jobs: Sequence[Job]) -> list[Job]:
        if not jobs:
            return []
        async with self._database.quick() as session:
            taken = await self._sent(session, row, jobs)
        return [job for job in jobs if job.row.story not in taken]

    def _enough(self, fresh: Sequence[Job]) -> bool:
        employers = Counter(job.company.id for job in fresh)
        each = self._settings.alert_jobs_per_employer
        return sum(min(count, each) for count in employers.values()) >= IN_ONE_MAIL

    async def _sent(self, session: Executor, row: SavedSearch, jobs: Sequence[Job]) -> set[str]:
        """Those of the stories of these jobs that are in the ledger."""
        stories = [job.row.story for job in jobs]
        taken: set[str] = set()
        for start in range(0, len(stories), LOOKED_AT):
            known = select(SentJob.story).where(
                SentJob.search_id == row.id, col(SentJob.story).in_(stories[start : start + LOOKED_AT])
            )
            taken.update((await session.scalars(known)).all())
        return taken

    async def _fresh(
        self, session: AsyncSession, row: SavedSearch, found: Sequence[Job], now: datetime
    ) -> list[Job]:
        """Those never sent for this search, open still as the database has it now."""
        taken = await self._sent(session, row, found)
        rows: dict[str, Posting] = {}
        for start in range(0, len(found), LOOKED_AT):
            some = [job.id for job in found[start : start + LOOKED_AT]]
            held = await session.scalars(select(Posting).where(col(Posting.id).in_(some)))
            rows.update((one.id, one) for one in held.all())
        employers: Counter[str] = Counter()
        fresh: list[Job] = []
        for job in found:
            held = rows.get(job.id)
            if held is None or job.row.story in taken or not Job(held, job.facts, job.company).is_open(now):
                continue
            if employers[job.company.id] >= self._settings.alert_jobs_per_employer:
                continue
            employers[job.company.id] += 1
            taken.add(job.row.story)
            fresh.append(job)
            if len(fresh) == IN_ONE_MAIL:
                break
        return fresh

    async def _mail(self, session: AsyncSession, row: SavedSearch, jobs: Sequence[Job]) -> str | None:
        site = self._settings.site
        stop = f"{site}/careers/alerts/{row.id}/stop?token={self._token('stop', row)}"
        title = parse(row.query).title
        many = f"{len(jobs)} new job{'' if len(jobs) == 1 else 's'}"
        lines = [f"{many}: {title}", ""]
        for job in jobs:
            facts = job.facts
            lines += [
                f"Example: {facts.title}" if job.row.example else facts.title,
                f"{job.company.name}, {facts.place}",
                facts.pay.text if facts.pay else "Pay not stated",
                site + job.path,
                "",
            ]
        lines += [f"All of them: {site}{parse(row.query).path()}", "", f"Stop these mails: {stop}", ""]
        assert row.next_at is not None
        return await mails.queue(
            session,
            self._clock,
            kind="alert",
            key=(row.id, row.next_at.isoformat()),
            recipient=row.email,
            subject=f"{many}: {title}"[:150],
            body="\n".join(lines),
            unsubscribe=stop,
        )
