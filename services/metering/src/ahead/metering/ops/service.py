"""Dead letters: looked at, tried again, discarded."""

from datetime import UTC
from typing import Any

from ahead.metering.erasure.blinding import Blinding
from ahead.metering.erasure.service import Erasure
from ahead.metering.ingest import service as ingest
from ahead.metering.models import dead_letters as table
from ahead.metering.ops.schemas import PREVIEW, DeadLetter, DeadLetters, Outcome
from ahead.shared.clock import Clock, isoformat
from ahead.shared.db.engine import Database
from ahead.shared.errors import Conflict, NotFound
from ahead.shared.events import dead_letters
from ahead.shared.events.envelope import InvalidEvent


async def count(database: Database) -> int:
    async with database.read() as session:
        return await dead_letters.count(session, table)


async def listed(database: Database, limit: int) -> DeadLetters:
    async with database.read() as session:
        total = await dead_letters.count(session, table)
        found = await dead_letters.newest(session, table, limit)
    return DeadLetters(total, [_shown(row) for row in found])


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


async def retry(database: Database, key: str, clock: Clock, blinding: Blinding) -> Outcome:
    """Count a message after all, in the transaction that takes it from the dead letters.

    Raises:
        NotFound: somebody else has dealt with it.
        Conflict: it still can't be counted; it stays where it is.
    """
    now = clock.now()
    async with database.write() as session:
        row = await dead_letters.take(session, table, key)
        if row is None:
            raise _unknown()
        try:
            event = ingest.Reader(now).read(bytes(row.body))
        except InvalidEvent as error:
            raise Conflict(
                f"The message still can't be counted: {error}",
                slug="still-unreadable",
                hint="Discard it, or try again when the cause is gone.",
            ) from error
        new = await ingest.store(session, [event], now, Erasure(blinding))
    return Outcome(key, "counted" if new else "already counted")


async def discard(database: Database, key: str) -> Outcome:
    async with database.write() as session:
        if await dead_letters.take(session, table, key) is None:
            raise _unknown()
    return Outcome(key, "discarded")


def _unknown() -> NotFound:
    return NotFound("There is no such dead letter; somebody may have dealt with it already.")
