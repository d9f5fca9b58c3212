"""No other site can act for a visitor: unsafe requests prove where they come from and carry a form token.

The token is `random.signature`, kept in a cookie named after the service and repeated in the form (field
``_csrf_token``) or the header ``X-CSRF-Token``. The signing key is shared by the services, so that a form on
one service's page (such as log out) may post to another; the cookies are named apart, so that services on one
host never overwrite each other's.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from markupsafe import Markup

from ahead.shared.errors import Forbidden

FIELD = "_csrf_token"
HEADER = "x-csrf-token"
# ``opt={CSRF: False}`` for handlers that machines call with their own proof (webhooks, unsubscribing).
CSRF = "csrf"
COOKIE_BASE = "ahead_csrf_"

_SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# What a page of another site can send without asking first; JSON it can't.
_SENT_BY_ANY_SITE = (*_FORMS, "text/plain")


def derive_key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"ahead csrf v1", hashlib.sha256).digest()


def make_token(key: bytes) -> str:
    random = secrets.token_urlsafe(24)
    return f"{random}.{_sign(key, random)}"


def is_ours(key: bytes, token: str) -> bool:
    random, _, signature = token.partition(".")
    return bool(random) and hmac.compare_digest(
        _sign(key, random).encode(), signature.encode("utf-8", "replace")
    )


def _sign(key: bytes, random: str) -> str:
    return hmac.new(key, random.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:43]


class FormToken:
    """A request's token, made when a page first writes it: a page without a form sets no cookie."""

    def __init__(self, key: bytes, present: str) -> None:
        self._key = key
        self._value = present
        self.is_new = False

    @property
    def value(self) -> str:
        if not self._value:
            self._value = make_token(self._key)
            self.is_new = True
        return self._value

    def __str__(self) -> str:
        return self.value

    def __html__(self) -> str:
        return str(Markup.escape(self.value))

    @property
    def field(self) -> Markup:
        """The hidden input of a form."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, self.value)


def _refuse(detail: str) -> Forbidden:
    return Forbidden(
        detail,
        slug="form-expired",
        title="This form can't be accepted",
        hint="Go back, reload the page and send the form again. Cookies have to be allowed for this site.",
    )


def _is_same_origin(scope: Scope, request: Request[Any, Any, Any], hosts: Sequence[str]) -> bool | None:
    """True or False by what the browser says of the sender; None when it says nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return None
    host = urlsplit(origin).netloc.lower()
    return bool(host) and host in (*hosts, request.headers.get("host", "").lower())


class CsrfMiddleware(ASGIMiddleware):
    """Checks unsafe requests and hands pages their token in ``state["csrf"]``.

    Free of the check: ``Authorization: Bearer`` (no other site can add it), handlers with
    ``opt={"csrf": False}``, and requests without any cookie whose content no plain form can
    send (the JSON API of programs).
    """

    def __init__(self, service: str, secret: str, *, public_host: str, secure: bool) -> None:
        self._key = derive_key(secret or secrets.token_urlsafe(32))
        prefix = "__Host-" if secure else ""
        self._cookie_prefix = f"{prefix}{COOKIE_BASE}"
        self._cookie = f"{self._cookie_prefix}{service}"
        self._hosts = (public_host.lower(),)
        self._secure = secure

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        request: Request[Any, Any, Any] = Request(scope, receive=receive)
        present = request.cookies.get(self._cookie, "")
        token = FormToken(self._key, present if is_ours(self._key, present) else "")
        scope["state"]["csrf"] = token
        if request.method not in _SAFE:
            await self._check(scope, request)

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and token.is_new:
                message["headers"] = [*message["headers"], (b"set-cookie", self._set_cookie(token.value))]
            await send(message)

        await next_app(scope, receive, with_cookie)

    async def _check(self, scope: Scope, request: Request[Any, Any, Any]) -> None:
        if request.headers.get("authorization", "").lower().startswith("bearer "):
            return
        if scope["route_handler"].opt.get(CSRF) is False:
            return
        same_origin = _is_same_origin(scope, request, self._hosts)
        if same_origin is False:
            raise _refuse("It was sent from another site.")
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not request.cookies and content_type and content_type not in _SENT_BY_ANY_SITE:
            return
        given = request.headers.get(HEADER, "")
        if not given and content_type in _FORMS:
            field = (await request.form()).get(FIELD, "")
            given = field if isinstance(field, str) else ""
        held = [value for name, value in request.cookies.items() if name.startswith(self._cookie_prefix)]
        if not given or not is_ours(self._key, given) or given not in held:
            raise _refuse("Its form token is missing, or older than the page it came from.")
        if same_origin is None:
            raise _refuse("The request says neither Origin nor Sec-Fetch-Site, which every browser sends.")

    def _set_cookie(self, value: str) -> bytes:
        cookie = Cookie(
            key=self._cookie, value=value, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
        return cookie.to_header(header="").encode()
