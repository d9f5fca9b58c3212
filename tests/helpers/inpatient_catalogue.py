"""Fixtures: catalogues with the official and with made-up inpatient tables, and readers of them."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from inpatient_files import official, write_all

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.msdrg.native import NativeGrouper
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database


class Held(NamedTuple):
    url: str
    releases: Path
    loaded: tuple[Loaded, ...]


Open = Callable[[str, Path], SourceReader]


@pytest.fixture(scope="session")
def official_inpatient(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A database with the official tables; don't write to it."""
    files = [
        official("msdrg", "ipps-fy2026-tables.zip"),
        official("msdrg", "msdrg-v40-appendix-a.txt"),
        official("mce", "MCE_Simple_Code_Edits_v37.txt"),
    ]
    folder = tmp_path_factory.mktemp("inpatient")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    loaded = CatalogLoader(url, folder / "releases").load(files).loaded
    return Held(url, folder / "releases", tuple(loaded))


@pytest.fixture
async def open_reader() -> AsyncGenerator[Open]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> SourceReader:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return reader

        yield open_one


@pytest.fixture
def official_reader(official_inpatient: Held, open_reader: Open) -> SourceReader:
    return open_reader(official_inpatient.url, official_inpatient.releases)


class Made:
    """Loads made-up files and opens what was loaded."""

    def __init__(self, url: str, folder: Path, open_reader: Open) -> None:
        self.url, self.folder, self.releases, self._open = url, folder, folder / "releases", open_reader

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode("cp1252") if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, options: Options | None = None) -> list[Loaded]:
        return list(CatalogLoader(self.url, self.releases).load(paths, options).loaded)

    def load_all(self) -> list[Loaded]:
        return self.load(*write_all(self.folder / "files"))

    def reader(self) -> SourceReader:
        return self._open(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, open_reader: Open) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, open_reader)


@pytest.fixture
def made_here(sqlite_url: str, tmp_path: Path, open_reader: Open) -> Made:
    """On SQLite only: for what doesn't depend on the database."""
    migrations.upgrade(sqlite_url, MIGRATIONS)
    return Made(sqlite_url, tmp_path, open_reader)


@pytest.fixture(scope="session")
def grouper() -> Generator[NativeGrouper]:
    native = NativeGrouper()
    yield native
    native.close()
