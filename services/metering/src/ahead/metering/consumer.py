"""The consumer: reads batches of events, stores and counts them in one transaction, then acknowledges.

Run alone with ``python -m ahead.metering.consumer``.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.db import open_database
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.erasure.service import Erasure
from ahead.metering.ingest import service
from ahead.metering.models import dead_letters as letters
from ahead.metering.settings import Settings
from ahead.shared import telemetry
from ahead.shared.background import run_background
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.crash_points import crash_point
from ahead.shared.db.engine import Database
from ahead.shared.events import dead_letters
from ahead.shared.events.consumer import BatchConsumer, Message
from ahead.shared.events.envelope import InvalidEvent
from ahead.shared.logging import configure, get_logger
from ahead.shared.settings import load

log = get_logger(__name__)

stored_events = telemetry.counter("metering_events_stored_total", "Events stored and counted")
repeated_events = telemetry.counter("metering_events_repeated_total", "Events that were there already")
buried_events = telemetry.counter("metering_events_buried_total", "Messages put among the dead letters")


class Ingest:
    """What happens to a batch. All of it is one transaction: a crash leaves all of a batch or nothing."""

    def __init__(self, database: Database, blinding: Blinding, clock: Clock | None = None) -> None:
        self._database = database
        self._erasure = Erasure(blinding)
        self._clock = clock or SystemClock()

    async def handle(self, messages: Sequence[Message]) -> None:
        """Store and count what can be read; the rest goes to the dead letters, each message once.

        Raises:
            Unavailable: the database can't be written just now; nothing was done.
        """
        received_at = self._clock.now()
        rows: list[service.Row] = []
        bad: list[tuple[Message, str]] = []
        reader = service.Reader(received_at)
        # Read before the transaction begins, so that the lock is held for the statements only.
        for message in messages:
            try:
                rows.append(reader.read(message.body))
            except InvalidEvent as error:
                bad.append((message, str(error)))

        async def store(session: AsyncSession) -> tuple[int, int]:
            new = await service.store(session, rows, received_at, self._erasure)
            buried = 0
            for message, reason in bad:
                buried += await dead_letters.bury(
                    session,
                    letters,
                    subject=message.subject,
                    body=message.body,
                    # PostgreSQL can't hold NUL, and a reason may quote the message.
                    reason=reason.replace("\0", "\N{REPLACEMENT CHARACTER}"),
                    sequence=message.sequence,
                    at=received_at,
                )
            crash_point("consumer.before_commit")
            return new, buried

        new, buried = await self._database.transact(store)
        crash_point("consumer.after_commit")
        stored_events.inc(new)
        repeated_events.inc(len(rows) - new)
        if buried:
            buried_events.inc(buried)
            log.warning("messages buried", count=buried, first=bad[0][1][:200])

    async def bury(self, message: Message, reason: str) -> None:
        """Keep a message that failed again and again for a reason nobody foresaw."""
        async with self._database.write() as session:
            await dead_letters.bury(
                session,
                letters,
                subject=message.subject,
                body=message.body,
                reason=reason.replace("\0", "\N{REPLACEMENT CHARACTER}"),
                sequence=message.sequence,
                at=self._clock.now(),
            )
        buried_events.inc()


def make_consumer(settings: Settings, database: Database, clock: Clock | None = None) -> BatchConsumer:
    ingest = Ingest(database, Blinding(settings.checked_erasure_key), clock)
    return BatchConsumer(
        settings.shared.nats_url, settings.durable, ingest.handle, ingest.bury, batch=settings.batch
    )


def main() -> None:
    settings = load(Settings)
    configure("metering", settings.shared.log_level)
    database = open_database(settings)
    run_background(lambda: [make_consumer(settings, database).run], on_stop=database.close)


if __name__ == "__main__":
    main()
