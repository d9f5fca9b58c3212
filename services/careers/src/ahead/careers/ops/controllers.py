"""``/api/careers/v1/ops``: for operators only."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from ahead.careers.models import JOBS, OUTBOX
from ahead.careers.ops.numbers import Numbers, numbers
from ahead.shared.auth.guards import requires_role
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.ops import Health, sender_health
from ahead.shared.web.dead_letters import DeadLetterRoutes


class OpsController(DeadLetterRoutes):
    path = "/api/careers/v1/ops"
    guards = (requires_role("ops"),)
    tags = ("Operators",)

    @get("/health", summary="State of the pipeline")
    async def health(
        self,
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        dead_letter_desk: NamedDependency[DeadLetterDesk],
    ) -> Health:
        health = await sender_health(database, OUTBOX, JOBS, clock)
        letters = await dead_letter_desk.count()
        return msgspec.structs.replace(health, dead_letters=health.dead_letters + letters)

    @get("/numbers", summary="The board in figures")
    async def numbers(self, database: NamedDependency[Database], clock: NamedDependency[Clock]) -> Numbers:
        return await numbers(database, clock.now())
