"""Following ``account.erased``: a service forgets what it holds about an account, and about its guest.

It forgets twice. At once, in one transaction with the note that it did; and again when the last token of the
account has run out, because until then somebody may still have been granted something.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, MetaData, String, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.auth.guests import GuestTables
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import insert_for
from ahead.shared.events import dead_letters
from ahead.shared.events.consumer import BatchConsumer, Message
from ahead.shared.events.envelope import InvalidEvent, decode, message_id
from ahead.shared.events.subjects import type_of
from ahead.shared.logging import get_logger
from ahead.shared.metering.allowance import AllowanceTables

log = get_logger(__name__)

SUBJECT = type_of("accounts", "account.erased")
# Tokens live for minutes; while accounts is away one of the last hour is still taken (GRACE_SECONDS).
LAST_TOKEN = timedelta(hours=2)
_AT_ONCE = 200

# Deletes what is held about these subjects ("a:...", "g:..."), in the caller's transaction; idempotent.
Forget = Callable[[AsyncSession, Sequence[str]], Awaitable[None]]


def erasure_table(metadata: MetaData, name: str = "erasures") -> Table:
    """Erasures that are done and have to be done once more; ``event`` is source and id of the event."""
    return Table(
        name,
        metadata,
        Column("event", String(165), primary_key=True),
        Column("account", String(80), nullable=False),
        Column("guest", String(80), nullable=False, server_default=""),
        Column("received_at", UtcDateTime, nullable=False, index=True),
    )


def subjects_of(body: bytes) -> tuple[str, str, str]:
    """(source and id, the account's subject, its guest's or "") of an ``account.erased``.

    Raises:
        InvalidEvent: it can't be read, or isn't one.
    """
    event = decode(body)
    guest = event.data.get("guest") or ""
    if event.type != SUBJECT or not event.subject.startswith("a:") or len(event.subject) > 80:
        raise InvalidEvent(f"{event.type[:100]} about {event.subject[:80]!r} erases no account")
    if not isinstance(guest, str) or len(guest) > 80 or (guest and not guest.startswith("g:")):
        raise InvalidEvent("data.guest is no guest")
    return message_id(event), event.subject, guest


class Eraser:
    """The consumer's side and the scheduler's side of one service."""

    def __init__(
        self,
        database: Database,
        erasures: Table,
        letters: Table,
        forget: Forget,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._database = database
        self._erasures = erasures
        self._letters = letters
        self._forget = forget
        self._clock = clock or SystemClock()

    def consumer(self, nats_url: str, durable: str) -> BatchConsumer:
        return BatchConsumer(nats_url, durable, self.handle, self.bury, batch=50, filter_subject=SUBJECT)

    async def handle(self, messages: Sequence[Message]) -> None:
        """Forget whom these messages erase; all of it is one transaction. The unreadable are buried."""
        async with self._database.write() as session:
            for message in messages:
                try:
                    await self.apply(session, message.body)
                except InvalidEvent as error:
                    await self._bury(session, message, str(error))

    async def apply(self, session: AsyncSession, body: bytes) -> bool:
        """Forget whom one event erases; False when that was done before.

        Raises:
            InvalidEvent: it can't be read; nothing was done.
        """
        event, account, guest = subjects_of(body)
        statement = (
            insert_for(session, self._erasures)
            .values(event=event, account=account, guest=guest, received_at=self._clock.now())
            .on_conflict_do_nothing(index_elements=["event"])
            .returning(self._erasures.c.event)
        )
        if (await session.execute(statement)).first() is None:
            return False
        await self._forget(session, _both(account, guest))
        log.info("account forgotten", event_id=event)
        return True

    async def sweep(self) -> int:
        """Forget once more those whose last token has run out, and that they were erased; returns how many."""
        table = self._erasures
        due = (
            select(table.c.event, table.c.account, table.c.guest)
            .where(table.c.received_at < self._clock.now() - LAST_TOKEN)
            .order_by(table.c.received_at)
            .limit(_AT_ONCE)
        )
        swept = 0
        while True:
            async with self._database.write() as session:
                rows = (await session.execute(due)).all()
                for row in rows:
                    await self._forget(session, _both(row.account, row.guest))
                await session.execute(delete(table).where(table.c.event.in_([row.event for row in rows])))
            swept += len(rows)
            if len(rows) < _AT_ONCE:
                return swept

    async def bury(self, message: Message, reason: str) -> None:
        """Keep a message that failed again and again for a reason nobody foresaw."""
        async with self._database.write() as session:
            await self._bury(session, message, reason)

    async def _bury(self, session: AsyncSession, message: Message, reason: str) -> None:
        at: datetime = self._clock.now()
        await dead_letters.bury(
            session,
            self._letters,
            subject=message.subject,
            body=message.body,
            # PostgreSQL can't hold NUL, and a reason may quote the message.
            reason=reason.replace("\0", "\N{REPLACEMENT CHARACTER}"),
            sequence=message.sequence,
            at=at,
        )


def _both(account: str, guest: str) -> list[str]:
    return [account, guest] if guest else [account]


async def forget_allowances(
    session: AsyncSession, allowance: AllowanceTables, guests: GuestTables, subjects: Sequence[str]
) -> None:
    """Delete the grants, counters and admissions of these subjects."""
    for table in (allowance.grants, allowance.counters):
        await session.execute(delete(table).where(table.c.principal.in_(subjects)))
    ids = [subject.removeprefix("g:") for subject in subjects if subject.startswith("g:")]
    if ids:
        await session.execute(delete(guests.admitted).where(guests.admitted.c.guest_id.in_(ids)))
