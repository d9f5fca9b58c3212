"""Page: set up the authenticator app, or type its code."""

from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from ahead.accounts.addresses import safe_next
from ahead.accounts.handlers import (
    AnyRequest,
    Throttle,
    device_of,
    log_in_cookies,
    provide_half_current,
    secret_in,
    see_other,
)
from ahead.accounts.parts import Parts
from ahead.accounts.second_factor import service
from ahead.accounts.sessions import service as sessions
from ahead.shared.auth.guards import requires_account
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

_PAGE = "second_factor/second_factor.html"


class CodeForm(msgspec.Struct):
    code: str = ""
    next: str = ""


class SecondFactorPages(Controller):
    path = "/account/second-factor"
    include_in_schema = False
    guards = (requires_account,)

    @get()
    async def form(
        self, request: AnyRequest, parts: NamedDependency[Parts], next: FromQuery[str] = ""
    ) -> Response[Any]:
        current = await provide_half_current(request, parts)
        if not current.lacks_second_factor:
            return see_other(safe_next(next))
        return _page(parts, current, safe_next(next, ""), {})

    @post(opt={RATE_LIMIT: RateLimit("second-factor", per_minute=10, burst=10)})
    async def check(
        self,
        request: AnyRequest,
        data: URLEncodedBody[CodeForm],
        parts: NamedDependency[Parts],
        throttle: NamedDependency[Throttle],
    ) -> Response[Any]:
        current = await provide_half_current(request, parts)
        target = safe_next(data.next, "")
        if not current.lacks_second_factor:
            return see_other(target or "/account")
        await throttle.code(current.account.id)
        started = await service.pass_second_factor(
            parts, current, data.code[:20], device=device_of(request), secret=secret_in(request, parts)
        )
        if started is None:
            wrong = "That code is wrong, or was used already. Wait for the next one and try again."
            return _page(parts, current, target, {"code": wrong})
        return see_other(target or "/account", log_in_cookies(parts, started))


def _page(parts: Parts, current: sessions.Current, target: str, errors: dict[str, str]) -> Page:
    enrolled = current.account.totp_secret is not None
    secret = "" if enrolled else service.proposed_secret(parts.keybox, current)
    context = {
        "enrolled": enrolled,
        "secret": service.in_groups(secret),
        "setup_address": service.setup_address(secret, current.account.email) if secret else "",
        "next": target,
        "errors": errors,
    }
    return Page(_PAGE, context, status_code=422 if errors else 200)
