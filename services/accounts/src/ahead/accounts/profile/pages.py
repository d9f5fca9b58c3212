"""The account page."""

from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from ahead.accounts import repository
from ahead.accounts.api_keys import service as api_keys
from ahead.accounts.handlers import ASK_FOR_SECOND_FACTOR, AnyRequest, Throttle, see_other
from ahead.accounts.parts import Parts
from ahead.accounts.profile import service
from ahead.accounts.sessions import service as sessions
from ahead.shared.auth.guards import requires_account
from ahead.shared.errors import NotFound
from ahead.shared.web.hostile_input import clean_text
from ahead.shared.web.templating import Page

_NOTICES = {
    "confirm-again": "We have sent the mail again. Look into the folder for spam, too.",
    "session-ended": "That browser is logged out.",
    "others-ended": "All other browsers are logged out.",
    "password-changed": "Your password is changed. All other browsers are logged out.",
    "key-revoked": "The key is revoked. It stops working within three minutes.",
}


class KeyForm(msgspec.Struct):
    name: str = ""


class DeleteForm(msgspec.Struct):
    password: str = ""


class ProfilePages(Controller):
    path = "/account"
    include_in_schema = False
    guards = (requires_account,)
    exception_handlers = ASK_FOR_SECOND_FACTOR

    @get()
    async def account(
        self,
        current: NamedDependency[sessions.Current],
        parts: NamedDependency[Parts],
        done: FromQuery[str] = "",
    ) -> Page:
        return await _account_page(parts, current, notice=_NOTICES.get(done, ""))

    @get("/export")
    async def export(
        self, current: NamedDependency[sessions.Current], parts: NamedDependency[Parts]
    ) -> Response[dict[str, Any]]:
        headers = {"Content-Disposition": 'attachment; filename="coding-ahead-account.json"'}
        return Response(await service.export(parts, current), headers=headers)

    @post("/keys")
    async def create_key(
        self,
        data: URLEncodedBody[KeyForm],
        current: NamedDependency[sessions.Current],
        parts: NamedDependency[Parts],
    ) -> Page:
        name = clean_text(data.name, what="The name of the key", max_length=60)
        if not name:
            errors = {"name": "Give the key a name, so that you know later what it is for."}
            return await _account_page(parts, current, errors=errors)
        _, secret = await api_keys.create(parts, current.account.id, name)
        # Shown in this very answer: no address, no log and no history ever holds it.
        return await _account_page(parts, current, new_key=secret)

    @post("/keys/{key_id:str}/revoke")
    async def revoke_key(
        self, key_id: FromPath[str], current: NamedDependency[sessions.Current], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        if not await api_keys.revoke(parts, current.account.id, key_id):
            raise NotFound("You have no such key.")
        return see_other("/account?done=key-revoked#keys")

    @get("/delete")
    async def delete_form(self, current: NamedDependency[sessions.Current]) -> Page:
        return Page("profile/delete.html", {"errors": {}})

    @post("/delete")
    async def delete(
        self,
        request: AnyRequest,
        data: URLEncodedBody[DeleteForm],
        current: NamedDependency[sessions.Current],
        parts: NamedDependency[Parts],
        throttle: NamedDependency[Throttle],
    ) -> Response[Any]:
        await throttle.password(current.account.id)
        if not await service.erase(parts, current, data.password[:1024]):
            errors = {"password": "That is not your password."}
            return Page("profile/delete.html", {"errors": errors}, status_code=422)
        return see_other("/account/login?done=erased", parts.cookies.forget())


async def _account_page(
    parts: Parts,
    current: sessions.Current,
    *,
    notice: str = "",
    new_key: str = "",
    errors: dict[str, str] | None = None,
) -> Page:
    async with parts.database.read() as session:
        open_sessions = await repository.sessions_of(session, current.account.id, parts.clock.now())
        keys = await repository.api_keys_of(session, current.account.id)
    context: dict[str, Any] = {
        "account": current.account,
        "roles": sorted(current.roles),
        "sessions": open_sessions,
        "this_session": current.session.id,
        "keys": keys,
        "max_keys": api_keys.MAX_KEYS,
        "new_key": new_key,
        "errors": errors or {},
        "notice": notice,
        "confirm_within_days": parts.settings.confirm_within_days,
    }
    return Page("profile/account.html", context, status_code=422 if errors else 200)
