"""``/consultant/addresses``: linking an address. The link in the mail opens a page; only its button links."""

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.consultant.handlers import AnyRequest, fields, see_other
from ahead.consultant.linking.service import Linking
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.principal import Principal
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page


class LinkingPages(Controller):
    include_in_schema = False
    path = "/consultant/addresses"
    guards = (requires_account,)

    @post("/", opt={RATE_LIMIT: RateLimit("consultant-link", per_minute=1, burst=5)})
    async def begin(
        self, request: AnyRequest, linking: NamedDependency[Linking], principal: NamedDependency[Principal]
    ) -> Page:
        await linking.begin(principal, (await fields(request)).get("address", ""))
        return Page("linking/sent.html", {})

    @get("/confirm")
    async def confirm(
        self,
        address: Annotated[str, QueryParameter(max_length=254)] = "",
        token: Annotated[str, QueryParameter(max_length=100)] = "",
    ) -> Page:
        return Page("linking/confirm.html", {"address": address, "token": token})

    @post("/confirm")
    async def finish(
        self, request: AnyRequest, linking: NamedDependency[Linking], principal: NamedDependency[Principal]
    ) -> Response[Any]:
        sent = await fields(request)
        await linking.finish(principal, sent.get("address", ""), sent.get("token", ""))
        return see_other("/consultant")
