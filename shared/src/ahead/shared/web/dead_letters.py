"""The routes by which operators look at events that a service couldn't follow, try them again, or discard them."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from ahead.shared.dead_letter_desk import DeadLetterDesk, DeadLetters, Outcome


class DeadLetterRoutes(Controller):
    """For the controller of a service's operators, which brings the path and the guard."""

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
