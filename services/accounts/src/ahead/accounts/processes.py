"""What the program `ahead` prepares and runs for accounts."""

import asyncio

from ahead.accounts.db import upgrade
from ahead.accounts.parts import Parts
from ahead.accounts.settings import SERVICE as NAME
from ahead.accounts.settings import Settings
from ahead.accounts.signing.service import ensure_key
from ahead.shared.processes import Progress, Service, Step, background_process, web_process
from ahead.shared.settings import load


def prepare(progress: Progress) -> None:
    """Bring the database up to date and make the first signing key."""
    settings = load(Settings)
    progress(0.0, "Preparing the accounts database")
    upgrade(settings)
    progress(0.8, "Making the signing key")
    asyncio.run(_first_key(settings))
    progress(1.0, "Accounts are ready")


async def _first_key(settings: Settings) -> None:
    parts = Parts.make(settings)
    try:
        async with parts.database.write() as session:
            await ensure_key(session, parts.keybox, parts.clock.now())
    finally:
        await parts.close()


SERVICE = Service(
    name=NAME,
    title="Accounts",
    steps=(Step("Preparing accounts", prepare),),
    processes=(web_process(NAME), background_process(NAME)),
    secrets=("AHEAD_ACCOUNTS_KEY_SECRET", "AHEAD_*_SERVICE_KEY"),
)
