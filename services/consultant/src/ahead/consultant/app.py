"""CaseConsultant's web application: the composition root."""

from pathlib import Path

from litestar import Litestar
from litestar.di import Provide

from ahead.consultant.asking.controllers import InquiriesController
from ahead.consultant.asking.pages import AskingPages
from ahead.consultant.asking.service import Asking
from ahead.consultant.desk.pages import DeskPages
from ahead.consultant.desk.service import Desk
from ahead.consultant.intake.service import Intake
from ahead.consultant.intake.webhook import WebhookController
from ahead.consultant.knowledge.controllers import KnowledgeController
from ahead.consultant.knowledge.pages import KnowledgeDeskPages, KnowledgePages
from ahead.consultant.knowledge.service import KnowledgeBase
from ahead.consultant.linking.pages import LinkingPages
from ahead.consultant.linking.service import Linking
from ahead.consultant.ops.controllers import OpsController
from ahead.consultant.ops.service import Ops
from ahead.consultant.parts import Parts
from ahead.consultant.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import PrincipalMiddleware, provide_principal
from ahead.shared.clock import Clock
from ahead.shared.web.app import create_web_app
from ahead.shared.web.dependencies import given
from ahead.shared.web.service import WebService

HERE = Path(__file__).parent
FEATURES = ("asking", "desk", "knowledge", "linking")


def create_app(
    settings: Settings, *, clock: Clock | None = None, identity: Identity | None = None
) -> Litestar:
    shared = settings.shared
    logging.configure(SERVICE, shared.log_level)
    parts = Parts.make(settings, clock=clock)
    identity = identity or Identity.from_settings(shared)

    async def ready() -> None:
        async with parts.database.read() as session:
            await session.connection()

    async def stop() -> None:
        await identity.aclose()
        await parts.database.close()

    return create_web_app(
        WebService.from_settings(SERVICE, "CaseConsultant", shared),
        route_handlers=[
            AskingPages,
            InquiriesController,
            DeskPages,
            KnowledgePages,
            KnowledgeDeskPages,
            KnowledgeController,
            LinkingPages,
            OpsController,
            WebhookController,
        ],
        principal_middleware=lambda app: PrincipalMiddleware(app, identity),
        ready={"database": ready},
        dependencies={
            "principal": Provide(provide_principal),
            "parts": given(parts),
            "asking": given(Asking(parts)),
            "desk": given(Desk(parts)),
            "knowledge": given(KnowledgeBase(parts)),
            "intake": given(Intake(parts.database, parts.keybox, parts.clock)),
            "ops": given(Ops(parts)),
            "linking": given(Linking(parts)),
        },
        template_dirs=[HERE / feature / "templates" for feature in FEATURES],
        on_shutdown=[stop],
        state={"parts": parts},
    )
