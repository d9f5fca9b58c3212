"""Dead letters: looked at, counted after all, discarded."""

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.erasure.blinding import Blinding
from ahead.metering.erasure.service import Erasure
from ahead.metering.ingest import service as ingest
from ahead.metering.models import dead_letters as table
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk


def make_desk(database: Database, clock: Clock, blinding: Blinding) -> DeadLetterDesk:
    async def count(session: AsyncSession, body: bytes) -> bool:
        now = clock.now()
        row = ingest.Reader(now).read(body)
        return bool(await ingest.store(session, [row], now, Erasure(blinding)))

    return DeadLetterDesk(database, table, count, done="counted", done_before="already counted")
