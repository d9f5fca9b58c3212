"""``/api/metering/v1/ops``: for operators only."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from ahead.metering.guards import is_operator
from ahead.metering.ops.stream import StreamLag
from ahead.metering.usage.controllers import Limit
from ahead.metering.usage.schemas import read_limit
from ahead.shared.dead_letter_desk import DeadLetterDesk, DeadLetters, Outcome
from ahead.shared.ops import Health


class OpsController(Controller):
    path = "/api/metering/v1/ops"
    guards = (is_operator,)
    tags = ("ops",)

    @get("/health", summary="State of the pipeline")
    async def health(
        self, dead_letter_desk: NamedDependency[DeadLetterDesk], lag: NamedDependency[StreamLag]
    ) -> Health:
        """Metering publishes nothing and has no jobs: its outbox and queues are empty for good."""
        return Health(stream_lag=await lag.read(), dead_letters=await dead_letter_desk.count())

    @get("/dead-letters", summary="Messages that could not be counted, the newest first")
    async def dead_letters(
        self, dead_letter_desk: NamedDependency[DeadLetterDesk], limit: Limit = None
    ) -> DeadLetters:
        return await dead_letter_desk.listed(read_limit(limit))

    @post("/dead-letters/{key:str}/retry", status_code=200, summary="Count a message after all")
    async def retry(self, key: FromPath[str], dead_letter_desk: NamedDependency[DeadLetterDesk]) -> Outcome:
        return await dead_letter_desk.retry(key)

    @post("/dead-letters/{key:str}/discard", status_code=200, summary="Throw a message away")
    async def discard(self, key: FromPath[str], dead_letter_desk: NamedDependency[DeadLetterDesk]) -> Outcome:
        return await dead_letter_desk.discard(key)
