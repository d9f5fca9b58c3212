"""The claim check as JSON. It judges the user's own claim: an account is needed, no view is taken."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ahead.lookup.claims.events import ClaimLog
from ahead.lookup.claims.schemas import Claim, ClaimAnswer
from ahead.lookup.claims.service import ClaimCheck
from ahead.lookup.codes.access import tools_guard
from ahead.shared.auth.principal import Principal


class ClaimController(Controller):
    """POST answers 401 without an account and 400 for a claim that can't be read."""

    path = "/api/lookup/v1/tools"
    tags = ("tools",)
    guards = (tools_guard,)

    @post("/claim-check", status_code=200, summary="Check a whole claim")
    async def check(
        self,
        claims: NamedDependency[ClaimCheck],
        claim_log: NamedDependency[ClaimLog],
        principal: NamedDependency[Principal],
        data: JSONBody[Claim],
    ) -> ClaimAnswer:
        answer = await claims.check(data)
        claim_log.checked(principal, data, answer)
        return answer
