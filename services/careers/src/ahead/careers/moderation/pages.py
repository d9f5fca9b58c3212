"""The moderators' page, and reporting a job."""

from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ahead.careers.board.showing import STANDINGS_SAID, STATES_SAID
from ahead.careers.candidates.service import Candidates
from ahead.careers.employers.edits import told
from ahead.careers.handlers import AnyRequest, fields, see_other
from ahead.careers.jobs.cleaning import as_markup
from ahead.careers.jobs.lifecycle import CLOSE_REASONS
from ahead.careers.jobs.repository import counts_by_status
from ahead.careers.moderation.service import KINDS, Moderation
from ahead.shared.auth.guards import requires_role
from ahead.shared.auth.principal import Principal
from ahead.shared.db.engine import Database
from ahead.shared.errors import Forbidden
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

_WORDS = {"states": STATES_SAID, "standings": STANDINGS_SAID}


class ReportPages(Controller):
    include_in_schema = False
    path = "/careers/jobs"

    @post("/{job_id:str}/report", opt={RATE_LIMIT: RateLimit("careers-report", per_minute=2, burst=10)})
    async def report(
        self,
        request: AnyRequest,
        job_id: FromPath[str],
        moderation: NamedDependency[Moderation],
        principal: NamedDependency[Principal],
    ) -> Page:
        if principal.kind not in ("guest", "account"):
            raise Forbidden("Open the job's page first, then report it.")
        sent = await fields(request)
        await moderation.report(job_id, principal.subject, sent.get("kind", ""), sent.get("text", ""))
        return Page("moderation/thanks.html", {})


class ModerationPages(Controller):
    include_in_schema = False
    path = "/careers/moderation"
    guards = (requires_role("moderator"),)

    @get("/")
    async def waiting(
        self, moderation: NamedDependency[Moderation], candidates: NamedDependency[Candidates]
    ) -> Page:
        cases = await moderation.waiting()
        rows = [(case, as_markup(case.job.facts.description)) for case in cases]
        return Page(
            "moderation/waiting.html",
            {"rows": rows, "kinds": KINDS, "wishes": await candidates.wishes(), **_WORDS},
        )

    @get("/jobs/{job_id:str}")
    async def trail(self, job_id: FromPath[str], moderation: NamedDependency[Moderation]) -> Page:
        """All that happened to a job and to its employer, and by whom."""
        job, history = await moderation.history(job_id)
        audit = await moderation.audit_of(job.company.id)
        reason = CLOSE_REASONS.get(job.row.reason, job.row.reason)
        context = {"job": job, "reason": reason, "history": told(history)[::-1], "audit": audit, **_WORDS}
        return Page("moderation/trail.html", context)

    @post("/credentials")
    async def check(
        self,
        request: AnyRequest,
        candidates: NamedDependency[Candidates],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        await candidates.checked(
            principal, sent.get("subject", ""), sent.get("credential", ""), sent.get("number", ""),
            right=sent.get("outcome") == "right", note=sent.get("note", ""),
        )  # fmt: skip
        return see_other("/careers/moderation")

    @post("/{job_id:str}")
    async def decide(
        self,
        request: AnyRequest,
        job_id: FromPath[str],
        moderation: NamedDependency[Moderation],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        await moderation.decide(principal, job_id, sent.get("decision", ""), sent.get("reason", ""))
        return see_other("/careers/moderation")


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    jobs: list[str]
    decision: str
    reason: str = ""


class WaitingCase(msgspec.Struct):
    id: str
    title: str
    company: str
    status: str
    flags: list[str]
    reports: list[str]


class ModerationController(Controller):
    path = "/api/careers/v1/ops/moderation"
    guards = (requires_role("moderator", "ops"),)
    tags = ("Operators",)

    @get("/", summary="Jobs that wait for a moderator")
    async def listed(self, moderation: NamedDependency[Moderation]) -> list[WaitingCase]:
        return [
            WaitingCase(
                id=case.job.id,
                title=case.job.facts.title,
                company=case.job.company.name,
                status=case.job.row.status,
                flags=list(case.flags),
                reports=[f"{KINDS[one.kind]}: {one.text}" for one in case.reports],
            )
            for case in await moderation.waiting()
        ]

    @post("/decisions", status_code=200, summary="Decide about several jobs at once")
    async def decide(
        self,
        data: JSONBody[Decision],
        moderation: NamedDependency[Moderation],
        principal: NamedDependency[Principal],
    ) -> dict[str, str]:
        """By job its status afterwards, or why nothing was done with it."""
        return await moderation.decide_all(principal, data.jobs[:200], data.decision, data.reason)

    @get("/counts", summary="Jobs by their status")
    async def counts(self, database: NamedDependency[Database]) -> dict[str, int]:
        async with database.read() as session:
            return await counts_by_status(session)
