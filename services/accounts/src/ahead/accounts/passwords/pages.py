"""Pages: a forgotten password, a new one, changing it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody

from ahead.accounts.addresses import normalise_address
from ahead.accounts.handlers import (
    ASK_FOR_SECOND_FACTOR,
    AnyRequest,
    Throttle,
    device_of,
    log_in_cookies,
    secret_in,
    see_other,
)
from ahead.accounts.models import Account
from ahead.accounts.parts import Parts
from ahead.accounts.passwords import rules, service
from ahead.accounts.passwords.schemas import ChangeForm, ForgotForm, ResetForm
from ahead.accounts.sessions import service as sessions
from ahead.shared.auth.guards import requires_account
from ahead.shared.mail import BadAddress
from ahead.shared.web.rate_limit import RATE_LIMIT, RateLimit
from ahead.shared.web.templating import Page

_FORGOT = "passwords/forgot.html"
_RESET = "passwords/reset.html"
_CHANGE = "passwords/change.html"


class PasswordPages(Controller):
    path = "/account"
    include_in_schema = False
    exception_handlers = ASK_FOR_SECOND_FACTOR

    @get("/forgot")
    async def forgot_form(self) -> Page:
        return Page(_FORGOT, {"sent": False, "email": "", "errors": {}})

    @post("/forgot", opt={RATE_LIMIT: RateLimit("forgot", per_minute=10, burst=20)})
    async def forgot(
        self,
        data: URLEncodedBody[ForgotForm],
        parts: NamedDependency[Parts],
        throttle: NamedDependency[Throttle],
    ) -> Page:
        try:
            email = normalise_address(data.email)
        except BadAddress as error:
            errors = {"email": f"That is not an e-mail address: {error}."}
            return Page(
                _FORGOT, {"sent": False, "email": data.email[:254], "errors": errors}, status_code=422
            )
        await throttle.mail(email)
        await service.ask_for_reset(parts, email)
        return Page(_FORGOT, {"sent": True, "email": "", "errors": {}})

    @get("/reset")
    async def reset_form(self, parts: NamedDependency[Parts], token: FromQuery[str] = "") -> Page:
        return _reset_page(await service.resettable(parts, token), token)

    @post("/reset", opt={RATE_LIMIT: RateLimit("reset", per_minute=10, burst=20)})
    async def reset(self, data: URLEncodedBody[ResetForm], parts: NamedDependency[Parts]) -> Response[Any]:
        account = await service.resettable(parts, data.token)
        if account is None:
            return _reset_page(None, "")
        if objection := rules.objection(data.password, account.email):
            return _reset_page(account, data.token, {"password": objection})
        if await service.reset(parts, data.token, data.password) is None:
            return _reset_page(None, "")
        return see_other("/account/login?done=password-set", parts.cookies.log_out())

    @get("/password", guards=[requires_account])
    async def change_form(self, current: NamedDependency[sessions.Current]) -> Page:
        return Page(_CHANGE, {"errors": {}})

    @post("/password", guards=[requires_account])
    async def change(
        self,
        request: AnyRequest,
        data: URLEncodedBody[ChangeForm],
        current: NamedDependency[sessions.Current],
        parts: NamedDependency[Parts],
        throttle: NamedDependency[Throttle],
    ) -> Response[Any]:
        if objection := rules.objection(data.password, current.account.email):
            return Page(_CHANGE, {"errors": {"password": objection}}, status_code=422)
        await throttle.password(current.account.id)
        started = await service.change(
            parts,
            current,
            present=data.present[:1024],
            new=data.password,
            device=device_of(request),
            secret=secret_in(request, parts),
        )
        if started is None:
            return Page(
                _CHANGE, {"errors": {"present": "That is not your present password."}}, status_code=422
            )
        return see_other("/account?done=password-changed", log_in_cookies(parts, started))


def _reset_page(account: Account | None, token: str, errors: dict[str, str] | None = None) -> Page:
    context = {"works": account is not None, "token": token, "errors": errors or {}}
    return Page(_RESET, context, status_code=410 if account is None else 422 if errors else 200)
