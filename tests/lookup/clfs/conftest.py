"""Laboratory rates: the official list, and made-up files on both databases."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.files import files_of
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.sources import Loaded, load_works
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.clfs.loading.source import LabSource
from ahead.lookup.clfs.service import Laboratory
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.processes import no_progress


@pytest.fixture(scope="session")
def rates_file() -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    path = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "clfs" / "clfs-2026q2-rates-derived.csv"
    if not path.is_file():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the laboratory rates are not there (AHEAD_OFFICIAL_DATA): {path}")
        pytest.skip("the laboratory rates are not on this machine (AHEAD_OFFICIAL_DATA)")
    return path


Opened = Callable[[str, Path], Laboratory]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Laboratory:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), dict(LabSource.names))
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Laboratory(reader)

        yield open_one


class Made:
    def __init__(self, url: str, folder: Path, opened: Opened) -> None:
        self.url, self.folder, self.releases, self._opened = url, folder, folder / "releases", opened

    def load(self, name: str, content: str | bytes) -> list[Loaded]:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.load_path(path)

    def load_path(self, path: Path) -> list[Loaded]:
        options = Options()
        works = LabSource().claim(files_of(path), options)
        return load_works(self.url, self.releases, works, options, no_progress)

    def laboratory(self) -> Laboratory:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)
