"""CareerCenter's web application: the composition root."""

from pathlib import Path

from litestar import Litestar
from litestar.di import Provide

from ahead.careers.alerts.pages import AlertPages, MinePages
from ahead.careers.alerts.service import Alerts
from ahead.careers.applications.downloads import DownloadPages
from ahead.careers.applications.pages import ApplicationPages, ApplyPages, PipelinePages
from ahead.careers.applications.service import Applications
from ahead.careers.board.documents import SCHEMA
from ahead.careers.board.leaving import LeavingPages
from ahead.careers.board.pages import BoardPages
from ahead.careers.board.service import Board
from ahead.careers.board.viewing import Viewing
from ahead.careers.candidates.pages import ProfilePages
from ahead.careers.candidates.service import Candidates
from ahead.careers.consumer import make_desk
from ahead.careers.employers.pages import ConfirmPages, EmployerPages, EmployersDoor
from ahead.careers.employers.service import Employers
from ahead.careers.employers.statistics import Statistics
from ahead.careers.employers.team import Team
from ahead.careers.employers.team_pages import DomainPages, TeamPages
from ahead.careers.feeds.controllers import FeedPages, JobsController
from ahead.careers.importing.addresses import FeedAddresses, make_client
from ahead.careers.importing.doors import CompanyController, FeedAddressPages, ImportPages
from ahead.careers.importing.own import OwnImport
from ahead.careers.moderation.pages import ModerationController, ModerationPages, ReportPages
from ahead.careers.moderation.service import Moderation
from ahead.careers.ops.controllers import OpsController
from ahead.careers.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import PrincipalMiddleware, provide_principal
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.search.rebuild import open_engine
from ahead.shared.web.app import create_web_app
from ahead.shared.web.dependencies import given
from ahead.shared.web.peer_allowance import PeerAllowance
from ahead.shared.web.service import WebService

HERE = Path(__file__).parent
FEATURES = ("board", "employers", "applications", "alerts", "candidates", "moderation")


def create_app(
    settings: Settings, *, clock: Clock | None = None, identity: Identity | None = None
) -> Litestar:
    shared = settings.shared
    logging.configure(SERVICE, shared.log_level)
    clock = clock or SystemClock()
    database = Database(settings.database)
    identity = identity or Identity.from_settings(shared)
    engine = open_engine(shared, SERVICE)
    board = Board(database, engine.index(SCHEMA))
    employers = Employers(database, settings, clock)
    allowance = PeerAllowance.where_installed(shared)

    statistics = Statistics(settings)

    async def ready() -> None:
        async with database.read() as session:
            await session.connection()

    async def stop() -> None:
        await identity.aclose()
        await statistics.aclose()
        await engine.close()
        if allowance is not None:
            await allowance.aclose()
        await database.close()

    return create_web_app(
        WebService.from_settings(SERVICE, "CareerCenter", shared),
        route_handlers=[
            AlertPages,
            ApplicationPages,
            ApplyPages,
            BoardPages,
            CompanyController,
            ConfirmPages,
            DomainPages,
            DownloadPages,
            EmployerPages,
            EmployersDoor,
            FeedAddressPages,
            FeedPages,
            ImportPages,
            JobsController,
            LeavingPages,
            MinePages,
            ModerationController,
            ModerationPages,
            OpsController,
            PipelinePages,
            ProfilePages,
            ReportPages,
            TeamPages,
        ],
        principal_middleware=lambda app: PrincipalMiddleware(app, identity),
        allowance=allowance,
        ready={"database": ready},
        dependencies={
            "principal": Provide(provide_principal),
            "settings": given(settings),
            "database": given(database),
            "clock": given(clock),
            "board": given(board),
            "viewing": given(Viewing(database)),
            "employers": given(employers),
            "applications": given(Applications(database, settings, clock, employers)),
            "candidates": given(Candidates(database, settings, clock)),
            "alerts": given(Alerts(database, settings, board, clock)),
            "own_import": given(OwnImport(database, settings, clock, employers)),
            "feed_addresses": given(
                FeedAddresses(database, settings, clock, employers, make_client(settings))
            ),
            "team": given(Team(database, settings, clock, employers)),
            "statistics": given(statistics),
            "moderation": given(Moderation(database, settings, clock)),
            "dead_letter_desk": given(make_desk(settings, database, clock)),
        },
        template_dirs=[HERE / feature / "templates" for feature in FEATURES],
        static_dirs=[HERE / "static"],
        on_shutdown=[stop],
        state={"database": database, "board": board},
    )
