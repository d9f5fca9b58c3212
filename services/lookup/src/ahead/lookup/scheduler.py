"""Recurring work: what was published long ago, the guests' daily counts, and who is erased are forgotten; the search
index follows the releases held, and use what metering counts."""

from datetime import timedelta
from functools import partial

from ahead.lookup.consumer import make_eraser
from ahead.lookup.models import GUESTS, JOBS, OUTBOX
from ahead.lookup.search.building import keep_index
from ahead.lookup.search.use import keep_uses
from ahead.lookup.settings import Settings
from ahead.shared import logging
from ahead.shared.auth.guests import forget_networks
from ahead.shared.background import Part, run_background
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.settings import load
from ahead.shared.tasks.scheduler import Scheduler

# Long enough that any window a consumer may have lost can be replayed from the database.
KEEP_PUBLISHED = timedelta(days=45)


def scheduler_part(database: Database, clock: Clock | None = None, settings: Settings | None = None) -> Part:
    clock = clock or SystemClock()

    async def prune() -> None:
        async with database.write() as session:
            await outbox.prune(session, OUTBOX, JOBS, clock.now() - KEEP_PUBLISHED)
            await forget_networks(session, GUESTS, clock.now())

    scheduler = Scheduler()
    scheduler.every(timedelta(hours=1), "forget what is old", prune)
    scheduler.every(timedelta(minutes=15), "forget the erased again", make_eraser(database, clock).sweep)
    if settings is not None:
        scheduler.every(timedelta(minutes=1), "keep the search index", partial(keep_index, settings))
        scheduler.every(
            timedelta(hours=1), "ask which codes are used", partial(keep_uses, settings, database, clock)
        )
    return scheduler.run


def main() -> None:
    settings = load(Settings)
    logging.configure("lookup-scheduler", settings.shared.log_level)
    run_background(lambda: [scheduler_part(Database(settings.database), settings=settings)])


if __name__ == "__main__":
    main()
