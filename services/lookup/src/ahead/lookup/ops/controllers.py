"""``/api/lookup/v1/ops``: for operators only."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from ahead.lookup.models import JOBS, OUTBOX
from ahead.lookup.search.service import CodeSearch, unavailable
from ahead.shared.auth.guards import requires_role
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.events.publisher import BufferedPublisher
from ahead.shared.ops import Health, sender_health
from ahead.shared.search.fallback import SearchState
from ahead.shared.search.index import SearchError
from ahead.shared.web.dead_letters import DeadLetterRoutes


class OpsController(DeadLetterRoutes):
    path = "/api/lookup/v1/ops"
    guards = (requires_role("ops"),)
    tags = ("ops",)

    @get("/health", summary="State of the pipeline")
    async def health(
        self,
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        analytics: NamedDependency[BufferedPublisher],
        dead_letter_desk: NamedDependency[DeadLetterDesk],
        code_search: NamedDependency[CodeSearch],
    ) -> Health:
        health = await sender_health(database, OUTBOX, JOBS, clock, dropped=analytics.dropped)
        letters = await dead_letter_desk.count()
        remarks = await code_search.remarks()
        return msgspec.structs.replace(health, dead_letters=health.dead_letters + letters, remarks=remarks)

    @get("/search", summary="Which search engine answers in this process, and why")
    async def search(self, code_search: NamedDependency[CodeSearch]) -> SearchState:
        try:
            return await code_search.state()
        except SearchError as error:
            raise unavailable(error) from error
