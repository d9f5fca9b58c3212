"""Relay, scheduler, consumer and worker in one process: what a single machine runs beside the web process."""

from collections.abc import Sequence

from ahead.accounts.consumer import consumer_part
from ahead.accounts.parts import Parts
from ahead.accounts.relay import relay_part
from ahead.accounts.scheduler import scheduler_part
from ahead.accounts.settings import Settings
from ahead.accounts.worker import make_jobs
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.settings import load


def main() -> None:
    settings = load(Settings)
    logging.configure("accounts-background", settings.shared.log_level)
    jobs = make_jobs(settings)

    def parts_to_run() -> Sequence[Part]:
        parts = Parts.make(settings)
        return [
            relay_part(settings, parts.database, jobs),
            scheduler_part(parts),
            consumer_part(settings, parts.database),
        ]

    run_background(parts_to_run, broker=jobs.broker)


if __name__ == "__main__":
    main()
