"""Accounts' web application: the composition root."""

from pathlib import Path

import httpx
from litestar import Litestar
from litestar.di import Provide

from ahead.accounts.api_keys import service as api_keys
from ahead.accounts.handlers import Throttle, provide_current, provide_half_current, provide_maybe_current
from ahead.accounts.ops.controllers import OpsController
from ahead.accounts.parts import Parts
from ahead.accounts.passwords.pages import PasswordPages
from ahead.accounts.profile.pages import ProfilePages
from ahead.accounts.registration.pages import RegistrationPages
from ahead.accounts.second_factor.pages import SecondFactorPages
from ahead.accounts.sessions import service as sessions
from ahead.accounts.sessions.controllers import SessionController, TokenController
from ahead.accounts.sessions.pages import SessionPages
from ahead.accounts.settings import SERVICE, Settings
from ahead.accounts.signing.controllers import jwks
from ahead.shared import logging
from ahead.shared.auth.accounts_port import IssuedToken
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import PrincipalMiddleware, provide_principal
from ahead.shared.auth.service_client import SERVICE_TOKENS_PATH
from ahead.shared.clock import Clock
from ahead.shared.web.app import create_web_app
from ahead.shared.web.dependencies import given
from ahead.shared.web.peer_allowance import PeerAllowance
from ahead.shared.web.rate_limit import MemoryStore, RedisStore
from ahead.shared.web.service import WebService

HERE = Path(__file__).parent
FEATURES = ("registration", "sessions", "passwords", "second_factor", "profile")


class OwnAccounts:
    """What other services ask accounts over HTTP, asked of ourselves."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def token_for_session(self, session: str) -> IssuedToken | None:
        return await sessions.exchange(self._parts, session)

    async def token_for_api_key(self, key: str) -> IssuedToken | None:
        return await api_keys.exchange(self._parts, key)


def create_app(
    settings: Settings, *, clock: Clock | None = None, peers: httpx.AsyncBaseTransport | None = None
) -> Litestar:
    """The application. ``peers`` is how other services are reached, where not by the network."""
    shared = settings.shared
    logging.configure(SERVICE, shared.log_level)
    parts = Parts.make(settings, clock=clock)
    identity = Identity(shared, key_source=parts.signer, accounts=OwnAccounts(parts), now=parts.now)
    # The views are lookup's to count; without it there is no such line.
    allowance = PeerAllowance.where_installed(shared, peers)
    # Waited for a little: what is slowed down here hashes passwords, and counting alone is the lesser choice.
    redis = RedisStore(shared.redis_url, "ahead:accounts:throttle", 0.5) if shared.redis_configured else None

    async def ready() -> None:
        await parts.signer.jwks()

    async def stop() -> None:
        await identity.aclose()
        if redis is not None:
            await redis.close()
        if allowance is not None:
            await allowance.aclose()
        await parts.close()

    return create_web_app(
        WebService.from_settings(SERVICE, "Accounts", shared),
        route_handlers=[
            RegistrationPages,
            SessionPages,
            PasswordPages,
            SecondFactorPages,
            ProfilePages,
            TokenController,
            SessionController,
            OpsController,
            jwks,
        ],
        principal_middleware=lambda app: PrincipalMiddleware(
            app, identity, own_credentials=frozenset({SERVICE_TOKENS_PATH})
        ),
        allowance=allowance,
        ready={"database": ready},
        dependencies={
            "parts": given(parts),
            "signer": given(parts.signer),
            "throttle": given(Throttle(parts.keybox, redis or MemoryStore())),
            "principal": Provide(provide_principal),
            "current": Provide(provide_current),
            "half_current": Provide(provide_half_current),
            "maybe_current": Provide(provide_maybe_current),
        },
        template_dirs=[HERE / feature / "templates" for feature in FEATURES],
        on_shutdown=[stop],
        state={"parts": parts},
    )
