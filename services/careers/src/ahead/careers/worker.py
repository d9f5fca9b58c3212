"""The worker: sends mails. A process of its own, and a part of the background process."""

from dramatiq import Broker

from ahead.careers.mails import service as mails
from ahead.careers.models import JOBS
from ahead.careers.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.background import run_background
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.mail import MailPort, make_mail_port
from ahead.shared.settings import load
from ahead.shared.tasks.broker import make_broker
from ahead.shared.tasks.jobs import Jobs


def make_jobs(
    settings: Settings,
    *,
    broker: Broker | None = None,
    port: MailPort | None = None,
    clock: Clock | None = None,
) -> Jobs:
    """The jobs of CareerCenter, with what they need. Nothing connects here."""
    clock = clock or SystemClock()
    port = port or make_mail_port(settings.shared)
    jobs = Jobs(
        broker or make_broker(SERVICE, settings.shared.redis_url),
        JOBS,
        lambda: Database(settings.database),
        clock=clock,
    )

    async def send(mail_id: str) -> None:
        await mails.send(jobs.database, settings, port, clock, mail_id)

    jobs.add(mails.SEND, send, max_retries=8)
    return jobs


def main() -> None:
    settings = load(Settings)
    logging.configure("careers-worker", settings.shared.log_level)
    run_background(list, broker=make_jobs(settings).broker)


if __name__ == "__main__":
    main()
