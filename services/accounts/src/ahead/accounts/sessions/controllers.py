"""JSON: tokens for sessions, keys and services; one's own session and sessions."""

import hmac
from typing import Any

from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from ahead.accounts import repository
from ahead.accounts.api_keys import service as api_keys
from ahead.accounts.parts import Parts
from ahead.accounts.sessions import service as sessions
from ahead.accounts.sessions.schemas import (
    KeySecret,
    SessionAnswer,
    SessionItem,
    SessionSecret,
    TokenAnswer,
    TokenRequest,
)
from ahead.accounts.settings import SERVICE_SCOPES
from ahead.accounts.signing.service import SERVICE_TOKEN_SECONDS
from ahead.shared.auth.accounts_port import IssuedToken
from ahead.shared.auth.guards import requires_account
from ahead.shared.clock import isoformat
from ahead.shared.errors import Forbidden, NotFound, Unauthenticated
from ahead.shared.web.csrf import CSRF
from ahead.shared.web.rate_limit import RATE_LIMIT

# Other services ask these for all their visitors; they carry proof of their own, so no form token, and what
# slows down guessing is their 256 random bits.
_MACHINES: dict[str, Any] = {CSRF: False, RATE_LIMIT: None}


def _answer(issued: IssuedToken) -> TokenAnswer:
    return TokenAnswer(token=issued.token, expires_at=issued.expires_at)


class TokenController(Controller):
    path = "/api/accounts/v1"
    tags = ("Tokens",)

    @post("/session-tokens", status_code=200, opt=_MACHINES, summary="A short token for a session")
    async def for_session(self, data: JSONBody[SessionSecret], parts: NamedDependency[Parts]) -> TokenAnswer:
        issued = await sessions.exchange(parts, data.session)
        if issued is None:
            raise Unauthenticated(
                "This session has ended.", slug="session-ended", title="The session has ended"
            )
        return _answer(issued)

    @post("/api-key-tokens", status_code=200, opt=_MACHINES, summary="A short token for an API key")
    async def for_api_key(self, data: JSONBody[KeySecret], parts: NamedDependency[Parts]) -> TokenAnswer:
        issued = await api_keys.exchange(parts, data.key)
        if issued is None:
            raise Unauthenticated(
                "This API key is unknown or revoked.", slug="invalid-key", title="Not a valid key"
            )
        return _answer(issued)

    @post("/service-tokens", status_code=200, opt=_MACHINES, summary="A short token for a service")
    async def for_service(
        self, request: Request[Any, Any, Any], data: JSONBody[TokenRequest], parts: NamedDependency[Parts]
    ) -> TokenAnswer:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        key = parts.settings.service_keys.get(data.service, "")
        # Compared in any case, so that the time doesn't tell which services there are.
        fits = hmac.compare_digest(given.strip().encode("utf-8", "replace"), (key or "x" * 43).encode())
        if scheme.lower() != "bearer" or not key or not fits:
            raise Unauthenticated(
                "This is not the key of that service.",
                slug="invalid-service-key",
                title="Not a valid service key",
            )
        refused = set(data.scopes) - SERVICE_SCOPES.get(data.service, frozenset())
        if refused:
            raise Forbidden(
                f"{data.service} may not have the scopes {', '.join(sorted(refused))[:200]}.",
                slug="scope-refused",
            )
        claims = {"scopes": sorted(set(data.scopes)), "plan": "service", "roles": []}
        issued = await parts.signer.token(f"s:{data.service}", claims, seconds=SERVICE_TOKEN_SECONDS)
        return _answer(issued)


class SessionController(Controller):
    path = "/api/accounts/v1"
    tags = ("Sessions",)
    guards = (requires_account,)

    @get("/session", opt={RATE_LIMIT: None}, summary="Whose session this is, asked of the database")
    async def session(self, half_current: NamedDependency[sessions.Current]) -> SessionAnswer:
        current = half_current
        roles = current.effective_roles
        return SessionAnswer(
            account=current.account.id,
            email=current.account.email,
            plan=current.account.plan,
            roles=sorted(roles),
            confirmed=current.account.confirmed_at is not None,
            expires_at=isoformat(current.session.expires_at),
        )

    @get("/sessions", summary="Browsers that are logged in")
    async def open_sessions(
        self, half_current: NamedDependency[sessions.Current], parts: NamedDependency[Parts]
    ) -> list[SessionItem]:
        async with parts.database.read() as session:
            rows = await repository.sessions_of(session, half_current.account.id, parts.clock.now())
        return [
            SessionItem(
                id=row.id,
                device=row.device,
                began_at=isoformat(row.created_at),
                last_used_at=isoformat(row.last_seen_at),
                this_one=row.id == half_current.session.id,
            )
            for row in rows
        ]

    @delete("/sessions/{session_id:str}", summary="Log a browser out")
    async def end(
        self,
        session_id: FromPath[str],
        half_current: NamedDependency[sessions.Current],
        parts: NamedDependency[Parts],
    ) -> None:
        async with parts.database.write() as session:
            ended = await repository.revoke_sessions(
                session, half_current.account.id, parts.clock.now(), only=session_id
            )
        if not ended:
            raise NotFound("You have no such session.")
