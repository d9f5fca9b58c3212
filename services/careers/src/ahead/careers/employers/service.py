"""Employers: companies, members, and what members do to their jobs. Everything is reached through
`company_for` and `posting_for`, which know whose it is."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from ahead.careers.applications.outcome import tell_applicants
from ahead.careers.jobs import repository
from ahead.careers.jobs.cleaning import clean_html, line, web_address
from ahead.careers.jobs.schemas import JobFacts, parse
from ahead.careers.jobs.service import Job, change, create, job_of
from ahead.careers.models import Application, Company, History, Invitation, Member, Posting
from ahead.careers.moderation.flags import flags_of
from ahead.careers.settings import Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Forbidden, NotFound
from ahead.shared.ids import uuid7
from ahead.shared.mail import BadAddress, checked_address

# What a member may do by role: read drafts and applicants; change jobs and stages; change the company.
RANK = {"reviewer": 1, "recruiter": 2, "owner": 3}
MOST_COMPANIES = 5
INVITED_FOR = timedelta(days=7)


class Own(msgspec.Struct, frozen=True):
    company: Company
    role: str


class Employers:
    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def companies_of(self, principal: Principal) -> Sequence[Own]:
        statement = (
            select(Company, Member.role)
            .join(Member, col(Member.company_id) == Company.id)
            .where(Member.subject == principal.subject)
            .order_by(Company.name)
        )
        async with self._database.read() as session:
            return [Own(row[0], row[1]) for row in (await session.execute(statement)).all()]

    async def company_for(
        self, session: AsyncSession, principal: Principal, company_id: str, least: str = "reviewer"
    ) -> Own:
        """A company, for one of its members.

        Raises:
            NotFound: there is none, or the principal is no member: a stranger can't tell which.
            Forbidden: the member's role is too small.
        """
        company = await session.get(Company, company_id) if len(company_id) <= 36 else None
        member = await session.get(Member, (company_id, principal.subject)) if company else None
        if company is None or member is None:
            raise NotFound("There is no such company among yours.")
        if RANK[member.role] < RANK[least]:
            raise Forbidden(f"This needs the role {least} in {company.name}.")
        return Own(company, member.role)

    async def posting_for(
        self, session: AsyncSession, principal: Principal, posting_id: str, least: str = "reviewer"
    ) -> tuple[Posting, Own]:
        """A job, for a member of its company. Raises NotFound, Forbidden."""
        row = await session.get(Posting, posting_id) if len(posting_id) <= 36 else None
        if row is None:
            raise NotFound("There is no such job among yours.")
        return row, await self.company_for(session, principal, row.company_id, least)

    async def found_company(self, principal: Principal, name: str, website: str, contact: str) -> Company:
        """Raises BadInput."""
        name = line(name)
        if len(name) < 2:
            raise BadInput("Give the company's name.")
        try:
            checked_address(contact)
        except BadAddress as error:
            raise BadInput(f"That is not an e-mail address: {error}.") from error
        if len(await self.companies_of(principal)) >= MOST_COMPANIES:
            raise BadInput(f"One account can have {MOST_COMPANIES} companies.")
        now = self._clock.now()
        company = Company(
            id=uuid7(), name=name, website=web_address(website), contact=contact, created_at=now
        )
        async with self._database.write() as session:
            session.add(company)
            await session.flush()
            session.add(Member(company_id=company.id, subject=principal.subject, role="owner", since=now))
        return company

    async def change_company(self, principal: Principal, company_id: str, values: dict[str, str]) -> None:
        async with self._database.write() as session:
            own = await self.company_for(session, principal, company_id, "owner")
            company = own.company
            company.about = clean_html(values.get("about", "")[:8000])
            company.website = web_address(values.get("website", ""))
            host = (urlsplit(company.website).hostname or "").lower().removeprefix("www.")
            if company.domain and host != company.domain:
                # What was shown about another domain says nothing about this one.
                company.domain, company.domain_at = "", None
            session.add(company)

    async def invite(self, principal: Principal, company_id: str, role: str) -> str:
        """The token of a link that makes whoever opens it a member, once, within a week."""
        if role not in RANK:
            raise BadInput("Choose a role.")
        token = secrets.token_urlsafe(24)
        async with self._database.write() as session:
            await self.company_for(session, principal, company_id, "owner")
            session.add(
                Invitation(
                    token_hash=_hash(token),
                    company_id=company_id,
                    role=role,
                    expires_at=self._clock.now() + INVITED_FOR,
                )
            )
        return token

    async def join(self, principal: Principal, token: str) -> str:
        """Use an invitation; returns the company's id. Raises NotFound."""
        now = self._clock.now()
        async with self._database.write() as session:
            taken = await session.execute(
                delete(Invitation)
                .where(col(Invitation.token_hash) == _hash(token), col(Invitation.expires_at) > now)
                .returning(col(Invitation.company_id), col(Invitation.role))
            )
            row = taken.first()
            if row is None:
                raise NotFound("This invitation was used, or is too old.")
            if await session.get(Member, (row[0], principal.subject)) is None:
                session.add(Member(company_id=row[0], subject=principal.subject, role=row[1], since=now))
        return row[0]

    async def save(self, principal: Principal, company_id: str, facts: JobFacts, posting_id: str = "") -> str:
        """A draft made or changed, or a published job edited. Returns the job's id."""
        now = self._clock.now()
        async with self._database.write() as session:
            if not posting_id:
                own = await self.company_for(session, principal, company_id, "recruiter")
                return (await create(session, own.company, facts, now, by=principal.subject)).id
            row, own = await self.posting_for(session, principal, posting_id, "recruiter")
            new_flags = set(flags_of(facts)) - set(flags_of(parse(row.facts)))
            review = bool(new_flags) or own.company.standing != "trusted"
            await self._change(
                session, row, "edit", now, principal, facts=facts, review=review
            )  # fmt: skip
            return row.id

    async def act(
        self,
        principal: Principal,
        posting_id: str,
        action: str,
        *,
        reason: str = "",
        until: datetime | None = None,
    ) -> str:
        """submit, pause, resume, confirm, renew, close or appeal. Returns the job's status. Raises Conflict."""
        now = self._clock.now()
        async with self._database.write() as session:
            row, own = await self.posting_for(session, principal, posting_id, "recruiter")
            more: dict[str, Any] = {"reason": reason} if action in ("close", "appeal") else {}
            if action in ("submit", "renew"):
                more["valid_through"] = until
            if action == "submit":
                more["review"] = own.company.standing != "trusted" or bool(flags_of(parse(row.facts)))
            if action in ("submit", "renew", "appeal") and own.company.standing == "suspended":
                raise Forbidden("This company can't post just now.")
            if action == "renew" and row.reason == "removed":
                raise Forbidden("Our moderators removed this job. Post it anew, as it should be.")
            await self._change(session, row, action, now, principal, note=reason, **more)
            if action == "close":
                await tell_applicants(session, self._clock, row, own.company)
            return row.status

    async def confirm_by_link(self, posting_id: str, token: str) -> Posting:
        """From a mail: the job is still open. Raises NotFound for a link that isn't ours, or not any more."""
        now = self._clock.now()
        async with self._database.write() as session:
            row = await session.get(Posting, posting_id) if len(posting_id) <= 36 else None
            moment = row.confirmed_at.isoformat() if row and row.confirmed_at else ""
            if row is None or not self._settings.is_signed(token, "confirm-open", row.id, moment):
                raise NotFound("This link was used, or is too old. Log in to see your jobs.")
            days = self._settings.confirm_days
            action = "renew" if row.status == "closed" and row.reason == "unconfirmed" else "confirm"
            await change(session, row, action, now, by="s:mail", confirm_days=days)
        return row

    async def _change(
        self,
        session: AsyncSession,
        row: Posting,
        action: str,
        now: datetime,
        principal: Principal,
        **more: Any,
    ) -> None:
        days = self._settings.confirm_days
        await change(session, row, action, now, by=principal.subject, confirm_days=days, **more)

    async def jobs_of(self, principal: Principal, company_id: str) -> tuple[Own, list[Job], dict[str, int]]:
        """(company, its jobs, applications by job)."""
        async with self._database.read() as session:
            own = await self.company_for(session, principal, company_id)
            rows = await repository.of_company(session, company_id)
            counting = (
                select(Application.posting_id, func.count())
                .where(col(Application.posting_id).in_([row.id for row in rows]))
                .group_by(Application.posting_id)
            )
            counts = {row[0]: int(row[1]) for row in (await session.execute(counting)).all()}
        return own, [job_of((row, own.company)) for row in rows], counts

    async def job_for(
        self, principal: Principal, posting_id: str, least: str = "reviewer"
    ) -> tuple[Job, Own, list[History]]:
        async with self._database.read() as session:
            row, own = await self.posting_for(session, principal, posting_id, least)
            return job_of((row, own.company)), own, await repository.history_of(session, posting_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
