"""JSON for operators: health, jobs that were given up, plans."""

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from ahead.accounts.addresses import normalise_address
from ahead.accounts.ops import service
from ahead.accounts.parts import Parts
from ahead.accounts.plans import service as plans
from ahead.shared.auth.guards import requires_role
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import BadInput, NotFound
from ahead.shared.logging import get_logger
from ahead.shared.mail import BadAddress
from ahead.shared.ops import Health

log = get_logger(__name__)


class PlanChange(msgspec.Struct, forbid_unknown_fields=True):
    email: str
    plan: str


class AccountPlan(msgspec.Struct):
    account: str
    plan: str
    roles: list[str]
    confirmed: bool


class OpsController(Controller):
    path = "/api/accounts/v1/ops"
    tags = ("Operators",)
    guards = (requires_role("ops"),)

    @get("/health", summary="Age of the outbox, queues, jobs given up")
    async def health(self, parts: NamedDependency[Parts]) -> Health:
        return await service.health(parts)

    @get("/dead-letters", summary="Jobs that were given up, the newest first")
    async def dead_letters(
        self, parts: NamedDependency[Parts], limit: FromQuery[int] = 100
    ) -> list[service.DeadLetter]:
        return await service.dead_letters(parts, limit=max(1, min(limit, 500)))

    @post("/dead-letters/{job_id:str}/retry", status_code=200, summary="Try a job again")
    async def retry(self, job_id: FromPath[str], parts: NamedDependency[Parts]) -> dict[str, str]:
        if not await service.retry(parts, job_id):
            raise NotFound("There is no such dead letter.")
        return {"status": "queued"}

    @post("/dead-letters/{job_id:str}/discard", status_code=200, summary="Forget a job")
    async def discard(self, job_id: FromPath[str], parts: NamedDependency[Parts]) -> dict[str, str]:
        if not await service.discard(parts, job_id):
            raise NotFound("There is no such dead letter.")
        return {"status": "discarded"}

    @get("/plans", summary="The plan of an address")
    async def plan(self, parts: NamedDependency[Parts], email: FromQuery[str]) -> AccountPlan:
        account, roles = await plans.find(parts, _address(email))
        return AccountPlan(
            account=account.id,
            plan=account.plan,
            roles=sorted(roles),
            confirmed=account.confirmed_at is not None,
        )

    @post("/plans", status_code=200, summary="Change the plan of an address")
    async def set_plan(
        self, data: JSONBody[PlanChange], parts: NamedDependency[Parts], principal: NamedDependency[Principal]
    ) -> AccountPlan:
        account, roles = await plans.find(parts, _address(data.email))
        changed = await plans.set_plan(parts, account.id, data.plan, by=principal.subject)
        log.info("plan_changed", account=changed.id, plan=changed.plan, by=principal.subject)
        return AccountPlan(
            account=changed.id,
            plan=changed.plan,
            roles=sorted(roles),
            confirmed=changed.confirmed_at is not None,
        )


def _address(text: str) -> str:
    try:
        return normalise_address(text)
    except BadAddress as error:
        raise BadInput(f"That is not an e-mail address: {error}.") from error
