"""CPT in the layouts of its owner, with invented descriptions: no text of CPT is in these files."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options, Statement
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.cpt.service import Cpt, Titles
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

NOTICE = (
    "Made-up notice in the place of the owner's.\r\n\r\n"
    "These lines are invented for a test; a real file names the American Medical Association here.\r\n\r\n"
)
SHORT = (
    NOTICE + "00100 INVENTED FOR A TEST A\r\n99213 INVENTED FOR A TEST B\r\n0075T INVENTED FOR A TEST C\r\n"
)
MEDIUM = (
    NOTICE
    + "00100 INVENTED MEDIUM DESCRIPTION FOR A TEST A\r\n99213 INVENTED MEDIUM DESCRIPTION FOR A TEST B\r\n"
)
LONG = NOTICE + (
    "00100\tInvented long description for a test, first code, of no procedure at all\r\n"
    "99213\tInvented long description for a test, second code, zebrafish\r\n"
)
CONSUMER = (
    "Concept Id\tCPT Code\tConsumer Friendly Descriptor\r\n"
    "1\t00100\tInvented words for patients\r\n2\t99213\tInvented words for patients, second code\r\n"
)
CLINICIAN = (
    "Concept Id\tCPT Code\tClinician Descriptor Id\tClinician Descriptor\r\n"
    "1\t00100\t11\tInvented words for clinicians\r\n1\t00100\t12\tMore invented words for clinicians\r\n"
)
FILES = {
    "SHORTU.txt": SHORT,
    "MEDU.txt": MEDIUM,
    "LONGULT.txt": LONG,
    "ConsumerDescriptor.txt": CONSUMER,
    "ClinicianDescriptor.txt": CLINICIAN,
}
HOLDER = Statement("Made-up Clinic", "a tester")


def fee_schedule() -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    path = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "pfs" / "PPRRVU2025_Oct.csv"
    if not path.is_file():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official file is not there (AHEAD_OFFICIAL_DATA): {path}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return path


class Held(NamedTuple):
    catalog: Catalog
    cpt: Cpt
    database: Database


class Made:
    """Loads files and asks about them."""

    def __init__(self, url: str, folder: Path, stack: AsyncExitStack) -> None:
        self.url, self.folder, self.releases, self._stack = url, folder, folder / "releases", stack

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, options: Options | None = None) -> tuple[Loaded, ...]:
        return CatalogLoader(self.url, self.releases).load(paths, options).loaded

    def held(self, titles: Titles = "accounts") -> Held:
        database = Database(self.url)
        catalog = Catalog(database, self.releases)
        repository = CatalogRepository(database, self.releases)
        for closing in (database.close, catalog.close, repository.close):
            self._stack.push_async_callback(closing)
        return Held(catalog, Cpt(SourceReader(catalog, repository, source_names()), titles), database)


@pytest.fixture
async def made_with() -> AsyncGenerator[Callable[[str, Path], Made]]:
    async with AsyncExitStack() as stack:

        def make(url: str, folder: Path) -> Made:
            migrations.upgrade(url, MIGRATIONS)
            return Made(url, folder, stack)

        yield make


@pytest.fixture
def made(made_with: Callable[[str, Path], Made], database_url: str, tmp_path: Path) -> Made:
    return made_with(database_url, tmp_path)


@pytest.fixture
def small(made_with: Callable[[str, Path], Made], tmp_path: Path) -> Made:
    """On SQLite only: for what doesn't depend on the database."""
    return made_with(f"sqlite+aiosqlite:///{tmp_path}/lookup.db", tmp_path)
