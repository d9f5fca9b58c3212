"""``/api/lookup/v1/ops``: for operators only."""

from litestar import Controller, get
from litestar.di import NamedDependency

from ahead.lookup.models import JOBS, OUTBOX
from ahead.shared.auth.guards import requires_role
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.events.publisher import BufferedPublisher
from ahead.shared.ops import Health, sender_health


class OpsController(Controller):
    path = "/api/lookup/v1/ops"
    guards = (requires_role("ops"),)
    tags = ("ops",)

    @get("/health", summary="State of the pipeline")
    async def health(
        self,
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        analytics: NamedDependency[BufferedPublisher],
    ) -> Health:
        return await sender_health(database, OUTBOX, JOBS, clock, dropped=analytics.dropped)
