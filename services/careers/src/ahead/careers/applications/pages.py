"""Applying for a job, and where an application stands."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from ahead.careers.applications.files import judge
from ahead.careers.applications.service import BY_EMPLOYER, SAID, Applications, Form
from ahead.careers.candidates.service import Candidates
from ahead.careers.handlers import AnyRequest, fields, see_other
from ahead.careers.jobs.service import Job
from ahead.careers.models import HeldCredential
from ahead.careers.settings import Settings
from ahead.careers.vocabulary import granted_by
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput, Conflict, Forbidden
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

MOST_BODY = 21 << 20


class ApplyPages(Controller):
    include_in_schema = False
    path = "/careers/jobs"

    @get("/{job_id:str}/apply")
    async def form(
        self,
        job_id: FromPath[str],
        applications: NamedDependency[Applications],
        candidates: NamedDependency[Candidates],
        principal: NamedDependency[Principal],
        settings: NamedDependency[Settings],
    ) -> Page:
        """Filled in from the candidate's profile where there is one."""
        job = await applications.open_job(job_id)
        if not principal.registered:
            return _form(job, settings, {}, "")
        profile, held = await candidates.own(principal)
        value = {
            "name": profile.name,
            "email": profile.email,
            "phone": profile.phone,
            "letter": profile.about,
        }
        return _form(job, settings, value | {"with_profile": "yes"}, "", held)

    @post(
        "/{job_id:str}/apply",
        request_max_body_size=MOST_BODY,
        opt={RATE_LIMIT: RateLimit("careers-apply", per_minute=5, burst=10)},
    )
    async def apply(
        self,
        request: AnyRequest,
        job_id: FromPath[str],
        applications: NamedDependency[Applications],
        candidates: NamedDependency[Candidates],
        settings: NamedDependency[Settings],
        principal: NamedDependency[Principal],
    ) -> Any:
        if principal.kind not in ("guest", "account"):
            raise Forbidden("Open the job's page first, then apply.")
        sent = await request.form()
        plain = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
        job = await applications.open_job(job_id)
        try:
            upload = sent.get("resume")
            resume = None
            if isinstance(upload, UploadFile) and upload.filename:
                body = await upload.read((settings.resume_limit_mb << 20) + 1)
                resume = await judge(upload.filename, body, settings.resume_limit_mb)
            made = Form(
                name=plain.get("name", ""),
                email=plain.get("email", ""),
                phone=plain.get("phone", ""),
                letter=plain.get("letter", ""),
                credentials=plain.get("credentials", ""),
                with_profile=principal.registered and plain.get("with_profile") == "yes",
                answers=[plain.get(f"answer{number}", "") for number in range(len(job.facts.questions))],
            )
            application_id = await applications.apply(principal, job_id, made, resume)
        except (BadInput, Conflict) as error:
            held = (await candidates.own(principal))[1] if principal.registered else []
            return _form(job, settings, plain, f"{error.detail} {error.hint}".strip(), held)
        return Page("applications/done.html", {"job": job, "application_id": application_id})


class ApplicationPages(Controller):
    """The candidate's side: by account, or by the link of the mail."""

    include_in_schema = False
    path = "/careers/applications"

    @get("/{application_id:str}")
    async def state(
        self,
        application_id: FromPath[str],
        applications: NamedDependency[Applications],
        principal: NamedDependency[Principal],
        token: FromQuery[str] = "",
    ) -> Page:
        shown = await applications.own(principal, application_id, token[:64])
        return Page("applications/own.html", {"shown": shown, "token": token[:64]})

    @post("/{application_id:str}/{action:str}")
    async def act(
        self,
        request: AnyRequest,
        application_id: FromPath[str],
        action: FromPath[str],
        applications: NamedDependency[Applications],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        token = sent.get("token", "")[:64]
        shown = await applications.own(principal, application_id, token)
        if action == "answer":
            await applications.answer(shown, sent.get("text", ""))
        elif action in ("withdraw", "delete"):
            await applications.withdraw(shown, delete=action == "delete")
            if action == "delete":
                return see_other("/careers")
        else:
            raise BadInput("There is no such action.")
        return see_other(f"/careers/applications/{application_id}?token={quote(token)}")


class PipelinePages(Controller):
    """The employer's side."""

    include_in_schema = False
    path = "/careers/employers"
    guards = (requires_account,)

    @get("/jobs/{job_id:str}/applications")
    async def listed(
        self,
        job_id: FromPath[str],
        applications: NamedDependency[Applications],
        principal: NamedDependency[Principal],
    ) -> Page:
        job, rows = await applications.of_job(principal, job_id)
        return Page("applications/pipeline.html", {"job": job, "applications": rows, "said": SAID})

    @get("/applications/{application_id:str}")
    async def one(
        self,
        application_id: FromPath[str],
        applications: NamedDependency[Applications],
        principal: NamedDependency[Principal],
    ) -> Page:
        shown = await applications.for_member(principal, application_id)
        stages = [(stage, SAID[stage]) for stage in BY_EMPLOYER]
        held = [(one, granted_by(one.credential)) for one in shown.held]
        return Page("applications/one.html", {"shown": shown, "stages": stages, "held": held})

    @get("/applications/{application_id:str}/resume")
    async def resume(
        self,
        application_id: FromPath[str],
        applications: NamedDependency[Applications],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        """To the origin of files, by a link that ends after minutes."""
        return see_other(await applications.resume_link(principal, application_id))

    @post("/applications/{application_id:str}/{action:str}")
    async def act(
        self,
        request: AnyRequest,
        application_id: FromPath[str],
        action: FromPath[str],
        applications: NamedDependency[Applications],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        if action == "move":
            await applications.move(principal, application_id, sent.get("stage", ""))
        elif action in ("note", "message"):
            await applications.say(principal, application_id, sent.get("text", ""), note=action == "note")
        else:
            raise BadInput("There is no such action.")
        return see_other(f"/careers/employers/applications/{application_id}")


def _form(
    job: Job, settings: Settings, value: dict[str, str], wrong: str, held: Sequence[HeldCredential] = ()
) -> Page:
    context = {
        "job": job, "value": value, "wrong": wrong, "limit": settings.resume_limit_mb, "held": held,
        "scanned": bool(settings.scanner),
    }  # fmt: skip
    return Page("applications/apply.html", context, status_code=422 if wrong else 200)
