"""The relay as a process of its own, and as a part of the background process."""

from datetime import timedelta

from ahead.consultant.models import JOBS, OUTBOX
from ahead.consultant.settings import SERVICE, Settings
from ahead.consultant.worker import make_jobs
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.events.publisher import Publisher
from ahead.shared.events.relay import Relay
from ahead.shared.settings import load
from ahead.shared.tasks.jobs import Jobs


def relay_part(settings: Settings, database: Database, jobs: Jobs) -> Part:
    publisher = Publisher(settings.shared.nats_url, "consultant relay")
    resend_after = timedelta(seconds=settings.resend_jobs_after_s)
    return Relay(
        SERVICE, database, OUTBOX, publisher, jobs=JOBS, send_job=jobs.send, resend_after=resend_after
    ).run


def main() -> None:
    settings = load(Settings)
    logging.configure("consultant-relay", settings.shared.log_level)
    jobs = make_jobs(settings)
    run_background(lambda: [relay_part(settings, Database(settings.database), jobs)])


if __name__ == "__main__":
    main()
