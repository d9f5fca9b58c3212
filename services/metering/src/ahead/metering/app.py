"""The composition root of metering's web process."""

from collections.abc import Callable
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from sqlalchemy import select

from ahead.metering.db import open_database
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.models import RawEvent, table_of
from ahead.metering.ops.controllers import OpsController
from ahead.metering.ops.service import make_desk
from ahead.metering.ops.stream import StreamLag
from ahead.metering.reports.controllers import ReportsController
from ahead.metering.settings import Settings
from ahead.metering.usage.controllers import UsageController
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.middleware import PrincipalMiddleware
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.logging import configure
from ahead.shared.web.app import create_web_app
from ahead.shared.web.service import WebService


def create_app(
    settings: Settings, *, clock: Clock | None = None, identity: Identity | None = None
) -> Litestar:
    """The application. Nothing connects before the first request."""
    configure("metering", settings.shared.log_level)
    database = open_database(settings)
    clock = clock or SystemClock()
    identity = identity or Identity.from_settings(settings.shared)
    lag = StreamLag(settings.shared.nats_url, settings.durable)

    async def ready() -> None:
        async with database.read() as session:
            await session.execute(select(table_of(RawEvent).c.seq).limit(1))

    return create_web_app(
        WebService.from_settings("metering", "Metering", settings.shared),
        route_handlers=[UsageController, ReportsController, OpsController],
        principal_middleware=lambda app: PrincipalMiddleware(app, identity),
        ready={"database": ready},
        dependencies={
            "database": _always(database, Database),
            "clock": _always(clock, Clock),
            "lag": _always(lag, StreamLag),
            "dead_letter_desk": _always(
                make_desk(database, clock, Blinding(settings.checked_erasure_key)), DeadLetterDesk
            ),
        },
        on_shutdown=[lag.close, identity.aclose, database.close],
    )


def _always(value: Any, kind: Any) -> Provide:
    """A dependency that is there already."""

    def provide() -> Any:
        return value

    provide.__annotations__["return"] = kind
    provider: Callable[[], Any] = provide
    return Provide(provider, sync_to_thread=False, use_cache=True)
