"""The consumer: CaseConsultant forgets accounts that are erased."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.consultant.models import (
    ALLOWANCE,
    DEAD_LETTERS,
    ERASURES,
    Entry,
    Inquiry,
    Knowledge,
    LinkedAddress,
    Note,
    Presence,
    Sent,
)
from ahead.consultant.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.erasure import Eraser
from ahead.shared.settings import load

DURABLE = "consultant-erasures"
_TABLES = Inquiry.metadata.tables
# Where the account of an expert stands.
_EXPERTS = tuple(
    (_TABLES[table], column)
    for table, column in (
        ("notes", "by"),
        ("canned_texts", "by"),
        ("entries", "by"),
        ("inquiries", "assigned_to"),
        ("knowledge", "proposed_by"),
        ("knowledge", "approved_by"),
    )
)


async def forget(session: AsyncSession, subjects: Sequence[str]) -> None:
    """Threads with all that was said, linked addresses, grants. What an expert wrote for others stays, without who."""
    threads = select(col(Inquiry.id)).where(col(Inquiry.account).in_(subjects))
    await session.execute(delete(Note).where(col(Note.inquiry).in_(threads)))
    await session.execute(delete(Presence).where(col(Presence.inquiry).in_(threads)))
    await session.execute(update(Knowledge).where(col(Knowledge.inquiry).in_(threads)).values(inquiry=""))
    await session.execute(delete(Entry).where(col(Entry.inquiry).in_(threads)))
    await session.execute(delete(Sent).where(col(Sent.inquiry).in_(threads)))
    await session.execute(delete(Inquiry).where(col(Inquiry.account).in_(subjects)))
    await session.execute(delete(LinkedAddress).where(col(LinkedAddress.account).in_(subjects)))
    await session.execute(delete(Presence).where(col(Presence.expert).in_(subjects)))
    for table, name in _EXPERTS:
        column = table.c[name]
        await session.execute(update(table).where(column.in_(subjects)).values({name: ""}))
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
