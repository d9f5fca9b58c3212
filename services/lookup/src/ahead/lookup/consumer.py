"""The consumer: Case2Code forgets accounts that are erased. A process of its own, and a part of the background
process."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.lookup.models import ALLOWANCE, DEAD_LETTERS, ERASURES, GUESTS, LOADS
from ahead.lookup.personal.repository import forget as forget_personal
from ahead.lookup.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.dead_letter_desk import DeadLetterDesk
from ahead.shared.erasure import Eraser, forget_allowances
from ahead.shared.settings import load

DURABLE = "lookup-erasures"


async def forget(session: AsyncSession, subjects: Sequence[str]) -> None:
    """All that Case2Code holds about anybody: what was granted, that a guest was admitted, what an account
    has kept for itself, and which operator asked for a load."""
    await forget_allowances(session, ALLOWANCE, GUESTS, subjects)
    await forget_personal(session, subjects)
    await session.execute(update(LOADS).where(LOADS.c.requested_by.in_(subjects)).values(requested_by=""))


def make_eraser(database: Database, clock: Clock | None = None) -> Eraser:
    return Eraser(database, ERASURES, DEAD_LETTERS, forget, clock=clock)


def make_desk(database: Database, clock: Clock | None = None) -> DeadLetterDesk:
    """For operators: events that this consumer couldn't read."""
    apply = make_eraser(database, clock).apply
    return DeadLetterDesk(database, DEAD_LETTERS, apply, done="followed", done_before="followed before")


def consumer_part(settings: Settings, database: Database) -> Part:
    return make_eraser(database).consumer(settings.shared.nats_url, DURABLE).run


def main() -> None:
    settings = load(Settings)
    logging.configure("lookup-consumer", settings.shared.log_level)
    run_background(lambda: [consumer_part(settings, Database(settings.database))])


if __name__ == "__main__":
    main()
