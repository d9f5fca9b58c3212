"""Addresses that mail came back from, or whose owner complained: every service stops mailing them.

CaseConsultant finds out (its bounces come to an address of their own) and says so in `mail.bounced` and
`mail.complained`. An event holds no address, only a name that services with the same AHEAD_GUEST_KEY can compare.
"""

import hmac
from collections.abc import Sequence

from sqlalchemy import Column, MetaData, String, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.base import UtcDateTime
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import insert_for
from ahead.shared.events.consumer import BatchConsumer, Message
from ahead.shared.events.envelope import InvalidEvent, decode
from ahead.shared.logging import get_logger

log = get_logger(__name__)
SUBJECTS = "ahead.events.consultant.mail.*.v1"
REASONS = {"mail.bounced": "bounced", "mail.complained": "complained"}
_NAME_LENGTH = 64


def address_name(key: str, address: str) -> str:
    """The name of an address in events; empty without a key, because a name anybody can compute is an address."""
    if not key:
        return ""
    return hmac.new(key.encode(), f"returned mail:{address.strip().lower()}".encode(), "sha256").hexdigest()


def returned_table(metadata: MetaData, name: str = "returned_addresses") -> Table:
    return Table(
        name,
        metadata,
        Column("address", String(_NAME_LENGTH), primary_key=True),
        Column("why", String(12), nullable=False),
        Column("at", UtcDateTime, nullable=False),
    )


async def is_returned(session: AsyncSession, table: Table, key: str, address: str) -> bool:
    statement = select(table.c.address).where(table.c.address == address_name(key, address))
    return (await session.execute(statement)).first() is not None


class ReturnedFollower:
    """A consumer's side: keeps the names, in a table of the service. What can't be read is logged and left."""

    def __init__(self, database: Database, table: Table, *, clock: Clock | None = None) -> None:
        self._database = database
        self._table = table
        self._clock = clock or SystemClock()

    def consumer(self, nats_url: str, durable: str) -> BatchConsumer:
        return BatchConsumer(nats_url, durable, self.handle, self.leave, batch=50, filter_subject=SUBJECTS)

    async def handle(self, messages: Sequence[Message]) -> None:
        async with self._database.write() as session:
            for message in messages:
                try:
                    event = decode(message.body)
                except InvalidEvent as error:
                    await self.leave(message, str(error))
                    continue
                name, why = event.data.get("address"), REASONS.get(event.name)
                if why is None or not isinstance(name, str) or len(name) != _NAME_LENGTH:
                    continue
                await session.execute(
                    insert_for(session, self._table)
                    .values(address=name, why=why, at=self._clock.now())
                    .on_conflict_do_nothing(index_elements=["address"])
                )

    async def leave(self, message: Message, reason: str) -> None:
        log.error("event about returned mail left", sequence=message.sequence, reason=reason[:200])
