"""Recurring work: accounts never confirmed lapse, and what is no longer needed is forgotten."""

from datetime import timedelta

from ahead.accounts.mails.service import forget_old
from ahead.accounts.models import JOBS, OUTBOX
from ahead.accounts.parts import Parts
from ahead.accounts.registration.service import let_lapse
from ahead.accounts.repository import forget_networks
from ahead.accounts.sessions.service import forget_ended
from ahead.accounts.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db import outbox
from ahead.shared.settings import load
from ahead.shared.tasks.scheduler import Scheduler

# Long enough that any window a consumer may have lost can be replayed from the database.
KEEP_PUBLISHED = timedelta(days=45)


def scheduler_part(parts: Parts) -> Part:
    async def lapse() -> None:
        while await let_lapse(parts):
            pass

    async def forget() -> None:
        await forget_ended(parts)
        await forget_old(parts.database, parts.clock.now())
        async with parts.database.write() as session:
            await forget_networks(session, parts.clock.now().date())
            await outbox.prune(session, OUTBOX, JOBS, parts.clock.now() - KEEP_PUBLISHED)

    scheduler = Scheduler()
    scheduler.every(timedelta(minutes=15), "let unconfirmed accounts lapse", lapse)
    scheduler.every(timedelta(hours=1), "forget what is old", forget)
    return scheduler.run


def main() -> None:
    settings = load(Settings)
    logging.configure("accounts-scheduler", settings.shared.log_level)
    run_background(lambda: [scheduler_part(Parts.make(settings))])


if __name__ == "__main__":
    main()
