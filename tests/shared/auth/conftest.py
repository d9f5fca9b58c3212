"""Keys to sign with in place of accounts', and an application that tells who asks."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.middleware import DefineMiddleware

from ahead.shared.auth import Identity, PrincipalMiddleware, principal_of, requires_account, requires_role
from ahead.shared.auth.accounts_port import AccountsUnreachable, IssuedToken
from ahead.shared.auth.guards import requires_role_or_scope, requires_scope
from ahead.shared.errors import Problem
from ahead.shared.settings import SharedSettings


class Keys:
    """A key pair that signs as accounts does, and the source that verifiers read."""

    def __init__(self) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.published: dict[str, Ed25519PublicKey] = {"k1": self.private.public_key()}
        self.looked_again = 0

    def token(self, *, kid: str = "k1", seconds: float = 300, **claims: Any) -> str:
        now = time.time()
        body: dict[str, Any] = {
            "iss": "ahead-accounts", "aud": "ahead", "sub": "a:one", "iat": now, "exp": now + seconds,
            "plan": "free", "roles": [], "sid": "s1", "guest": None, "confirmed": True,
        } | claims  # fmt: skip
        body = {name: value for name, value in body.items() if value is not ...}
        return jwt.encode(body, self.private, algorithm="EdDSA", headers={"kid": kid})

    async def keys(self) -> Mapping[str, Ed25519PublicKey]:
        return self.published

    async def newer_keys(self) -> Mapping[str, Ed25519PublicKey]:
        self.looked_again += 1
        return self.published


class Accounts:
    """Stands where accounts is asked: sessions and keys as the test says, and a switch to be away."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self.sessions: dict[str, dict[str, Any]] = {}
        self.api_keys: dict[str, dict[str, Any]] = {}
        self.away = False
        self.asked = 0

    async def token_for_session(self, session: str) -> IssuedToken | None:
        return self._issue(self.sessions.get(session))

    async def token_for_api_key(self, key: str) -> IssuedToken | None:
        return self._issue(self.api_keys.get(key))

    def _issue(self, claims: dict[str, Any] | None) -> IssuedToken | None:
        self.asked += 1
        if self.away:
            raise AccountsUnreachable
        if claims is None:
            return None
        return IssuedToken(token=self._keys.token(**claims), expires_at=time.time() + 300)


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def accounts(keys: Keys) -> Accounts:
    return Accounts(keys)


@pytest.fixture
def identity(keys: Keys, accounts: Accounts) -> Identity:
    return Identity(SharedSettings(guest_key="g" * 40), key_source=keys, accounts=accounts)


def _who(request: Request[Any, Any, Any]) -> dict[str, Any]:
    principal = principal_of(request)
    return {
        "kind": principal.kind, "subject": principal.subject, "plan": principal.plan, "fresh": principal.fresh,
        "roles": sorted(principal.roles), "linked": principal.linked_guest,
    }  # fmt: skip


@get(["/", "/api/x/v1/who", "/static/x/file"])
async def who(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return _who(request)


@get("/account-only", guards=[requires_account])
async def account_only() -> str:
    return "in"


@get("/ops-only", guards=[requires_role("ops", "moderator")])
async def ops_only() -> str:
    return "in"


@get("/service-only", guards=[requires_scope("metering:read")])
async def service_only() -> str:
    return "in"


@get("/either", guards=[requires_role_or_scope(("ops",), "metering:read")])
async def either() -> str:
    return "in"


@post("/log-out")
async def log_out() -> Response[str]:
    return Response("out", cookies=[Cookie(key="ahead_token", value="", max_age=0)])


@pytest.fixture
async def ask(identity: Identity) -> Callable[..., Any]:
    """One request without a memory of its own: ``await ask("/", cookies={...}, bearer=...)``."""

    def problem(_request: Request[Any, Any, Any], error: Problem) -> Response[Any]:
        return Response(error.document(), status_code=error.status, headers=error.headers)

    app = Litestar(
        [who, account_only, ops_only, service_only, either, log_out],
        exception_handlers={Problem: problem},
        middleware=[DefineMiddleware(PrincipalMiddleware, identity=identity)],
        openapi_config=None,
        logging_config=None,
    )
    transport = httpx.ASGITransport(app=app, client=("203.0.113.9", 1))

    async def request(
        path: str = "/",
        *,
        method: str = "GET",
        cookies: dict[str, str] | None = None,
        bearer: str | bytes | None = None,
        headers: dict[str, Any] | None = None,
    ) -> httpx.Response:
        sent: dict[str, Any] = {
            "accept": "text/html",
            "user-agent": "Mozilla/5.0 Firefox/140.0",
            **(headers or {}),
        }
        if cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()
        if bearer is not None:
            sent["authorization"] = b"Bearer " + (bearer if isinstance(bearer, bytes) else bearer.encode())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
            return await client.request(method, path, headers=sent)

    return request
