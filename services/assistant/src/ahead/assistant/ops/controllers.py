"""``/api/assistant/v1/ops``: for operators only."""

from datetime import date, timedelta
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ahead.assistant.models import JOBS, OUTBOX
from ahead.assistant.ops.service import Figures, figures
from ahead.shared.auth.guards import requires_role
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.errors import BadInput
from ahead.shared.ops import Health, sender_health
from ahead.shared.web.dead_letters import DeadLetterRoutes


class OpsController(DeadLetterRoutes):
    path = "/api/assistant/v1/ops"
    guards = (requires_role("ops"),)
    tags = ("Operators",)

    @get("/figures", summary="Questions, how they were answered, and what was thought of it")
    async def figures(
        self,
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        first: Annotated[date | None, QueryParameter(name="from")] = None,
        last: Annotated[date | None, QueryParameter(name="to")] = None,
    ) -> Figures:
        last = last or clock.now().date()
        first = first or last - timedelta(days=29)
        if not timedelta() <= last - first <= timedelta(days=400):
            raise BadInput("“from” is at most 400 days before “to”.")
        return await figures(database, first, last)

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
