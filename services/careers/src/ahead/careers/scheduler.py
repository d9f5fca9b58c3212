"""Recurring work: jobs that the clock has closed are told and asked about, alerts go out, old things are forgotten."""

from datetime import timedelta

from ahead.careers.alerts.service import Alerts
from ahead.careers.applications.files import Files
from ahead.careers.applications.repository import files_kept, outlived
from ahead.careers.board.documents import SCHEMA
from ahead.careers.board.indexing import Indexer
from ahead.careers.board.service import Board
from ahead.careers.consumer import make_eraser
from ahead.careers.employers.keeping import Keeping
from ahead.careers.employers.service import Employers
from ahead.careers.importing.addresses import FeedAddresses, make_client
from ahead.careers.importing.merging import Merging
from ahead.careers.models import JOBS, OUTBOX
from ahead.careers.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db import outbox
from ahead.shared.db.engine import Database
from ahead.shared.search.rebuild import open_engine
from ahead.shared.settings import load
from ahead.shared.tasks.scheduler import Scheduler

# Long enough that any window a consumer may have lost can be replayed from the database.
KEEP_PUBLISHED = timedelta(days=45)


def index_part(settings: Settings, database: Database, clock: Clock | None = None) -> Part:
    """Changes of jobs into the search index, within a second or two."""
    engine = open_engine(settings.shared, SERVICE)
    return Indexer(database, engine.index(SCHEMA), clock or SystemClock()).run


def scheduler_part(settings: Settings, database: Database, clock: Clock | None = None) -> Part:
    clock = clock or SystemClock()
    index = open_engine(settings.shared, SERVICE).index(SCHEMA)
    alerts = Alerts(database, settings, Board(database, index), clock)
    keeping = Keeping(database, settings, clock)
    files = Files(settings)
    employers = Employers(database, settings, clock)
    feeds = FeedAddresses(database, settings, clock, employers, make_client(settings))

    async def prune() -> None:
        async with database.write() as session:
            await outbox.prune(session, OUTBOX, JOBS, clock.now() - KEEP_PUBLISHED)
            keep = timedelta(days=settings.keep_applications_days)
            gone = await outlived(session, clock.now() - keep)
            kept = await files_kept(session)
        for name in gone:
            files.remove(name)
        files.sweep(kept, clock.now() - timedelta(days=1))

    scheduler = Scheduler()
    scheduler.every(timedelta(seconds=30), "close what is over", keeping.close_ended)
    scheduler.every(timedelta(minutes=15), "ask whether jobs are open", keeping.ask)
    scheduler.every(timedelta(minutes=5), "show the same job once", Merging(database, clock).merge)
    scheduler.every(timedelta(minutes=2), "fetch employers' feeds", feeds.run_due)
    scheduler.every(timedelta(seconds=30), "send alerts", alerts.run_due)
    scheduler.every(timedelta(hours=1), "forget what is old", prune)
    scheduler.every(
        timedelta(minutes=15), "forget the erased again", make_eraser(settings, database, clock).sweep
    )
    return scheduler.run


def main() -> None:
    settings = load(Settings)
    logging.configure("careers-scheduler", settings.shared.log_level)

    def parts() -> list[Part]:
        database = Database(settings.database)
        return [scheduler_part(settings, database), index_part(settings, database)]

    run_background(parts)


if __name__ == "__main__":
    main()
