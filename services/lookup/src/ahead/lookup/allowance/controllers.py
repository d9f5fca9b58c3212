"""``GET /api/lookup/v1/allowance``: the asker's own code page views."""

from litestar import Controller, get
from litestar.di import NamedDependency

from ahead.lookup.codes.access import Views
from ahead.shared.auth.principal import Principal
from ahead.shared.errors import Forbidden
from ahead.shared.web.peer_allowance import ALLOWANCE_PATH, AllowanceAnswer
from ahead.shared.web.rate_limit import RATE_LIMIT


class AllowanceController(Controller):
    tags = ("codes",)

    # Not limited: the peers ask it for all their visitors, and it costs less than counting who asks.
    @get(ALLOWANCE_PATH, opt={RATE_LIMIT: None}, summary="Your code page views this month")
    async def allowance(
        self, views: NamedDependency[Views], principal: NamedDependency[Principal]
    ) -> AllowanceAnswer:
        """Visitors without an identity get what a guest starts with. Takes nothing."""
        allowance = await views.allowance_of(principal)
        if allowance is None:
            raise Forbidden("Services have no allowance: they charge their own.")
        return AllowanceAnswer.of(allowance)
