"""The official mappings loaded once for the run, and made-up ones."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.gems.service import Crosswalks
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database


@pytest.fixture(scope="session")
def official_data() -> Path:
    """The folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here)
    if not (folder / "gems").is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official mappings are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official mappings are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


@pytest.fixture(scope="session")
def loaded_gems(tmp_path_factory: pytest.TempPathFactory, official_data: Path) -> Path:
    """A folder with a database of the mappings, ICD-9-CM and the conversion table; don't write to it."""
    folder = tmp_path_factory.mktemp("gems")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    names = (
        "gems/dxgem-2018.zip",
        "icd9cm/CMS32_DESC_LONG_SHORT_DX.xlsx",
        "icd10cm/icd10cm-conversion-table-2026.xlsx",
    )
    CatalogLoader(url, folder / "releases").load([official_data / name for name in names])
    return folder


Opened = Callable[[str, Path], Crosswalks]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Crosswalks:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Crosswalks(reader)

        yield open_one


@pytest.fixture
def real(loaded_gems: Path, opened: Opened) -> Crosswalks:
    return opened(f"sqlite+aiosqlite:///{loaded_gems}/lookup.db", loaded_gems / "releases")


# Made up: these pairs are of no edition.
FROM_ICD9 = (
    "0010  A000    00000\r\n"
    "2500  E119    10000\r\n"
    "2500  E139    10000\r\n"
    "2501  E119    10111\r\n"
    "2501  E139    10111\r\n"
    "2501  Z794    10112\r\n"
    "2501  R739    10121\r\n"
    "2501  Z794    10122\r\n"
    "E8000 NoDx    11000\r\n"
)
FROM_ICD10 = "A000    0010  00000\r\nE119    2500  10000\r\nR29700  NoDx  11000\r\nS0000XA v5889 10000\r\n"


@pytest.fixture
def made_up(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "made"
    folder.mkdir()
    paths = [folder / "2018_I9gem.txt", folder / "2018_I10gem.txt"]
    for path, content in zip(paths, (FROM_ICD9, FROM_ICD10), strict=True):
        path.write_bytes(content.encode())
    return paths


@pytest.fixture
def made(database_url: str, tmp_path: Path, made_up: list[Path], opened: Opened) -> Crosswalks:
    """Made-up mappings on each database in turn."""
    migrations.upgrade(database_url, MIGRATIONS)
    CatalogLoader(database_url, tmp_path / "releases").load(made_up)
    return opened(database_url, tmp_path / "releases")
