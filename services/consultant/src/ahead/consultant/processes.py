"""What the program `ahead` prepares and runs for CaseConsultant."""

from ahead.shared.processes import Progress, Service, Step, background_process, web_process


def _migrate(_progress: Progress) -> None:
    # Imported here: the program reads this module of every service, and shall stay quick.
    from ahead.consultant.db import upgrade
    from ahead.consultant.settings import Settings
    from ahead.shared.settings import load

    upgrade(load(Settings))


SERVICE = Service(
    name="consultant",
    title="CaseConsultant",
    steps=(Step("Preparing the database of CaseConsultant", _migrate),),
    processes=(web_process("consultant"), background_process("consultant")),
    secrets=("AHEAD_CONSULTANT_KEY_SECRET",),
)
