"""Recurring work: conversations past their retention, published events and the erased are forgotten."""

from datetime import timedelta

from sqlalchemy import delete

from ahead.assistant.answers import keeping
from ahead.assistant.consumer import make_eraser
from ahead.assistant.models import GUESTS, JOBS, MODEL_SPENDING, OUTBOX
from ahead.assistant.settings import Settings
from ahead.shared.auth.guests import forget_networks
from ahead.shared.background import Part
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.tasks.scheduler import Scheduler

# Long enough that any window a consumer may have lost can be replayed from the database.
KEEP_PUBLISHED = timedelta(days=45)


async def forget_old(database: Database, settings: Settings, clock: Clock) -> None:
    now = clock.now()
    async with database.write() as session:
        await outbox.prune(session, OUTBOX, JOBS, now - KEEP_PUBLISHED)
        await forget_networks(session, GUESTS, now)
        kept_from = (now - KEEP_PUBLISHED).date().isoformat()
        await session.execute(delete(MODEL_SPENDING).where(MODEL_SPENDING.c.day < kept_from))
        await keeping.forget_old(session, now - timedelta(days=settings.retention_days))


def scheduler_part(database: Database, settings: Settings, clock: Clock | None = None) -> Part:
    clock = clock or SystemClock()

    async def prune() -> None:
        await forget_old(database, settings, clock)

    async def end() -> None:
        await keeping.end_left_behind(database, clock.now(), settings.answer_seconds)

    scheduler = Scheduler()
    scheduler.every(timedelta(minutes=1), "end answers left behind", end)
    scheduler.every(timedelta(hours=1), "forget what is old", prune)
    scheduler.every(timedelta(minutes=15), "forget the erased again", make_eraser(database, clock).sweep)
    return scheduler.run
