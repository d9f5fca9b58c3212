"""Pages: register, confirm the address, send the mail again."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from ahead.accounts.addresses import next_from_referer, normalise_address, safe_next
from ahead.accounts.handlers import (
    AnyRequest,
    Throttle,
    device_of,
    log_in_cookies,
    provide_half_current,
    secret_in,
    see_other,
)
from ahead.accounts.models import Account
from ahead.accounts.parts import Parts
from ahead.accounts.passwords import rules
from ahead.accounts.registration import service
from ahead.accounts.registration.schemas import ConfirmForm, RegisterForm
from ahead.accounts.sessions import service as sessions
from ahead.shared.auth.guards import requires_account
from ahead.shared.auth.middleware import network_bucket_of, principal_of
from ahead.shared.auth.visitors import takes_nothing
from ahead.shared.mail import BadAddress
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

_REGISTER = "registration/register.html"
_CONFIRM = "registration/confirm.html"


class RegistrationPages(Controller):
    path = "/account"
    include_in_schema = False

    @get("/register")
    async def form(
        self,
        request: AnyRequest,
        parts: NamedDependency[Parts],
        maybe_current: NamedDependency[sessions.Current | None],
        next: FromQuery[str] = "",
    ) -> Response[Any]:
        target = safe_next(next, "") or next_from_referer(request.headers.get("referer"), parts.public_url)
        if maybe_current is not None:
            return see_other(target or "/account")
        return Page(_REGISTER, {"email": "", "next": target, "errors": {}, "most_of_network": 0})

    @post("/register", opt={RATE_LIMIT: RateLimit("register", per_minute=20, burst=60)})
    async def register(
        self,
        request: AnyRequest,
        data: URLEncodedBody[RegisterForm],
        parts: NamedDependency[Parts],
        throttle: NamedDependency[Throttle],
    ) -> Response[Any]:
        errors: dict[str, str] = {}
        email = ""
        try:
            email = normalise_address(data.email)
        except BadAddress as error:
            errors["email"] = f"That is not an e-mail address: {error}."
        if objection := rules.objection(data.password, email):
            errors["password"] = objection
        target = safe_next(data.next, "")
        if errors:
            page = {"email": data.email[:254], "next": target, "errors": errors, "most_of_network": 0}
            return Page(_REGISTER, page, status_code=422)
        await throttle.log_in(email)  # trying passwords here is trying passwords
        principal = principal_of(request)
        looked_only = takes_nothing(request) is not None
        registration = service.Registration(
            email=email,
            password=data.password,
            guest_id=principal.id if principal.kind == "guest" and not looked_only else None,
            device=device_of(request),
            former_secret=secret_in(request, parts),
            network=network_bucket_of(request, parts.clock.now()),
        )
        try:
            started = await service.register(parts, registration)
        except service.NetworkFull:
            return _network_full(parts, {"email": data.email[:254], "next": target, "errors": {}})
        default = "/" if "lookup" in parts.settings.shared.peers else "/account"
        return see_other(target or default, log_in_cookies(parts, started))

    @get("/confirm")
    async def ask(
        self,
        parts: NamedDependency[Parts],
        maybe_current: NamedDependency[sessions.Current | None],
        token: FromQuery[str] = "",
    ) -> Response[Any]:
        account = await service.confirmable(parts, token)
        return _confirm_page(account, maybe_current, token)

    @post("/confirm", opt={RATE_LIMIT: RateLimit("confirm", per_minute=20, burst=20)})
    async def confirm(
        self,
        data: URLEncodedBody[ConfirmForm],
        parts: NamedDependency[Parts],
        throttle: NamedDependency[Throttle],
        maybe_current: NamedDependency[sessions.Current | None],
    ) -> Response[Any]:
        account = await service.confirmable(parts, data.token)
        if account is None:
            return _confirm_page(None, maybe_current, "")
        if not _is_own(account, maybe_current):
            await throttle.password(account.id)
            if not await parts.passwords.verify(account.password_hash, data.password):
                return _confirm_page(account, maybe_current, data.token, wrong=True)
        confirmed = await service.confirm(parts, data.token)
        if confirmed is None:
            return _confirm_page(None, maybe_current, "")
        page = Page(
            _CONFIRM, {"state": "done", "email": confirmed.email, "token": "", "own": True, "wrong": False}
        )
        if maybe_current is not None and _is_own(confirmed, maybe_current):
            fresh = sessions.Current(maybe_current.session, confirmed, maybe_current.roles)
            issued = await sessions.token_for(parts, fresh)
            page.cookies.append(parts.cookies.for_token(issued.token))
        return page

    @post(
        "/confirm/again",
        guards=[requires_account],
        opt={RATE_LIMIT: RateLimit("confirm-again", per_minute=0.5, burst=3, by="principal")},
    )
    async def again(self, request: AnyRequest, parts: NamedDependency[Parts]) -> Response[Any]:
        current = await provide_half_current(request, parts)
        if current.account.confirmed_at is None:
            await service.send_again(parts, current.account)
        return see_other("/account?done=confirm-again")


def _network_full(parts: Parts, page: dict[str, Any]) -> Page:
    now = parts.clock.now()
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=UTC)
    return Page(
        _REGISTER,
        {**page, "most_of_network": parts.settings.new_per_network_per_day},
        status_code=429,
        headers={"Retry-After": str(int((midnight - now).total_seconds()) + 1)},
    )


def _is_own(account: Account, current: sessions.Current | None) -> bool:
    """Whether this browser is logged in to the very account the link is for."""
    return current is not None and current.account.id == account.id


def _confirm_page(
    account: Account | None, current: sessions.Current | None, token: str, *, wrong: bool = False
) -> Page:
    if account is None:
        context = {"state": "dead", "email": "", "token": "", "own": False, "wrong": False}
        return Page(_CONFIRM, context, status_code=410)
    context = {
        "state": "ask",
        "email": account.email,
        "token": token,
        # Somebody else may have typed this address: only who also knows the password confirms elsewhere.
        "own": _is_own(account, current),
        "wrong": wrong,
    }
    return Page(_CONFIRM, context, status_code=422 if wrong else 200)
