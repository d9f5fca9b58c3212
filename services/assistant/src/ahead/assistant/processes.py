"""What the program `ahead` prepares and runs for CasePilot.

The step imports what it needs when it runs: the program reads this module of every service, and shall stay quick.
"""

from ahead.shared.processes import Progress, Service, Step, background_process, web_process


def _migrate(_progress: Progress) -> None:
    from ahead.assistant.db import upgrade
    from ahead.assistant.settings import Settings
    from ahead.shared.settings import load

    upgrade(load(Settings))


SERVICE = Service(
    name="assistant",
    title="CasePilot",
    steps=(Step("Preparing the database of CasePilot", _migrate),),
    processes=(web_process("assistant"), background_process("assistant")),
)
