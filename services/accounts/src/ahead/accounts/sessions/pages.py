"""Pages: log in, log out, end other sessions."""

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from ahead.accounts import repository
from ahead.accounts.addresses import next_from_referer, normalise_address, safe_next
from ahead.accounts.handlers import (
    ASK_FOR_SECOND_FACTOR,
    AnyRequest,
    Throttle,
    device_of,
    log_in_cookies,
    secret_in,
    see_other,
)
from ahead.accounts.parts import Parts
from ahead.accounts.sessions import login as logging_in
from ahead.accounts.sessions import service as sessions
from ahead.accounts.sessions.schemas import LoginForm
from ahead.shared.auth.guards import requires_account
from ahead.shared.mail import BadAddress
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

_LOGIN = "sessions/login.html"
_NOTICES = {"password-set": "Your new password is set. Log in with it.", "erased": "Your account is deleted."}


class SessionPages(Controller):
    path = "/account"
    include_in_schema = False
    exception_handlers = ASK_FOR_SECOND_FACTOR

    @get("/login")
    async def form(
        self,
        request: AnyRequest,
        parts: NamedDependency[Parts],
        maybe_current: NamedDependency[sessions.Current | None],
        next: FromQuery[str] = "",
        done: FromQuery[str] = "",
    ) -> Response[Any]:
        target = safe_next(next, "") or next_from_referer(request.headers.get("referer"), parts.public_url)
        if maybe_current is not None:
            return see_other(target or "/account")
        page = Page(_LOGIN, {"email": "", "next": target, "errors": {}, "notice": _NOTICES.get(done, "")})
        if secret_in(request, parts) is not None:
            page.cookies.extend(parts.cookies.log_out())  # of a session that doesn't work any more
        return page

    @post("/login", opt={RATE_LIMIT: RateLimit("login", per_minute=30, burst=60)})
    async def log_in(
        self,
        request: AnyRequest,
        data: URLEncodedBody[LoginForm],
        parts: NamedDependency[Parts],
        throttle: NamedDependency[Throttle],
    ) -> Response[Any]:
        target = safe_next(data.next, "")
        try:
            email = normalise_address(data.email)
        except BadAddress:
            return _refused(data, target)
        await throttle.log_in(email)
        password = data.password[:1024]
        result = await logging_in.log_in(
            parts,
            logging_in.Login(
                email=email,
                password=password,
                device=device_of(request),
                former_secret=secret_in(request, parts),
            ),
        )
        if result is None:
            return _refused(data, target)
        path = target or ("/" if "lookup" in parts.settings.shared.peers else "/account")
        if result.needs_second_factor:
            path = "/account/second-factor" + (f"?next={_quote(target)}" if target else "")
        return see_other(path, log_in_cookies(parts, result.started))

    @post("/logout")
    async def log_out(self, request: AnyRequest, parts: NamedDependency[Parts]) -> Response[Any]:
        secret = secret_in(request, parts)
        if secret is not None:
            await sessions.end(parts, secret)
        path = "/" if "lookup" in parts.settings.shared.peers else "/account/login"
        return see_other(path, parts.cookies.log_out())

    @post("/sessions/{session_id:str}/revoke", guards=[requires_account])
    async def revoke(
        self,
        session_id: FromPath[str],
        current: NamedDependency[sessions.Current],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        async with parts.database.write() as session:
            await repository.revoke_sessions(session, current.account.id, parts.clock.now(), only=session_id)
        return see_other("/account?done=session-ended#sessions")

    @post("/sessions/revoke-others", guards=[requires_account])
    async def revoke_others(
        self, current: NamedDependency[sessions.Current], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        async with parts.database.write() as session:
            await repository.revoke_sessions(
                session, current.account.id, parts.clock.now(), but=current.session.id
            )
        return see_other("/account?done=others-ended#sessions")


def _refused(data: LoginForm, target: str) -> Page:
    errors = {"email": "This e-mail address and password don't belong together."}
    context = {"email": data.email[:254], "next": target, "errors": errors, "notice": ""}
    return Page(_LOGIN, context, status_code=401)


def _quote(path: str) -> str:
    return quote(path, safe="")
