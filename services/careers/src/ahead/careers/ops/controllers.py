"""``/api/careers/v1/ops``: for operators only."""

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from ahead.careers.models import JOBS, OUTBOX
from ahead.careers.ops.numbers import Numbers, numbers
from ahead.shared.auth.guards import requires_role
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk, DeadLetters, Outcome
from ahead.shared.ops import Health, sender_health


class OpsController(Controller):
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

    @get("/dead-letters", summary="Events that could not be read, the newest first")
    async def dead_letters(
        self,
        dead_letter_desk: NamedDependency[DeadLetterDesk],
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
    ) -> DeadLetters:
        return await dead_letter_desk.listed(limit)

    @post("/dead-letters/{key:str}/retry", status_code=200, summary="Follow an event after all")
    async def retry(self, key: FromPath[str], dead_letter_desk: NamedDependency[DeadLetterDesk]) -> Outcome:
        return await dead_letter_desk.retry(key)

    @post("/dead-letters/{key:str}/discard", status_code=200, summary="Throw an event away")
    async def discard(self, key: FromPath[str], dead_letter_desk: NamedDependency[DeadLetterDesk]) -> Outcome:
        return await dead_letter_desk.discard(key)
