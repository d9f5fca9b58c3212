"""Recurring work: raw mail is kept for a month, jobs that are done and published events no longer than needed."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from ahead.consultant.consumer import make_eraser
from ahead.consultant.models import JOBS, OUTBOX, RawMail
from ahead.consultant.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.settings import load
from ahead.shared.tasks.scheduler import Scheduler

KEEP_PUBLISHED = timedelta(days=45)
KEEP_RAW = timedelta(days=30)


def scheduler_part(settings: Settings, database: Database, clock: Clock | None = None) -> Part:
    clock = clock or SystemClock()

    async def forget() -> None:
        async with database.write() as session:
            await outbox.prune(session, OUTBOX, JOBS, clock.now() - KEEP_PUBLISHED)
            old = col(RawMail.received_at) < clock.now() - KEEP_RAW
            await session.execute(delete(RawMail).where(old, col(RawMail.fate) != ""))

    scheduler = Scheduler()
    scheduler.every(timedelta(hours=1), "forget what is old", forget)
    scheduler.every(timedelta(minutes=15), "forget the erased again", make_eraser(database, clock).sweep)
    return scheduler.run


def main() -> None:
    settings = load(Settings)
    logging.configure("consultant-scheduler", settings.shared.log_level)
    run_background(lambda: [scheduler_part(settings, Database(settings.database))])


if __name__ == "__main__":
    main()
