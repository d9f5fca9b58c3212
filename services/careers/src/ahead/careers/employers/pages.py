"""The employer's side: companies, their jobs, posting."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from ahead.careers import vocabulary as words
from ahead.careers.board import showing
from ahead.careers.employers import form, linter
from ahead.careers.employers.edits import told
from ahead.careers.employers.service import Employers
from ahead.careers.employers.statistics import Statistics
from ahead.careers.employers.team import Team, domain_of
from ahead.careers.handlers import AnyRequest, fields, see_other
from ahead.careers.importing.addresses import FeedAddresses
from ahead.careers.jobs.cleaning import as_markup, as_written
from ahead.careers.jobs.lifecycle import CLOSE_REASONS, LONGEST
from ahead.careers.jobs.schemas import JobFacts
from ahead.careers.settings import Settings
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.errors import BadInput
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

ACTIONS = ("submit", "pause", "resume", "confirm", "renew", "close", "appeal")
# What a feed says of a job, for whoever writes one: (name, what it holds, whether it has to be there).
COLUMNS = (
    ("referencenumber", "Your own number of the job", "Yes"),
    ("title", "What it is called", "Yes"),
    ("description", "All about it, as text or simple HTML", "Yes"),
    ("city, state", "Where it is done", "Unless it is remote"),
    ("postalcode", "ZIP, for searches by distance", ""),
    ("remotetype", "Fully remote, or Hybrid remote", ""),
    ("jobtype", "fulltime, parttime, contract, temporary, perdiem, internship", ""),
    ("salary", "Pay with its unit, such as $28.50 - $36 an hour", ""),
    ("experience", "Such as 2+ years", ""),
    ("url", "Where candidates apply, if not here", ""),
)
_JUDGED = ("title", "description", "city", "years", "pay_low", "apply_url")
_LIMITED = {RATE_LIMIT: RateLimit("careers-post", per_minute=20, burst=40, by="principal")}


class EmployersDoor(Controller):
    """What posting here is like, for whoever thinks about it; their companies, for who has an account."""

    include_in_schema = False

    @get("/careers/employers")
    async def home(
        self,
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
        settings: NamedDependency[Settings],
    ) -> Page:
        if not principal.registered:
            return Page("employers/door.html", {"days": settings.confirm_days, "columns": COLUMNS})
        return Page("employers/home.html", {"companies": await employers.companies_of(principal)})


class EmployerPages(Controller):
    include_in_schema = False
    path = "/careers/employers"
    guards = (requires_account,)

    @post("/companies", opt={RATE_LIMIT: RateLimit("careers-company", per_minute=1, burst=5, by="principal")})
    async def found(
        self,
        request: AnyRequest,
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        company = await employers.found_company(
            principal, sent.get("name", ""), sent.get("website", ""), sent.get("contact", "")
        )
        return see_other(f"/careers/employers/{company.id}")

    @get("/{company_id:uuid}")
    async def company(
        self,
        company_id: FromPath[Any],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
        settings: NamedDependency[Settings],
        team: NamedDependency[Team],
        statistics: NamedDependency[Statistics],
        feed_addresses: NamedDependency[FeedAddresses],
        invitation: FromQuery[str] = "",
        asked: FromQuery[str] = "",
        imported: FromQuery[str] = "",
    ) -> Page:
        own, jobs, counts = await employers.jobs_of(principal, str(company_id))
        now = clock.now()
        counted = await statistics.of([job.id for job in jobs if job.row.published_at], now)
        context = {
            "own": own,
            "about": as_written(own.company.about),
            "members": await team.members(principal, str(company_id)),
            "asked": asked == "domain",
            "imported": imported[:300],
            "feed": await feed_addresses.of(principal, str(company_id)),
            "domain": domain_of(own.company.website),
            "counted": counted,
            "jobs": [
                (job, job.is_open(now), showing.state_said(job, now), counts.get(job.id, 0)) for job in jobs
            ],
            "invitation": f"{settings.site}/careers/employers/join?token={invitation}" if invitation else "",
        }
        return Page("employers/company.html", context)

    @post("/{company_id:uuid}/profile")
    async def profile(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        await employers.change_company(principal, str(company_id), await fields(request))
        return see_other(f"/careers/employers/{company_id}")

    @post("/{company_id:uuid}/invitations", opt=_LIMITED)
    async def invite(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        role = (await fields(request)).get("role", "")
        token = await employers.invite(principal, str(company_id), role)
        return see_other(f"/careers/employers/{company_id}?invitation={token}")

    @get("/join")
    async def joining(self, token: FromQuery[str]) -> Page:
        return Page("employers/join.html", {"token": token[:100]})

    @post("/join", opt=_LIMITED)
    async def join(
        self,
        request: AnyRequest,
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        token = (await fields(request)).get("token", "")
        return see_other(f"/careers/employers/{await employers.join(principal, token)}")

    @get("/{company_id:uuid}/post")
    async def blank(
        self,
        company_id: FromPath[Any],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
        copy: FromQuery[str] = "",
    ) -> Page:
        """An empty form, or one with the words of another job of the company."""
        facts = JobFacts(title="", description="")
        if copy:
            facts = (await employers.job_for(principal, copy, "recruiter"))[0].facts
        else:
            await employers.jobs_of(principal, str(company_id))
        return _form(str(company_id), "", facts, {})

    @post("/{company_id:uuid}/preview", status_code=200, opt=_LIMITED)
    async def preview(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Page:
        """The job as it would look, while it is written; nothing is kept."""
        own, _, _ = await employers.jobs_of(principal, str(company_id))
        sent = await request.form()
        facts, wrong = form.read(
            lambda name: [value for value in sent.getall(name, []) if isinstance(value, str)]
        )
        context = {
            "facts": facts,
            "company": own.company,
            "rows": showing.rows_of(facts),
            "description": as_markup(facts.description),
            "hints": [*wrong.values(), *(linter.hints(facts, clock.now().date()) if facts.title else ())],
        }
        return Page("employers/preview.html", context)

    @get("/jobs/{job_id:str}/edit")
    async def filled(
        self,
        job_id: FromPath[str],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
    ) -> Page:
        job, own, _ = await employers.job_for(principal, job_id, "recruiter")
        return _form(own.company.id, job.id, job.facts, {})

    @post("/{company_id:uuid}/jobs", opt=_LIMITED)
    async def save(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
    ) -> Any:
        sent = await request.form()
        facts, wrong = form.read(
            lambda name: [value for value in sent.getall(name, []) if isinstance(value, str)]
        )
        job_id = str(sent.get("job_id") or "")
        if wrong:
            return _form(str(company_id), job_id, facts, wrong)
        saved = await employers.save(principal, str(company_id), facts, job_id)
        return see_other(f"/careers/employers/jobs/{saved}")

    @get("/jobs/{job_id:str}")
    async def job(
        self,
        job_id: FromPath[str],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Page:
        """The job as candidates will see it, with what to look at again, and what can be done with it."""
        job, own, history = await employers.job_for(principal, job_id)
        now = clock.now()
        return Page(
            "employers/job.html",
            {
                "job": job,
                "own": own,
                "rows": showing.fact_rows(job),
                "description": as_markup(job.facts.description),
                "hints": linter.hints(job.facts, now.date()),
                "history": told(history)[::-1],
                "is_open": job.is_open(now),
                "state": showing.state_said(job, now),
                "reason": CLOSE_REASONS.get(job.row.reason, job.row.reason),
                "latest": (now + LONGEST).date(),
                "reasons": {key: CLOSE_REASONS[key] for key in ("filled", "cancelled")},
            },
        )

    @post("/jobs/{job_id:str}/{action:str}", opt=_LIMITED)
    async def act(
        self,
        request: AnyRequest,
        job_id: FromPath[str],
        action: FromPath[str],
        employers: NamedDependency[Employers],
        principal: NamedDependency[Principal],
        clock: NamedDependency[Clock],
    ) -> Response[Any]:
        sent = await fields(request)
        if action not in ACTIONS:
            raise BadInput("There is no such action.")
        reason = sent.get("reason", "")[:300]
        if action == "close" and reason not in ("filled", "cancelled"):
            raise BadInput("Say why it closes.")
        until = _last_day(sent.get("until", ""), clock.now())
        await employers.act(principal, job_id, action, reason=reason, until=until)
        return see_other(f"/careers/employers/jobs/{job_id}")


class ConfirmPages(Controller):
    """The link of the mail that asks whether a job is open: whoever reads the mail may answer."""

    include_in_schema = False
    path = "/careers/employers/confirm"

    @get("/{job_id:str}")
    async def ask(self, job_id: FromPath[str], token: FromQuery[str] = "") -> Page:
        return Page("employers/confirm.html", {"job_id": job_id[:36], "token": token[:64], "done": False})

    @post("/{job_id:str}", status_code=200)
    async def confirm(
        self, request: AnyRequest, job_id: FromPath[str], employers: NamedDependency[Employers]
    ) -> Page:
        token = (await fields(request)).get("token", "")
        await employers.confirm_by_link(job_id, token)
        return Page("employers/confirm.html", {"job_id": job_id, "token": "", "done": True})


def _last_day(text: str, now: datetime) -> datetime | None:
    """The end of a day in UTC; None when none is named."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as error:
        raise BadInput("The last day looks like 2026-12-31.") from error
    if day < now.date():
        raise BadInput("The last day lies in the past.")
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def _form(company_id: str, job_id: str, facts: JobFacts, wrong: dict[str, str]) -> Page:
    context = {
        "company_id": company_id,
        "job_id": job_id,
        "value": form.values_of(facts),
        "wrong": {name: wrong.get(name, "") for name in _JUDGED},
        "errors": wrong,
        "words": words,
    }
    return Page("employers/form.html", context, status_code=422 if wrong else 200)
