"""The official ICD-9-CM titles loaded once for the run, and made-up workbooks of their form."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

HEADER = ("DIAGNOSIS CODE", "LONG DESCRIPTION", "SHORT DESCRIPTION")
# Made up: titles of no edition.
ROWS = (
    ("0010", "Made-up fever due to chance", "Made-up fever"),
    ("0019", "Made-up fever, unspecified", "Made-up fever NOS"),
    ("042", "Made-up illness", "Made-up ill"),
    ("25000", "Made-up sweetness, of the left kind", "Sweet left"),
    ("25001", "Made-up sweetness, of the right kind", "Sweet right"),
    ("E8120", "Made-up collision injuring driver", "Collision"),
    ("V1011", "Made-up history", "History"),
)


@pytest.fixture(scope="session")
def titles_file() -> Path:
    """The official workbook; skips where it is not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    path = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "icd9cm" / "CMS32_DESC_LONG_SHORT_DX.xlsx"
    if not path.is_file():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official ICD-9-CM file is not there (AHEAD_OFFICIAL_DATA): {path}")
        pytest.skip("the official ICD-9-CM file is not on this machine (AHEAD_OFFICIAL_DATA)")
    return path


Held = Callable[..., Catalog]


@pytest.fixture
async def held(tmp_path: Path) -> AsyncGenerator[Held]:
    """Loads files into a database and opens its catalogue."""
    async with AsyncExitStack() as stack:

        def load(*paths: Path, url: str = "") -> Catalog:
            url = url or f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
            migrations.upgrade(url, MIGRATIONS)
            CatalogLoader(url, tmp_path / "releases").load(paths)
            database = Database(url)
            catalog = Catalog(database, tmp_path / "releases")
            stack.push_async_callback(database.close)
            stack.push_async_callback(catalog.close)
            return catalog

        yield load


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def make(
        *rows: tuple[Any, ...], header: tuple[str, ...] = HEADER, name: str = "CMS32_made_up.xlsx"
    ) -> Path:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in (header, *(rows or ROWS)):
            sheet.append(list[Any](row))
        path = tmp_path / name
        book.save(path)
        return path

    return make
