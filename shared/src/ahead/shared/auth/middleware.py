"""Puts the principal into every request: ``request.scope["state"]["principal"]``."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import Cookie
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from ahead.shared.auth.accounts_port import AccountsUnreachable
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.network import network_bucket
from ahead.shared.auth.principal import ANONYMOUS, Principal
from ahead.shared.auth.tokens import InvalidToken, KeysUnavailable
from ahead.shared.auth.visitors import reason_for
from ahead.shared.errors import Unauthenticated, Unavailable

PRINCIPAL_KEY = "principal"
IDENTITY_KEY = "identity"
REMEMBERED_GUESTS = 10_000

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class PrincipalMiddleware:
    """Pure ASGI: ``create_web_app(principal_middleware=lambda app: PrincipalMiddleware(app, identity))``.

    An Authorization header wins over cookies, and must be right: what is forged or expired is answered 401.
    Cookies that are wrong are those of a stranger: a guest, with a fresh cookie. Cookies are set on the
    answer only when something changed, so that a repeated visit costs one dictionary look-up.
    """

    def __init__(
        self, app: ASGIApp, identity: Identity, *, own_credentials: frozenset[str] = frozenset()
    ) -> None:
        """``own_credentials``: paths whose handlers read the Authorization header themselves."""
        self.app = app
        self._identity = identity
        self._own_credentials = own_credentials
        self._guests: dict[str, Principal] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        state = scope["state"]
        state[IDENTITY_KEY] = self._identity
        authorization: bytes | None = None
        accept = b""
        acting_for: bytes | None = None
        cookie_headers: list[bytes] = []
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookie_headers.append(value)
            elif name == b"authorization":
                authorization = value
            elif name == b"accept":
                accept = value
            elif name == b"ahead-principal":
                acting_for = value

        if authorization is not None and scope["path"] not in self._own_credentials:
            state[PRINCIPAL_KEY] = await self._of_bearer(authorization, acting_for)
            await self.app(scope, receive, send)
            return

        principal, set_cookies = await self._of_cookies(scope, cookie_headers, accept)
        state[PRINCIPAL_KEY] = principal
        if not set_cookies:
            await self.app(scope, receive, send)
            return
        extra = [(b"set-cookie", cookie.to_header(header="").encode("latin-1")) for cookie in set_cookies]

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                # An answer that shared caches may keep carries nobody's cookie.
                if any(name.lower() == b"cache-control" and b"public" in value for name, value in headers):
                    await send(message)
                    return
                # A handler that sets one of our cookies itself (log in, log out) has the last word.
                own = {value.partition(b"=")[0] for name, value in headers if name.lower() == b"set-cookie"}
                headers.extend(pair for pair in extra if pair[1].partition(b"=")[0] not in own)
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_cookies)

    async def _of_bearer(self, authorization: bytes, acting_for: bytes | None) -> Principal:
        scheme, _, credential = authorization.decode("latin-1").partition(" ")
        try:
            if scheme.lower() != "bearer" or not credential.strip():
                raise InvalidToken("not a Bearer credential")
            named = acting_for.decode("latin-1") if acting_for is not None else None
            return await self._identity.for_bearer(credential.strip(), named)
        except InvalidToken as error:
            raise Unauthenticated(
                "The token or key in the Authorization header is not valid, or no longer.",
                slug="invalid-token",
                title="Not a valid token",
                hint="Get a new token, or make a new API key on your account page.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            ) from error
        except (KeysUnavailable, AccountsUnreachable) as error:
            raise Unavailable("Accounts can't be asked about this token just now.", retry_after=3) from error

    async def _of_cookies(
        self, scope: Mapping[str, Any], cookie_headers: list[bytes], accept: bytes
    ) -> tuple[Principal, list[Cookie]]:
        identity = self._identity
        jar = identity.cookies
        cookies = jar.read(cookie_headers) if cookie_headers else {}
        set_cookies: list[Cookie] = []
        session, token = cookies.get(jar.session), cookies.get(jar.token)
        if session is not None or token is not None:
            outcome = await identity.for_session(session, token)
            if outcome is not None:
                set_cookies.extend(outcome.cookies)
                if outcome.principal.registered:
                    return outcome.principal, set_cookies
        cookie = cookies.get(jar.guest)
        guest = self._guest_of(cookie) if cookie is not None else None
        if guest is not None:
            return guest, set_cookies
        if not _wants_page(scope, accept) or reason_for(str(scope.get("method")), scope["headers"]):
            return ANONYMOUS, set_cookies
        guest_id, value = identity.guests.mint()
        set_cookies.append(jar.for_guest(value))
        return Principal(kind="guest", id=guest_id, guest_id=guest_id, fresh=True), set_cookies

    def _guest_of(self, cookie: str) -> Principal | None:
        guest = self._guests.get(cookie)
        if guest is None:
            guest_id = self._identity.guests.verify(cookie)
            if guest_id is None:
                return None
            if len(self._guests) >= REMEMBERED_GUESTS:
                self._guests.clear()
            guest = self._guests[cookie] = Principal(kind="guest", id=guest_id, guest_id=guest_id)
        return guest


def _wants_page(scope: Mapping[str, Any], accept: bytes) -> bool:
    """A person who opens a page, as against a program calling an interface or a browser getting a file."""
    path: str = scope.get("path", "")
    if path.startswith(("/api/", "/files/", "/static/", "/.well-known/", "/fhir/", "/mcp")):
        return False
    return b"text/html" in accept or accept in (b"", b"*/*")


def principal_of(connection: AnyConnection) -> Principal:
    """The principal of a request; anonymous where the middleware didn't run (no handler at the address)."""
    found = connection.scope["state"].get(PRINCIPAL_KEY)
    return found if isinstance(found, Principal) else ANONYMOUS


async def provide_principal(request: Request[Any, Any, Any]) -> Principal:
    """Dependency: ``dependencies={"principal": Provide(provide_principal)}``."""
    return principal_of(request)


async def provide_network_bucket(request: Request[Any, Any, Any]) -> str:
    """Dependency: the day's bucket of the client's network, as ``guests.admit_guest`` takes it."""
    return network_bucket_of(request, datetime.now(UTC))


def network_bucket_of(connection: AnyConnection, at: datetime) -> str:
    identity = connection.scope["state"].get(IDENTITY_KEY)
    if not isinstance(identity, Identity):
        raise RuntimeError("PrincipalMiddleware is missing")
    return network_bucket(client_address_of(connection), at, identity.guest_key or "no key")


def client_address_of(connection: AnyConnection) -> str:
    """The client's address; ahead.shared.web has looked through the trusted proxies already."""
    client = connection.scope.get("client")
    return str(client[0]) if client else ""
