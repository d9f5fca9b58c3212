"""What the program `ahead` prepares and runs for Case2Code.

The steps import what they need when they run: the program reads this module of every service, and shall stay
quick.
"""

from ahead.shared.processes import Progress, Service, Step, background_process, web_process


def _migrate(_progress: Progress) -> None:
    from ahead.lookup.db import upgrade
    from ahead.lookup.settings import Settings
    from ahead.shared.settings import load

    upgrade(load(Settings))


def _load(progress: Progress) -> None:
    from ahead.lookup.catalog.loading.default import load_default_catalogue
    from ahead.lookup.settings import Settings
    from ahead.shared.settings import load

    load_default_catalogue(load(Settings), progress)


def _index(progress: Progress) -> None:
    from ahead.lookup.search.building import begin_index
    from ahead.lookup.settings import Settings
    from ahead.shared.settings import load

    begin_index(load(Settings), progress)


SERVICE = Service(
    name="lookup",
    title="Case2Code",
    steps=(
        Step("Preparing the database of Case2Code", _migrate),
        Step("Loading ICD-10-CM", _load),
        Step("Building the search index", _index),
    ),
    processes=(web_process("lookup"), background_process("lookup")),
)
