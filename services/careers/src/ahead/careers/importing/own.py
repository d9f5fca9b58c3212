"""A company's own feed: its members alone, its jobs alone."""

from typing import IO

from sqlmodel import select

from ahead.careers.applications.outcome import tell_applicants
from ahead.careers.employers.service import Employers
from ahead.careers.importing.service import Imported, Importer
from ahead.careers.jobs.cleaning import line
from ahead.careers.jobs.schemas import JobFacts, parse
from ahead.careers.jobs.service import change, create
from ahead.careers.models import Posting
from ahead.careers.moderation.flags import flags_of
from ahead.careers.settings import Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database, Executor
from ahead.shared.errors import BadInput, Forbidden, NotFound

SOURCE = "api"


class OwnImport:
    def __init__(self, database: Database, settings: Settings, clock: Clock, employers: Employers) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._employers = employers

    async def run(self, principal: Principal, company_id: str, stream: IO[bytes], kind: str) -> Imported:
        """Raises NotFound and Forbidden for others, BadInput for what can't be read."""
        async with self._database.read() as session:
            own = await self._employers.company_for(session, principal, company_id, "recruiter")
        if own.company.standing == "suspended":
            raise Forbidden("This company can't post just now.")
        importer = Importer(self._database, self._settings, self._clock)
        return await importer.run(stream, "own", own=own.company, kind=kind)

    async def keep(self, principal: Principal, company_id: str, reference: str, facts: JobFacts) -> Posting:
        """Post a job under the company's own reference, or change the one that has it; sent again it is confirmed."""
        reference = line(reference)
        if not reference:
            raise BadInput("A job needs a reference of yours.")
        now = self._clock.now()
        days = self._settings.confirm_days
        async with self._database.write() as session:
            own = await self._employers.company_for(session, principal, company_id, "recruiter")
            if own.company.standing == "suspended":
                raise Forbidden("This company can't post just now.")
            review = own.company.standing != "trusted" or bool(flags_of(facts))
            row = await _held(session, company_id, reference)
            by = principal.subject
            if row is None:
                row = await create(
                    session, own.company, facts, now, by=by, source=SOURCE, external_id=reference
                )
                await change(session, row, "submit", now, by=by, confirm_days=days, review=review)
                return row
            if row.status == "closed" and row.reason == "removed":
                raise Forbidden("Our moderators removed this job. Post it anew, as it should be.")
            if row.status == "closed":
                await change(session, row, "renew", now, by=by, confirm_days=days)
            if facts != parse(row.facts):
                await change(session, row, "edit", now, by=by, confirm_days=days, facts=facts, review=review)
            if row.status in ("open", "paused"):
                await change(session, row, "confirm", now, by=by, confirm_days=days)
            return row

    async def close(self, principal: Principal, company_id: str, reference: str, reason: str) -> Posting:
        """Everybody who applied is told. Raises NotFound, Conflict."""
        if reason not in ("filled", "cancelled"):
            raise BadInput("A job closes because it is filled or cancelled.")
        now = self._clock.now()
        async with self._database.write() as session:
            own = await self._employers.company_for(session, principal, company_id, "recruiter")
            row = await _held(session, company_id, line(reference))
            if row is None:
                raise NotFound("There is no job with this reference.")
            await change(
                session, row, "close", now, by=principal.subject, confirm_days=self._settings.confirm_days,
                reason=reason,
            )  # fmt: skip
            await tell_applicants(session, self._clock, row, own.company)
        return row


async def _held(session: Executor, company_id: str, reference: str) -> Posting | None:
    statement = select(Posting).where(
        Posting.company_id == company_id, Posting.source == SOURCE, Posting.external_id == reference
    )
    return (await session.scalars(statement)).first()
