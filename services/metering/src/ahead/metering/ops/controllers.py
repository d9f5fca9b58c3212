"""``/api/metering/v1/ops``: for operators only."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.metering.erasure.blinding import Blinding
from ahead.metering.guards import is_operator
from ahead.metering.ops import service
from ahead.metering.ops.schemas import DeadLetters, Outcome
from ahead.metering.ops.stream import StreamLag
from ahead.metering.usage.controllers import Limit
from ahead.metering.usage.schemas import read_limit
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.ops import Health


class OpsController(Controller):
    path = "/api/metering/v1/ops"
    guards = (is_operator,)
    tags = ("ops",)

    @get("/health", summary="State of the pipeline")
    async def health(self, database: NamedDependency[Database], lag: NamedDependency[StreamLag]) -> Health:
        """Metering publishes nothing and has no jobs: its outbox and queues are empty for good."""
        return Health(stream_lag=await lag.read(), dead_letters=await service.count(database))

    @get("/dead-letters", summary="Messages that could not be counted, the newest first")
    async def dead_letters(self, database: NamedDependency[Database], limit: Limit = None) -> DeadLetters:
        return await service.listed(database, read_limit(limit))

    @post("/dead-letters/{key:str}/retry", status_code=200, summary="Count a message after all")
    async def retry(
        self,
        key: FromPath[str],
        database: NamedDependency[Database],
        clock: NamedDependency[Clock],
        blinding: NamedDependency[Blinding],
    ) -> Outcome:
        return await service.retry(database, key, clock, blinding)

    @post("/dead-letters/{key:str}/discard", status_code=200, summary="Throw a message away")
    async def discard(self, key: FromPath[str], database: NamedDependency[Database]) -> Outcome:
        return await service.discard(database, key)
