"""What the program `ahead` prepares and runs for CareerCenter.

The steps import what they need when they run: the program reads this module of every service, and shall stay
quick.
"""

from ahead.shared.processes import Progress, Service, Step, background_process, web_process


def _migrate(_progress: Progress) -> None:
    from ahead.careers.db import upgrade
    from ahead.careers.settings import Settings
    from ahead.shared.settings import load

    upgrade(load(Settings))


def _index(progress: Progress) -> None:
    from ahead.careers.board.building import build_index
    from ahead.careers.settings import Settings
    from ahead.shared.settings import load

    build_index(load(Settings), progress, force=False)


SERVICE = Service(
    name="careers",
    title="CareerCenter",
    steps=(
        Step("Preparing the database of CareerCenter", _migrate),
        Step("Building the index of jobs", _index),
    ),
    processes=(web_process("careers"), background_process("careers")),
)
