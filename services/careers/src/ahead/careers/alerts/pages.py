"""What a candidate keeps: saved jobs, alerts, applications; and the links of alert mails."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy import delete
from sqlmodel import col, select

from ahead.careers.alerts.service import Alerts
from ahead.careers.alerts.timing import ZONES
from ahead.careers.applications.service import Applications
from ahead.careers.board.wanted import parse, read
from ahead.careers.handlers import AnyRequest, fields, see_other
from ahead.careers.jobs.repository import by_id, by_ids
from ahead.careers.jobs.service import job_of
from ahead.careers.models import SavedJob
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import Forbidden, NotFound
from ahead.shared.web.csrf import CSRF
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

OFTEN = {"daily": "Every morning", "weekly": "Every Monday morning", "instant": "Within minutes"}


class MinePages(Controller):
    include_in_schema = False
    guards = (requires_account,)

    @get("/careers/mine")
    async def mine(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        alerts: NamedDependency[Alerts],
        applications: NamedDependency[Applications],
        clock: NamedDependency[Clock],
    ) -> Page:
        async with database.read() as session:
            saved = select(SavedJob.posting_id).where(SavedJob.subject == principal.subject)
            ids = list((await session.scalars(saved.order_by(col(SavedJob.at).desc()))).all())
            held = await by_ids(session, ids)
        jobs = [job_of(held[one]) for one in ids if one in held]
        now = clock.now()
        context = {
            "saved": [(job, job.is_open(now)) for job in jobs],
            "alerts": [
                (row, parse(row.query), OFTEN[row.frequency]) for row in await alerts.of(principal.subject)
            ],
            "applications": await applications.of(principal),
        }
        return Page("alerts/mine.html", context)

    @post("/careers/jobs/{job_id:str}/save")
    async def save(
        self,
        request: AnyRequest,
        job_id: FromPath[str],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
    ) -> Response[Any]:
        keep = (await fields(request)).get("saved") != "no"
        async with database.write() as session:
            pair = await by_id(session, job_id) if len(job_id) <= 36 else None
            if pair is None or pair[0].published_at is None:
                raise NotFound("There is no such job.")
            key = (principal.subject, job_id)
            if not keep:
                await session.execute(
                    delete(SavedJob).where(
                        col(SavedJob.subject) == key[0], col(SavedJob.posting_id) == key[1]
                    )
                )
            elif await session.get(SavedJob, key) is None:
                session.add(SavedJob(subject=key[0], posting_id=key[1], at=clock.now()))
        return see_other(f"/careers/jobs/{job_id}")

    @post("/careers/mine/alerts/{search_id:str}/stop")
    async def stop(
        self, search_id: FromPath[str], principal: NamedDependency[Principal], alerts: NamedDependency[Alerts]
    ) -> Response[Any]:
        await alerts.stop_own(principal.subject, search_id)
        return see_other("/careers/mine")


class AlertPages(Controller):
    """No account is needed: the address is confirmed by its own mail."""

    include_in_schema = False
    path = "/careers/alerts"

    @get("/new")
    async def form(self, request: AnyRequest) -> Page:
        wanted = read(request.query_params.multi_items())
        return Page("alerts/new.html", {"wanted": wanted, "often": OFTEN, "zones": ZONES})

    @post("/new", opt={RATE_LIMIT: RateLimit("careers-alert", per_minute=2, burst=5)})
    async def create(
        self, request: AnyRequest, principal: NamedDependency[Principal], alerts: NamedDependency[Alerts]
    ) -> Page:
        if principal.kind not in ("guest", "account"):
            raise Forbidden("Open the page of the alert first.")
        sent = await fields(request)
        row = await alerts.create(
            principal.subject, sent.get("email", "").strip(), sent.get("query", ""),
            sent.get("frequency", ""), sent.get("zone", ""),
        )  # fmt: skip
        return Page("alerts/told.html", {"state": "asked", "row": row, "token": ""})

    @get("/{search_id:str}/confirm")
    async def confirming(
        self, search_id: FromPath[str], alerts: NamedDependency[Alerts], token: FromQuery[str] = ""
    ) -> Page:
        row = await alerts.by_token(search_id, "confirm", token)
        state = "confirmed" if row.confirmed_at and not row.stopped_at else "confirm"
        return Page("alerts/told.html", {"state": state, "row": row, "token": token})

    @post("/{search_id:str}/confirm", status_code=200)
    async def confirm(
        self, request: AnyRequest, search_id: FromPath[str], alerts: NamedDependency[Alerts]
    ) -> Page:
        row = await alerts.by_token(search_id, "confirm", (await fields(request)).get("token", ""))
        await alerts.confirm(row)
        return Page("alerts/told.html", {"state": "confirmed", "row": row, "token": ""})

    @get("/{search_id:str}/stop")
    async def stopping(
        self, search_id: FromPath[str], alerts: NamedDependency[Alerts], token: FromQuery[str] = ""
    ) -> Page:
        """Opening the link stops nothing: programs that look at mails open links too."""
        row = await alerts.by_token(search_id, "stop", token)
        return Page(
            "alerts/told.html", {"state": "stopped" if row.stopped_at else "stop", "row": row, "token": token}
        )

    # Mail programs post here themselves (RFC 8058), without a cookie: the token is the right.
    @post("/{search_id:str}/stop", status_code=200, opt={CSRF: False})
    async def stop(
        self, search_id: FromPath[str], alerts: NamedDependency[Alerts], token: FromQuery[str] = ""
    ) -> Page:
        row = await alerts.by_token(search_id, "stop", token)
        await alerts.stop(row.id)
        return Page("alerts/told.html", {"state": "stopped", "row": row, "token": ""})
