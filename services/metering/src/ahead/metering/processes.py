"""What the program `ahead` prepares and runs for metering."""

from ahead.shared.processes import Progress, Service, Step, background_process, web_process


def _migrate(_progress: Progress) -> None:
    # Imported here: the program reads this module of every service, and shall stay quick.
    from ahead.metering.db import upgrade
    from ahead.metering.settings import Settings
    from ahead.shared.settings import load

    upgrade(load(Settings))


SERVICE = Service(
    name="metering",
    title="Metering",
    steps=(Step("Preparing the database of metering", _migrate),),
    processes=(web_process("metering"), background_process("metering")),
    exposed=False,
    secrets=("AHEAD_METERING_ERASURE_KEY",),
)
