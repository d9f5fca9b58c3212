"""The consumer: CaseConsultant forgets accounts that are erased."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.consultant.models import ALLOWANCE, DEAD_LETTERS, ERASURES, Entry, Inquiry, LinkedAddress, Sent
from ahead.consultant.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.erasure import Eraser
from ahead.shared.settings import load

DURABLE = "consultant-erasures"


async def forget(session: AsyncSession, subjects: Sequence[str]) -> None:
    """Threads with all that was said, linked addresses, grants."""
    threads = select(col(Inquiry.id)).where(col(Inquiry.account).in_(subjects))
    await session.execute(delete(Entry).where(col(Entry.inquiry).in_(threads)))
    await session.execute(delete(Sent).where(col(Sent.inquiry).in_(threads)))
    await session.execute(delete(Inquiry).where(col(Inquiry.account).in_(subjects)))
    await session.execute(delete(LinkedAddress).where(col(LinkedAddress.account).in_(subjects)))
    for table in (ALLOWANCE.grants, ALLOWANCE.counters):
        await session.execute(delete(table).where(table.c.principal.in_(subjects)))


def make_eraser(database: Database, clock: Clock | None = None) -> Eraser:
    return Eraser(database, ERASURES, DEAD_LETTERS, forget, clock=clock)


def consumer_part(settings: Settings, database: Database) -> Part:
    return make_eraser(database).consumer(settings.shared.nats_url, DURABLE).run


def main() -> None:
    settings = load(Settings)
    logging.configure("consultant-consumer", settings.shared.log_level)
    run_background(lambda: [consumer_part(settings, Database(settings.database))])


if __name__ == "__main__":
    main()
