"""Members of a company, and its domain."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from ahead.careers.employers.team import Team
from ahead.careers.handlers import AnyRequest, fields, see_other
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page


class TeamPages(Controller):
    include_in_schema = False
    path = "/careers/employers/{company_id:uuid}"
    guards = (requires_account,)

    @post("/members")
    async def change(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        team: NamedDependency[Team],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        sent = await fields(request)
        subject, role = sent.get("member", ""), sent.get("role", "")
        await team.change_member(principal, str(company_id), subject, "" if role == "none" else role or "?")
        left = subject == principal.subject and role == "none"
        return see_other("/careers/employers" if left else f"/careers/employers/{company_id}")

    @post("/domain", opt={RATE_LIMIT: RateLimit("careers-domain", per_minute=1, burst=3, by="principal")})
    async def ask(
        self,
        request: AnyRequest,
        company_id: FromPath[Any],
        team: NamedDependency[Team],
        principal: NamedDependency[Principal],
    ) -> Response[Any]:
        await team.ask_domain(principal, str(company_id), (await fields(request)).get("address", ""))
        return see_other(f"/careers/employers/{company_id}?asked=domain")


class DomainPages(Controller):
    """The link of the mail: whoever reads mail at the domain may answer."""

    include_in_schema = False
    path = "/careers/employers/domain"

    @get("/{company_id:str}")
    async def asked(self, company_id: FromPath[str], token: FromQuery[str] = "") -> Page:
        return Page(
            "employers/domain.html", {"company_id": company_id[:36], "token": token[:64], "domain": ""}
        )

    @post("/{company_id:str}", status_code=200)
    async def confirm(
        self, request: AnyRequest, company_id: FromPath[str], team: NamedDependency[Team]
    ) -> Page:
        company = await team.confirm_domain(company_id, (await fields(request)).get("token", "")[:64])
        return Page(
            "employers/domain.html", {"company_id": company_id, "token": "", "domain": company.domain}
        )
