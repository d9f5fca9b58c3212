"""The worker: loads official files that operators asked for. A process of its own, and a part of the background
process."""

from dramatiq import Broker

from ahead.lookup.loads.tasks import add_load_job
from ahead.lookup.models import JOBS
from ahead.lookup.settings import Settings
from ahead.shared import logging
from ahead.shared.background import run_background
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.settings import load
from ahead.shared.tasks.broker import make_broker
from ahead.shared.tasks.jobs import Jobs


def make_jobs(settings: Settings, *, broker: Broker | None = None, clock: Clock | None = None) -> Jobs:
    """The jobs of Case2Code. Nothing connects here."""
    jobs = Jobs(
        broker or make_broker("lookup", settings.shared.redis_url),
        JOBS,
        lambda: Database(settings.database),
        clock=clock,
    )
    add_load_job(jobs, settings, clock)
    return jobs


def main() -> None:
    settings = load(Settings)
    logging.configure("lookup-worker", settings.shared.log_level)
    run_background(list, broker=make_jobs(settings).broker)


if __name__ == "__main__":
    main()
