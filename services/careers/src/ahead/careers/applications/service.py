"""Applying, and what becomes of it. An application is reached by its candidate (account, or the link in the mail)
through `own`, and by a member of the job's company through `for_member`."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from ahead.careers import events
from ahead.careers.applications import repository
from ahead.careers.applications.files import Files, Resume
from ahead.careers.applications.scanning import make_scanner
from ahead.careers.candidates.service import credentials_of
from ahead.careers.employers.service import Employers
from ahead.careers.jobs.cleaning import line
from ahead.careers.jobs.lifecycle import seconds
from ahead.careers.jobs.repository import by_id
from ahead.careers.jobs.service import Job, job_of
from ahead.careers.mails import service as mails
from ahead.careers.models import Application, Company, HeldCredential, Posting, Remark
from ahead.careers.settings import Settings
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict, NotFound, Problem
from ahead.shared.ids import uuid7
from ahead.shared.logging import get_logger
from ahead.shared.mail import BadAddress, checked_address

log = get_logger(__name__)
SAID = {
    "new": "Received", "reviewed": "Being looked at", "interview": "Interview", "offer": "Offer",
    "declined": "Declined", "withdrawn": "Withdrawn",
}  # fmt: skip
LINK_SECONDS = 300
BY_EMPLOYER = ("reviewed", "interview", "offer", "declined")


class Form(msgspec.Struct, frozen=True):
    name: str
    email: str
    phone: str
    letter: str
    credentials: str
    answers: Sequence[str]
    with_profile: bool = False


class Shown(msgspec.Struct, frozen=True):
    """`remarks`: messages; for members of the company notes too. `held`: credentials of the candidate's profile,
    where they were sent along."""

    application: Application
    job: Job
    remarks: Sequence[Remark]
    answers: Sequence[tuple[str, str]]
    held: Sequence[HeldCredential] = ()

    @property
    def state(self) -> str:
        return SAID[self.application.stage]


class Applications:
    def __init__(self, database: Database, settings: Settings, clock: Clock, employers: Employers) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._employers = employers
        self._files = Files(settings)
        self._scanner = make_scanner(settings.scanner)

    async def open_job(self, job_id: str) -> Job:
        """A job that one can apply for here, now.

        Raises:
            NotFound, Problem: there is none; it is closed (410); it takes applications elsewhere.
        """
        async with self._database.read() as session:
            pair = await by_id(session, job_id) if len(job_id) <= 36 else None
        if pair is None or pair[0].published_at is None:
            raise NotFound("There is no such job on this board.")
        job = job_of(pair)
        if not job.is_open(self._clock.now()):
            raise Problem("job-closed", "This job is closed", 410, "It takes no applications any more.")
        return job

    async def apply(self, principal: Principal, job_id: str, form: Form, resume: Resume | None) -> str:
        """Returns the application's id.

        Raises:
            BadInput: something is missing.
            Conflict: this address has applied for this job.
        """
        job = await self.open_job(job_id)
        if job.facts.apply_url:
            raise Conflict("This employer takes applications on its own site.")
        name = line(form.name)
        if len(name) < 2:
            raise BadInput("Tell the employer your name.")
        try:
            checked_address(form.email)
        except BadAddress as error:
            raise BadInput(f"That is not an e-mail address: {error}.") from error
        if resume is None and len(form.letter.strip()) < 20:
            raise BadInput("Send a resume, or write at least a sentence about yourself.")
        if resume is not None and (found := await self._scanner.finds(resume.body)):
            log.warning("careers.resume_refused", found=found)
            raise BadInput("The virus scanner refuses this file.", hint="Save your resume as a PDF again.")
        kept = self._files.keep(resume) if resume else ""
        try:
            return await self._record(principal, job, form, name, resume, kept)
        except BaseException:
            self._files.remove(kept)
            raise

    async def _record(
        self, principal: Principal, job: Job, form: Form, name: str, resume: Resume | None, kept: str
    ) -> str:
        now = self._clock.now()
        row = Application(
            id=uuid7(),
            posting_id=job.id,
            subject=principal.subject,
            name=name,
            email=form.email.strip().lower(),
            phone=line(form.phone, 40),
            letter=form.letter.strip()[:8000],
            credentials=line(form.credentials, 300),
            with_profile=form.with_profile,
            answers=msgspec.json.encode([line(one, 1000) for one in form.answers]).decode(),
            resume_name=resume.name if resume else "",
            resume_file=kept,
            resume_type=resume.kind if resume else "",
            at=now,
            changed_at=now,
        )
        async with self._database.write() as session:
            # Read again under the lock: it may have been closed while the file was on its way.
            posting = await session.get(Posting, job.id)
            if posting is None or not Job(posting, job.facts, job.company).is_open(now):
                raise Problem("job-closed", "This job is closed", 410, "It takes no applications any more.")
            known = select(Application.id).where(
                Application.posting_id == job.id, Application.email == row.email
            )
            if (await session.execute(known)).first() is not None:
                raise Conflict("You have applied for this job with this address.")
            session.add(row)
            await session.flush()
            await events.application_submitted(
                session, row.id, job.id, principal.subject, principal.plan, now
            )
            link = f"{self._settings.site}{self.path(row)}"
            await self._mail(
                session, "applied", row, row.email, f"Your application: {job.facts.title}",
                f"Hello {name},\n\n{job.company.name} has your application for {job.facts.title}.\n\n"
                f"Where it stands, messages, and withdrawing it:\n{link}\n",
            )  # fmt: skip
            if job.company.contact:
                await self._mail(
                    session, "application_came", row, job.company.contact, f"New application: {job.facts.title}",
                    f"Somebody applied for {job.facts.title}.\n\n"
                    f"{self._settings.site}/careers/employers/jobs/{job.id}/applications\n",
                )  # fmt: skip
        return row.id

    async def _mail(
        self,
        session: AsyncSession,
        kind: str,
        row: Application,
        to: str,
        subject: str,
        body: str,
        step: str = "",
    ) -> None:
        key = (row.id, step)
        await mails.queue(session, self._clock, kind=kind, key=key, recipient=to, subject=subject, body=body)

    def path(self, row: Application) -> str:
        return f"/careers/applications/{row.id}?token={self._settings.sign('application', row.id)}"

    async def own(self, principal: Principal, application_id: str, token: str) -> Shown:
        """For its candidate. Raises NotFound for everybody else."""
        async with self._database.read() as session:
            found = await self._found(session, application_id)
            row = found[0]
            mine = principal.registered and row.subject == principal.subject
            if not mine and not self._settings.is_signed(token, "application", row.id):
                raise NotFound("There is no such application.")
            return await self._shown(session, found, ("to", "from"))

    async def _found(
        self, session: AsyncSession, application_id: str
    ) -> tuple[Application, Posting, Company]:
        found = await repository.with_posting(session, application_id) if len(application_id) <= 36 else None
        if found is None:
            raise NotFound("There is no such application.")
        return found

    async def _shown(
        self, session: AsyncSession, found: tuple[Application, Posting, Company], kinds: Sequence[str]
    ) -> Shown:
        row, posting, company = found
        job = job_of((posting, company))
        answers = msgspec.json.decode(row.answers, type=list[str])
        remarks = await repository.remarks_of(session, row.id, kinds)
        held = await credentials_of(session, row.subject) if row.with_profile else []
        return Shown(row, job, remarks, list(zip(job.facts.questions, answers, strict=False)), held)

    async def of(self, principal: Principal) -> list[Shown]:
        async with self._database.read() as session:
            found = await repository.of_subject(session, principal.subject)
        return [Shown(row, job_of((posting, company)), (), ()) for row, posting, company in found]

    async def withdraw(self, shown: Shown, *, delete: bool) -> None:
        """Out of the employer's pipeline; the resume goes at once, the rest too when asked."""
        now = self._clock.now()
        async with self._database.write() as session:
            row = await session.get(Application, shown.application.id)
            if row is None:
                return
            file = row.resume_file
            if delete:
                await session.delete(row)
            else:
                row.stage, row.changed_at = "withdrawn", now
                row.resume_file = row.resume_name = row.resume_type = ""
                session.add(row)
        self._files.remove(file)

    async def answer(self, shown: Shown, text: str) -> None:
        """A message from the candidate."""
        await self._remark(shown.application.id, "from", "candidate", text)

    async def _remark(self, application_id: str, kind: str, by: str, text: str) -> Remark:
        if not text.strip():
            raise BadInput("Write something first.")
        remark = Remark(
            id=uuid7(), application_id=application_id, kind=kind, by=by, text=text.strip()[:4000], at=self._clock.now()
        )  # fmt: skip
        async with self._database.write() as session:
            session.add(remark)
        return remark

    async def of_job(self, principal: Principal, job_id: str) -> tuple[Job, list[Application]]:
        """For members of the job's company."""
        async with self._database.read() as session:
            row, own = await self._employers.posting_for(session, principal, job_id)
            return job_of((row, own.company)), await repository.of_posting(session, job_id)

    async def for_member(self, principal: Principal, application_id: str, least: str = "reviewer") -> Shown:
        """For members of the job's company. Raises NotFound, Forbidden."""
        async with self._database.read() as session:
            found = await self._found(session, application_id)
            try:
                await self._employers.company_for(session, principal, found[2].id, least)
            except NotFound as error:
                raise NotFound("There is no such application.") from error
            return await self._shown(session, found, ("note", "to", "from"))

    async def move(self, principal: Principal, application_id: str, stage: str) -> str:
        """Along the pipeline; the candidate is told. Returns the job's id."""
        if stage not in BY_EMPLOYER:
            raise BadInput("There is no such stage.")
        shown = await self.for_member(principal, application_id, "recruiter")
        now: datetime = self._clock.now()
        async with self._database.write() as session:
            row = await session.get(Application, application_id)
            if row is None or row.stage == "withdrawn":
                raise Conflict("The candidate has withdrawn.")
            if row.stage != stage:
                row.stage, row.changed_at = stage, now
                session.add(row)
                await self._mail(
                    session, "stage", row, row.email, f"Your application: {shown.job.facts.title}",
                    f"Hello {row.name},\n\nYour application to {shown.job.company.name} for "
                    f"{shown.job.facts.title} is now: {SAID[stage]}.\n\n{self._settings.site}{self.path(row)}\n",
                    now.isoformat(),
                )  # fmt: skip
        return shown.job.id

    async def say(self, principal: Principal, application_id: str, text: str, *, note: bool) -> None:
        """A note among members, or a message to the candidate, who gets it by mail."""
        shown = await self.for_member(principal, application_id, "reviewer" if note else "recruiter")
        kind = "note" if note else "to"
        remark = await self._remark(application_id, kind, principal.subject, text)
        if not note:
            row = shown.application
            async with self._database.write() as session:
                await self._mail(
                    session, "message", row, row.email, f"A message about {shown.job.facts.title}",
                    f"{shown.job.company.name} wrote:\n\n{remark.text}\n\nAnswer here:\n"
                    f"{self._settings.site}{self.path(row)}\n", remark.id,
                )  # fmt: skip

    async def resume_link(self, principal: Principal, application_id: str) -> str:
        """Where a member of the job's company gets the file, for the next minutes."""
        row = (await self.for_member(principal, application_id)).application
        if not row.resume_file:
            raise NotFound("There is no file with this application.")
        until = str(seconds(self._clock.now()) + LINK_SECONDS)
        token = self._settings.sign("resume", row.id, row.resume_file, until)
        return f"{self._settings.downloads}/files/careers/{row.id}?until={until}&token={token}"

    async def resume_by_link(self, application_id: str, until: str, token: str) -> tuple[str, str, bytes]:
        """(name, type, bytes) of the file. Raises NotFound for a link that isn't ours, or whose time is over."""
        async with self._database.read() as session:
            row = await session.get(Application, application_id) if len(application_id) <= 36 else None
        ended = NotFound("This link has ended.", hint="Open the file from the application again.")
        if (
            row is None
            or not row.resume_file
            or not (until.isascii() and until.isdigit() and len(until) < 13)
        ):
            raise ended
        if not self._settings.is_signed(token, "resume", row.id, row.resume_file, until):
            raise ended
        if not seconds(self._clock.now()) < int(until) <= seconds(self._clock.now()) + LINK_SECONDS:
            raise ended
        return row.resume_name, row.resume_type, self._files.read(row.resume_file)
