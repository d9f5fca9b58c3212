"""Conversations after they were answered. Everything is reached through its owner; to others it is not there."""

from collections.abc import Sequence
from typing import Any, Literal

from ahead.assistant.answers import repository
from ahead.assistant.models import CONVERSATIONS
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, Conflict
from ahead.shared.phi.masking import mask
from ahead.shared.web.hostile_input import clean_text

Rating = Literal["", "up", "down"]
# Why an answer was no good, by the word it is kept under.
REASONS = {
    "wrong": "It says something wrong",
    "incomplete": "Something is missing",
    "off": "It isn't what I asked",
    "source": "A source doesn't bear it out",
    "unclear": "It is hard to understand",
    "other": "Something else",
}
MOST_OF_A_TITLE = 120
MOST_OF_A_NOTE = 500


class Conversations:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def listed(self, principal: Principal, words: str = "") -> Sequence[Any]:
        """The latest first, at most 100: id, title, updated_at."""
        if principal.kind == "anonymous":
            return []
        async with self._database.read() as session:
            return await repository.listed(session, principal, words[:200])

    async def one(self, principal: Principal, id_: str) -> tuple[Any, Sequence[Any]]:
        """The conversation and its turns, the oldest first. Raises NotFound."""
        async with self._database.read() as session:
            conversation = await repository.get_conversation_for(session, principal, id_)
            return conversation, await repository.turns_of(session, id_)

    async def rename(self, principal: Principal, id_: str, title: str) -> str:
        """Returns the title as it is kept, identifiers masked. Raises NotFound, BadInput."""
        title = mask(clean_text(title, what="The title", max_length=MOST_OF_A_TITLE)).text
        if not title:
            raise BadInput("Write a title.")
        async with self._database.write() as session:
            await repository.get_conversation_for(session, principal, id_)
            await repository.change_conversation(session, id_, title=title[:200])
        return title

    async def forget(self, principal: Principal, id_: str) -> None:
        """Raises NotFound, and Conflict while an answer is made in it."""
        async with self._database.write() as session:
            await repository.get_conversation_for(session, principal, id_)
            if await repository.is_working(session, id_):
                raise Conflict(
                    "An answer is being made in this conversation. Stop it first, or wait a moment."
                )
            await repository.forget_conversations(session, CONVERSATIONS.c.id == id_)

    async def rate(self, principal: Principal, id_: str, rating: str, reason: str, note: str) -> str:
        """What one thinks of an answer; the last one counts. Returns the conversation. Raises NotFound, BadInput."""
        if rating not in ("", "up", "down"):
            raise BadInput("A rating is “up”, “down” or empty.")
        if reason and (reason not in REASONS or rating != "down"):
            raise BadInput(f"The reason of a “down” is one of {', '.join(REASONS)}.")
        note = mask(clean_text(note, what="The note", max_length=MOST_OF_A_NOTE)).text if note else ""
        async with self._database.write() as session:
            turn = await repository.get_turn_for(session, principal, id_)
            if not turn.answer:
                raise Conflict("This question has no answer yet.")
            await repository.change_turn(session, id_, rating=rating, reason=reason, note=note)
        return turn.conversation
