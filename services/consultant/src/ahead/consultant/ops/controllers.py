"""``/api/consultant/v1/ops``: for operators only."""

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from ahead.consultant.ops.service import Figures, Ops
from ahead.shared.auth.guards import requires_role
from ahead.shared.dead_letter_desk import DeadLetters, Outcome
from ahead.shared.ops import Health


class Address(msgspec.Struct, forbid_unknown_fields=True):
    address: str


class OpsController(Controller):
    path = "/api/consultant/v1/ops"
    guards = (requires_role("ops"),)
    tags = ("Operators",)

    @get("/health", summary="State of the pipeline")
    async def health(self, ops: NamedDependency[Ops]) -> Health:
        return await ops.health()

    @get("/figures", summary="Volume, time to answer, automatic share, promises, masked details")
    async def figures(
        self, ops: NamedDependency[Ops], days: Annotated[int, QueryParameter(ge=1, le=92)] = 30
    ) -> Figures:
        return await ops.figures(days)

    @get("/dead-letters", summary="Jobs given up and events that can't be read, the newest first")
    async def dead_letters(
        self, ops: NamedDependency[Ops], limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100
    ) -> DeadLetters:
        return await ops.dead_letters(limit)

    @post("/dead-letters/{key:str}/retry", status_code=200, summary="Try a job, or an event, again")
    async def retry(self, key: FromPath[str], ops: NamedDependency[Ops]) -> Outcome:
        return await ops.retry(key)

    @post("/dead-letters/{key:str}/discard", status_code=200, summary="Throw a job, or an event, away")
    async def discard(self, key: FromPath[str], ops: NamedDependency[Ops]) -> Outcome:
        return await ops.discard(key)

    @post("/suppressed/lift", status_code=200, summary="Mail an address again")
    async def lift(self, data: JSONBody[Address], ops: NamedDependency[Ops]) -> Outcome:
        return await ops.lift(data.address)
