"""Relay, scheduler, consumer and worker in one process: what a single machine runs beside the web process."""

from collections.abc import Sequence

from ahead.careers.consumer import consumer_part, returned_part
from ahead.careers.relay import relay_part
from ahead.careers.scheduler import index_part, scheduler_part
from ahead.careers.settings import Settings
from ahead.careers.worker import make_jobs
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.settings import load


def main() -> None:
    settings = load(Settings)
    logging.configure("careers-background", settings.shared.log_level)
    jobs = make_jobs(settings)

    def parts() -> Sequence[Part]:
        database = Database(settings.database)
        return [
            relay_part(settings, database, jobs),
            scheduler_part(settings, database),
            index_part(settings, database),
            consumer_part(settings, database),
            returned_part(settings, database),
        ]

    run_background(parts, broker=jobs.broker)


if __name__ == "__main__":
    main()
