"""CasePilot's web application: the composition root."""

from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar, Request
from litestar.di import Provide

from ahead.assistant.answers.builtin import Builtin
from ahead.assistant.answers.controllers import AnswerController
from ahead.assistant.answers.pages import AnswerPages, Desk
from ahead.assistant.answers.port import Answerer
from ahead.assistant.answers.service import Answers
from ahead.assistant.consumer import make_desk
from ahead.assistant.conversations.controllers import ConversationController
from ahead.assistant.conversations.pages import ConversationPages
from ahead.assistant.conversations.service import Conversations
from ahead.assistant.experts.controllers import ExpertController
from ahead.assistant.experts.knowledge import Knowledge, WithCoders
from ahead.assistant.experts.service import Experts
from ahead.assistant.lookups.service import Lookup
from ahead.assistant.model.service import answerer_of
from ahead.assistant.ops.controllers import OpsController
from ahead.assistant.quality.pages import QualityPages
from ahead.assistant.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import PrincipalMiddleware, principal_of, provide_principal
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.web.allowance import Allowance
from ahead.shared.web.app import create_web_app
from ahead.shared.web.dependencies import given
from ahead.shared.web.service import WebService

HERE = Path(__file__).parent
FEATURES = ("answers", "conversations", "quality")


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    identity: Identity | None = None,
    peers: httpx.AsyncBaseTransport | None = None,
    answerer: Answerer | None = None,
) -> Litestar:
    """The application. ``peers`` is how other services are reached, where not by the network."""
    shared = settings.shared
    logging.configure(SERVICE, shared.log_level)
    clock = clock or SystemClock()
    database = Database(settings.database)
    identity = identity or Identity.from_settings(shared)
    lookup = Lookup(settings, peers)
    chosen, close_model = answerer_of(settings.language_model, database, clock, Builtin())
    knowledge = Knowledge(settings, peers)
    chosen = answerer or chosen
    chosen = WithCoders(chosen, knowledge) if knowledge.installed else chosen
    answers = Answers(database, settings, lookup, chosen, clock)
    conversations = Conversations(database, clock)
    experts = Experts(database, settings, clock, peers)

    async def allowance(request: Request[Any, Any, Any]) -> Allowance | None:
        return await answers.allowance(principal_of(request))

    async def ready() -> None:
        async with database.read() as session:
            await session.connection()

    async def stop() -> None:
        await answers.aclose()
        await experts.aclose()
        if close_model is not None:
            await close_model()
        await knowledge.aclose()
        await lookup.aclose()
        await identity.aclose()
        await database.close()

    return create_web_app(
        WebService.from_settings(SERVICE, "CasePilot", shared),
        route_handlers=[
            AnswerController,
            AnswerPages,
            ConversationController,
            ConversationPages,
            ExpertController,
            OpsController,
            QualityPages,
        ],
        principal_middleware=lambda app: PrincipalMiddleware(app, identity),
        allowance=allowance,
        ready={"database": ready},
        dependencies={
            "principal": Provide(provide_principal),
            "answers": given(answers),
            "conversations": given(conversations),
            "experts": given(experts),
            "desk": given(Desk(answers, conversations, experts, clock)),
            "database": given(database),
            "dead_letter_desk": given(make_desk(database, clock)),
            "clock": given(clock),
        },
        template_dirs=[HERE / feature / "templates" for feature in FEATURES],
        static_dirs=[HERE / "static"],
        on_shutdown=[stop],
    )
