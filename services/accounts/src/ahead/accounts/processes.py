"""What the program `ahead` prepares and runs for accounts.

The step imports what it needs when it runs: the program reads this module of every service, and shall stay quick.
"""

from ahead.shared.processes import Progress, Service, Step, background_process, web_process

NAME = "accounts"


def prepare(progress: Progress) -> None:
    """Bring the database up to date and make the first signing key."""
    import asyncio

    from ahead.accounts.db import upgrade
    from ahead.accounts.settings import Settings
    from ahead.accounts.signing.first_key import ensure_first_key
    from ahead.shared.settings import load

    settings = load(Settings)
    progress(0.0, "Preparing the accounts database")
    upgrade(settings)
    progress(0.8, "Making the signing key")
    asyncio.run(ensure_first_key(settings))
    progress(1.0, "Accounts are ready")


SERVICE = Service(
    name=NAME,
    title="Accounts",
    steps=(Step("Preparing accounts", prepare),),
    processes=(web_process(NAME), background_process(NAME)),
    secrets=("AHEAD_ACCOUNTS_KEY_SECRET", "AHEAD_*_SERVICE_KEY"),
)
