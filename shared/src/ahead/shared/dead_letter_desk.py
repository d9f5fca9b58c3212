"""What operators do about dead letters, the same in every service: look at them, try again, discard."""

from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any

import msgspec
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.clock import isoformat
from ahead.shared.db.engine import Database
from ahead.shared.errors import Conflict, NotFound
from ahead.shared.events import dead_letters
from ahead.shared.events.envelope import InvalidEvent

PREVIEW = 2_000

# Does what the message asks for, in the given transaction; False when it was done before. Raises InvalidEvent.
Apply = Callable[[AsyncSession, bytes], Awaitable[bool]]


class DeadLetter(msgspec.Struct, frozen=True):
    """A message that could not be dealt with. `body` is its beginning as text, `size` its length in bytes."""

    id: str
    subject: str
    reason: str
    sequence: int
    buried_at: str
    size: int
    body: str


class DeadLetters(msgspec.Struct, frozen=True):
    total: int
    rows: list[DeadLetter]


class Outcome(msgspec.Struct, frozen=True):
    """What became of a message, such as `counted`, `already counted` or `discarded`."""

    id: str
    outcome: str


class DeadLetterDesk:
    """Args:
    done, done_before: what the outcome is called where trying again worked, and where nothing was left to do.
    """

    def __init__(
        self, database: Database, table: Table, apply: Apply, *, done: str, done_before: str
    ) -> None:
        self._database = database
        self._table = table
        self._apply = apply
        self._done = done
        self._done_before = done_before

    async def count(self) -> int:
        async with self._database.read() as session:
            return await dead_letters.count(session, self._table)

    async def listed(self, limit: int) -> DeadLetters:
        async with self._database.read() as session:
            total = await dead_letters.count(session, self._table)
            found = await dead_letters.newest(session, self._table, limit)
        return DeadLetters(total, [_shown(row) for row in found])

    async def retry(self, key: str) -> Outcome:
        """Deal with a message after all, in the transaction that takes it from the dead letters.

        Raises:
            NotFound: somebody else has dealt with it.
            Conflict: it still can't be dealt with; it stays where it is.
        """
        async with self._database.write() as session:
            row = await dead_letters.take(session, self._table, key)
            if row is None:
                raise _unknown()
            try:
                done = await self._apply(session, bytes(row.body))
            except InvalidEvent as error:
                raise Conflict(
                    f"The message still can't be {self._done}: {error}",
                    slug="still-unreadable",
                    hint="Discard it, or try again when the cause is gone.",
                ) from error
        return Outcome(key, self._done if done else self._done_before)

    async def discard(self, key: str) -> Outcome:
        async with self._database.write() as session:
            if await dead_letters.take(session, self._table, key) is None:
                raise _unknown()
        return Outcome(key, "discarded")


def _shown(row: Any) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        subject=row.subject,
        reason=row.reason,
        sequence=row.sequence,
        buried_at=isoformat(row.buried_at.astimezone(UTC)),
        size=len(row.body),
        body=bytes(row.body[:PREVIEW]).decode(errors="replace"),
    )


def _unknown() -> NotFound:
    return NotFound("There is no such dead letter; somebody may have dealt with it already.")
