"""The worker: reads, answers, sends. A process of its own, and a part of the background process."""

from datetime import timedelta
from pathlib import Path

from dramatiq import Broker

from ahead.consultant.inquiries.answering import Answerer
from ahead.consultant.inquiries.service import ANSWER, Reader
from ahead.consultant.inquiries.steps import SEND
from ahead.consultant.intake.authentication import Authenticator
from ahead.consultant.intake.dns import Dns, Resolver, ZoneFile
from ahead.consultant.intake.service import PROCESS
from ahead.consultant.linking.service import LINK, LinkMailer
from ahead.consultant.models import JOBS
from ahead.consultant.parts import Parts
from ahead.consultant.sending.service import Sender
from ahead.consultant.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.background import run_background
from ahead.shared.clock import Clock
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
    client: ServiceClient | None = None,
    dns: Dns | None = None,
    clock: Clock | None = None,
) -> Jobs:
    """The jobs of CaseConsultant, with what they need. Nothing connects here."""
    port = port or make_mail_port(settings.shared)
    jobs = Jobs(
        broker or make_broker(SERVICE, settings.shared.redis_url),
        JOBS,
        lambda: Database(settings.database),
        clock=clock,
    )
    if dns is None:
        dns = ZoneFile.read(Path(settings.dns_zone_file)) if settings.dns_zone_file else Resolver()
    authenticator = Authenticator(dns, trusted_relay=settings.trusted_relay, verified_peers=settings.peers)

    def parts() -> Parts:
        return Parts.make(settings, database=jobs.database, clock=clock)

    async def process(mail: str) -> None:
        await Reader(parts(), authenticator).process(mail)

    async def answer(entry: str, inquiry: str) -> None:
        if client is not None:
            await Answerer(parts(), client).answer(entry, inquiry)
            return
        async with parts().client() as own:
            await Answerer(parts(), own).answer(entry, inquiry)

    async def send(step: str) -> None:
        await Sender(parts(), port).send(step)

    async def link(sealed: str, account: str, step: str) -> None:
        await LinkMailer(parts(), port).send(sealed, account, step)

    jobs.add(LINK, link, max_retries=8)
    jobs.add(PROCESS, process, max_retries=8)
    # Several questions to the assistant, each with a time of its own.
    jobs.add(ANSWER, answer, max_retries=8, time_limit=timedelta(minutes=5))
    hand_over = timedelta(seconds=settings.hand_over_s) + timedelta(seconds=30)
    jobs.add(SEND, send, max_retries=8, time_limit=hand_over)
    return jobs


def main() -> None:
    settings = load(Settings)
    logging.configure("consultant-worker", settings.shared.log_level)
    run_background(list, broker=make_jobs(settings).broker)


if __name__ == "__main__":
    main()
