"""The official HCPCS files loaded once for the run, and made-up editions in each layout."""

import os
import textwrap
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
from ahead.lookup.hcpcs.service import Hcpcs
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database


def official_folder(part: str) -> Path:
    """A folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / part
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


class Official(NamedTuple):
    url: str
    releases: Path
    loaded: tuple[Loaded, ...]


@pytest.fixture(scope="session")
def hcpcs_folder() -> Path:
    return official_folder("hcpcs")


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    return official_folder("reference")


@pytest.fixture(scope="session")
def official(
    tmp_path_factory: pytest.TempPathFactory, hcpcs_folder: Path, reference_folder: Path
) -> Official:
    """A database with every official file of HCPCS and the lists beside it; don't write to it."""
    folder = tmp_path_factory.mktemp("hcpcs")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    files = [*sorted(hcpcs_folder.iterdir()), *sorted(reference_folder.iterdir())]
    outcome = CatalogLoader(url, folder / "releases").load(files)
    assert not outcome.left_out
    return Official(url, folder / "releases", outcome.loaded)


class Held(NamedTuple):
    catalog: Catalog
    hcpcs: Hcpcs


Opened = Callable[[str, Path], Held]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Held:
            database = Database(url)
            catalog = Catalog(database, releases)
            repository = CatalogRepository(database, releases)
            for closing in (database.close, catalog.close, repository.close):
                stack.push_async_callback(closing)
            return Held(catalog, Hcpcs(SourceReader(catalog, repository, source_names())))

        yield open_one


@pytest.fixture
def real(official: Official, opened: Opened) -> Held:
    return opened(official.url, official.releases)


class Made:
    """Loads made-up files and asks about them."""

    def __init__(self, url: str, folder: Path, opened: Opened) -> None:
        self.url, self.folder, self.releases, self._opened = url, folder, folder / "releases", opened

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, options: Options | None = None) -> tuple[Loaded, ...]:
        return CatalogLoader(self.url, self.releases).load(paths, options).loaded

    def held(self) -> Held:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)


@pytest.fixture
def small(tmp_path: Path, opened: Opened) -> Made:
    """As `made`, on SQLite only: for what doesn't depend on the database."""
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    return Made(url, tmp_path, opened)


def record(key: str, text: str, short: str = "Made up", **at: str) -> str:
    """Lines of the ANWEB text for one code or modifier, by the published places; its text goes on where it must."""
    kinds = "78" if len(key) == 2 else "34"
    places = {"pricing": 120, "multiple": 128, "coverage": 230, "betos": 257, "tos": 261, "units": 266,
              "added": 269, "acted": 277, "ended": 285, "action": 293, "xref": 205, "lab": 181}  # fmt: skip
    values = {"coverage": "C", "added": "20200101", "acted": "20200101", "action": "N", "units": "  0"} | at
    pieces = textwrap.wrap(text, 80) or [""]
    lines: list[str] = []
    for number, piece in enumerate(pieces):
        line = list(f"{key:>5}{(number + 1) * 100:05d}{kinds[min(number, 1)]}{piece}".ljust(320))
        if number == 0:
            line[91:119] = short.ljust(28)
            for name, value in values.items():
                start = places[name] - 1
                line[start : start + len(value)] = value
        lines.append("".join(line))
    return "".join(f"{line}\r\n" for line in lines)
