"""CasePilot's web application: the composition root."""

from pathlib import Path

import httpx
from litestar import Litestar
from litestar.di import Provide

from ahead.assistant.answers.builtin import Builtin
from ahead.assistant.answers.controllers import AnswerController
from ahead.assistant.answers.pages import AnswerPages
from ahead.assistant.answers.service import Answers
from ahead.assistant.lookups.service import Lookup
from ahead.assistant.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import PrincipalMiddleware, provide_principal
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.web.app import create_web_app
from ahead.shared.web.dependencies import given
from ahead.shared.web.peer_allowance import PeerAllowance
from ahead.shared.web.service import WebService

HERE = Path(__file__).parent


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    identity: Identity | None = None,
    peers: httpx.AsyncBaseTransport | None = None,
) -> Litestar:
    """The application. ``peers`` is how other services are reached, where not by the network."""
    shared = settings.shared
    logging.configure(SERVICE, shared.log_level)
    clock = clock or SystemClock()
    database = Database(settings.database)
    identity = identity or Identity.from_settings(shared)
    lookup = Lookup(settings, peers)
    allowance = PeerAllowance.where_installed(shared, peers)

    async def ready() -> None:
        async with database.read() as session:
            await session.connection()

    async def stop() -> None:
        await lookup.aclose()
        await identity.aclose()
        if allowance is not None:
            await allowance.aclose()
        await database.close()

    return create_web_app(
        WebService.from_settings(SERVICE, "CasePilot", shared),
        route_handlers=[AnswerController, AnswerPages],
        principal_middleware=lambda app: PrincipalMiddleware(app, identity),
        allowance=allowance,
        ready={"database": ready},
        dependencies={
            "principal": Provide(provide_principal),
            "answers": given(Answers(database, settings, lookup, Builtin(), clock)),
            "clock": given(clock),
        },
        template_dirs=[HERE / "answers" / "templates"],
        on_shutdown=[stop],
    )
