"""The official fee schedule loaded once for the run, and made-up editions (they say so) in both layouts."""

import os
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.loading.sources import Loaded
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.pfs.kinds import NAMES
from ahead.lookup.pfs.service import Pfs
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database


@pytest.fixture(scope="session")
def pfs_folder() -> Path:
    """The folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "pfs"
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official fee schedule is not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official fee schedule is not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


class Official(NamedTuple):
    url: str
    releases: Path
    loaded: dict[str, Loaded]


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory, pfs_folder: Path) -> Official:
    """A database with the six official files; don't write to it."""
    folder = tmp_path_factory.mktemp("pfs")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    outcome = CatalogLoader(url, folder / "releases").load(sorted(pfs_folder.iterdir()))
    return Official(
        url, folder / "releases", {one.system: one for one in outcome.loaded if one.system in NAMES}
    )


Opened = Callable[[str, Path], Pfs]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Pfs:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Pfs(reader)

        yield open_one


@pytest.fixture
def real(official: Official, opened: Opened) -> Pfs:
    return opened(official.url, official.releases)


class Made:
    """Loads made-up files and asks about them."""

    def __init__(self, url: str, folder: Path, opened: Opened) -> None:
        self.url, self.folder, self.releases, self._opened = url, folder, folder / "releases", opened

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, options: Options | None = None) -> list[Loaded]:
        """What was loaded of the fee schedule: other sources may read the same files too."""
        outcome = CatalogLoader(self.url, self.releases).load(paths, options)
        return [one for one in outcome.loaded if one.system in NAMES]

    def pfs(self) -> Pfs:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    """On each engine in turn."""
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy."""
    path = tmp_path_factory.mktemp("pfs-empty") / "test.db"
    migrations.upgrade(f"sqlite+aiosqlite:///{path}", MIGRATIONS)
    return path


@pytest.fixture
def made_here(migrated: Path, tmp_path: Path, opened: Opened) -> Made:
    """On SQLite only, for what doesn't touch SQL."""
    shutil.copy(migrated, tmp_path / "test.db")
    return Made(f"sqlite+aiosqlite:///{tmp_path}/test.db", tmp_path, opened)
