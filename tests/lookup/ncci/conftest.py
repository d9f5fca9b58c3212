"""The official NCCI files loaded once for the run, and made-up editions in both layouts."""

import os
import zipfile
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
from ahead.lookup.ncci.service import Ncci
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

HEADER = "column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n"
WHY = "Misuse of Column Two code with Column One code"
PUBLISHED_HEAD = (
    "CPT only copyright 2025 American Medical Association.  All rights reserved.\r\n"
    "\t\t*=in existence\t\tDeletion\tModifier\t\r\n"
    "\t\tprior to 1996\tEffective\tDate\t0=not allowed\t\r\n"
    "\t\t\tDate\t*=no data\t1=allowed\t\r\n"
    "Column 1\tColumn 2\t\t\t\t9=not applicable\tPTP Edit Rationale\r\n"
)


def official_ncci() -> Path:
    """The folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "ncci"
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official NCCI files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official NCCI files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


class Official(NamedTuple):
    url: str
    releases: Path
    loaded: dict[str, Loaded]


@pytest.fixture(scope="session")
def ncci_folder() -> Path:
    return official_ncci()


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory, ncci_folder: Path) -> Official:
    """A database with the six official editions; don't write to it."""
    files = sorted(ncci_folder.iterdir())
    folder = tmp_path_factory.mktemp("ncci")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    loaded = CatalogLoader(url, folder / "releases").load(files).loaded
    return Official(url, folder / "releases", {one.system: one for one in loaded})


Opened = Callable[[str, Path], Ncci]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Ncci:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), source_names())
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Ncci(reader)

        yield open_one


@pytest.fixture
def real(official: Official, opened: Opened) -> Ncci:
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
        return list(CatalogLoader(self.url, self.releases).load(paths, options).loaded)

    def derived(self, *rows: str, name: str = "ptp_practitioner_2024-07-01.tsv") -> Path:
        return self.file(name, HEADER + "".join(f"{row}\t{WHY}\n" for row in rows))

    def published(self, parts: dict[int, list[str]], stem: str = "ccipra-v322r0") -> list[Path]:
        paths: list[Path] = []
        for number, rows in parts.items():
            path = self.folder / f"{stem}-f{number}.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                text = PUBLISHED_HEAD + "".join(f"{row}\t{WHY}\r\n" for row in rows)
                archive.writestr(f"{stem}-f{number}.TXT", text)
                archive.writestr(f"{stem}-f{number}.xlsx", b"PK not read")
            paths.append(path)
        return paths

    def ncci(self) -> Ncci:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)
