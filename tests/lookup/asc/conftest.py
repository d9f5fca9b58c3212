"""The official addenda loaded once for the run, and made-up quarters."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from ahead.lookup.asc.loading.source import AscSource
from ahead.lookup.asc.service import Asc
from ahead.lookup.catalog.loading.files import files_of
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.sources import Loaded, load_works
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.processes import no_progress

from .made_quarters import AA, AA_ROWS, BB, BB_ROWS, EE, EE_ROWS, FF, FF_ROWS, WAGES


def official(name: str) -> Path:
    """A folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / name
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official {name} files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip(f"the official {name} files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


@pytest.fixture(scope="session")
def archive() -> Path:
    return official("asc") / "asc-addenda-2025-2026.zip"


class Official(NamedTuple):
    url: str
    releases: Path
    loaded: list[Loaded]


def load(url: str, releases: Path, *paths: Path, options: Options | None = None) -> list[Loaded]:
    options = options or Options()
    works = AscSource().claim([file for path in paths for file in files_of(path)], options)
    return load_works(url, releases, works, options, no_progress)


@pytest.fixture(scope="session")
def official_asc(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> Official:
    """A database with the official quarters; don't write to it."""
    folder = tmp_path_factory.mktemp("asc")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    return Official(url, folder / "releases", load(url, folder / "releases", archive))


Opened = Callable[[str, Path], Asc]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Asc:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), dict(AscSource.names))
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Asc(reader)

        yield open_one


@pytest.fixture
def real(official_asc: Official, opened: Opened) -> Asc:
    return opened(official_asc.url, official_asc.releases)


class Made:
    """Writes and loads made-up quarters."""

    def __init__(self, url: str, folder: Path, opened: Opened) -> None:
        self.url, self.folder, self.releases, self._opened = url, folder, folder / "releases", opened

    def quarter(self, quarter: str = "January 2031", **changed: str) -> list[Path]:
        year = quarter.split()[1]
        folder = self.folder / quarter.replace(" ", "")
        folder.mkdir(exist_ok=True)
        parts = {"AA": AA + AA_ROWS, "BB": BB + BB_ROWS, "EE": EE + EE_ROWS, "FF": FF + FF_ROWS}
        paths: list[Path] = []
        for name, text in parts.items():
            text = changed.get(name, text.format(year=year, quarter=quarter))
            if not text:
                continue
            paths.append(folder / f"{name}.csv")
            paths[-1].write_bytes(text.encode())
        return paths

    def wages(self, year: int = 2031, text: str = WAGES) -> Path:
        path = self.folder / f"wage_index_{year}.csv"
        path.write_text(text.format(short=str(year)[2:]))
        return path

    def load(self, *paths: Path, options: Options | None = None) -> list[Loaded]:
        return load(self.url, self.releases, *paths, options=options)

    def asc(self) -> Asc:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)
