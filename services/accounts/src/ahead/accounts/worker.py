"""The worker: sends mails. A process of its own, and a part of the background process."""

from dramatiq import Broker

from ahead.accounts.keybox import KeyBox
from ahead.accounts.mails import service as mails
from ahead.accounts.models import JOBS
from ahead.accounts.settings import SERVICE, Settings
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
    """The jobs of accounts, with what they need. Nothing connects here."""
    clock = clock or SystemClock()
    keybox = KeyBox(settings.checked_key_secret)
    port = port or make_mail_port(settings.shared)
    jobs = Jobs(
        broker or make_broker(SERVICE, settings.shared.redis_url),
        JOBS,
        lambda: Database(settings.database),
        clock=clock,
    )

    def mailer() -> mails.Mailer:
        return mails.Mailer(settings, jobs.database, keybox, port, clock)

    async def registered(account_id: str, step: str) -> None:
        await mailer().registered(account_id, step)

    async def reset(address: str, step: str) -> None:
        await mailer().reset(address, step)

    async def notice(kind: str, account_id: str | None, address: str, step: str) -> None:
        await mailer().notice(kind, account_id, address, step)

    for name, handler in ((mails.REGISTERED, registered), (mails.RESET, reset), (mails.NOTICE, notice)):
        jobs.add(name, handler, max_retries=8)
    return jobs


def main() -> None:
    settings = load(Settings)
    logging.configure("accounts-worker", settings.shared.log_level)
    run_background(list, broker=make_jobs(settings).broker)


if __name__ == "__main__":
    main()
