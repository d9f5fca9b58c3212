"""Relay, scheduler, consumer and worker in one process: what a single machine runs beside the web process."""

from collections.abc import Sequence

from ahead.lookup.consumer import consumer_part
from ahead.lookup.relay import relay_part
from ahead.lookup.scheduler import scheduler_part
from ahead.lookup.settings import Settings
from ahead.lookup.worker import make_jobs
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.settings import load


def main() -> None:
    settings = load(Settings)
    logging.configure("lookup-background", settings.shared.log_level)
    jobs = make_jobs(settings)

    def parts() -> Sequence[Part]:
        database = Database(settings.database)
        return [
            relay_part(settings, database, jobs),
            scheduler_part(database, settings=settings),
            consumer_part(settings, database),
        ]

    run_background(parts, broker=jobs.broker)


if __name__ == "__main__":
    main()
