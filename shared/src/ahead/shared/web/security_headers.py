"""Headers that tell a browser what our pages may do. One nonce per request for our own inline scripts."""

import secrets

from litestar.types import ASGIApp, Message, Receive, Scope, Send

_PAGE_CSP = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
_DATA_CSP = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
_PRIVATE = (b"cache-control", b"private, no-store")


def nonce(scope: Scope) -> str:
    """The request's nonce; made when a page first asks for it."""
    state = scope["state"]
    value = state.get("csp_nonce")
    if value is None:
        value = state["csp_nonce"] = secrets.token_urlsafe(16)
    return value


class SecurityHeadersMiddleware:
    """Adds the headers to every answer, errors too.

    An answer that says nothing about caching is private and not stored: pages carry the visitor's own state.
    What may be cached (static files, sitemaps) says so itself.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._always = [*_ALWAYS, _HSTS] if https else list(_ALWAYS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._harden(list(message["headers"]), scope)
            await send(message)

        await self._app(scope, receive, hardened)

    def _harden(self, headers: list[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
        given = {name.lower(): value for name, value in headers}
        headers.extend(pair for pair in self._always if pair[0] not in given)
        if b"content-security-policy" not in given:
            is_page = given.get(b"content-type", b"").startswith(b"text/html")
            csp = _PAGE_CSP.format(nonce=nonce(scope)).encode() if is_page else _DATA_CSP
            headers.append((b"content-security-policy", csp))
        if b"cache-control" not in given:
            headers.append(_PRIVATE)
        return headers
