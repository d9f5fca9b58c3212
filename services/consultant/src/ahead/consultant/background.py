"""Mail in, relay, scheduler, consumer and worker in one process: what a single machine runs beside the web."""

from collections.abc import Sequence

from ahead.consultant.consumer import consumer_part
from ahead.consultant.inbound import inbound_parts
from ahead.consultant.relay import relay_part
from ahead.consultant.scheduler import scheduler_part
from ahead.consultant.settings import Settings
from ahead.consultant.worker import make_jobs
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.settings import load


def main() -> None:
    settings = load(Settings)
    logging.configure("consultant-background", settings.shared.log_level)
    jobs = make_jobs(settings)

    def parts() -> Sequence[Part]:
        database = Database(settings.database)
        return [
            *inbound_parts(settings, database),
            relay_part(settings, database, jobs),
            scheduler_part(settings, database),
            consumer_part(settings, database),
        ]

    run_background(parts, broker=jobs.broker)


if __name__ == "__main__":
    main()
