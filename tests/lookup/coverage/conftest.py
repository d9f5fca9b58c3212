"""Coverage: the official list and merged list loaded once for the run, and made-up exports on both databases."""

import csv
import io
import os
import zipfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ahead.lookup.catalog.loading.files import files_of
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.sources import Loaded, load_works
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.coverage.loading.source import CoverageSource
from ahead.lookup.coverage.service import Coverage
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.processes import no_progress


@pytest.fixture(scope="session")
def mcd_folder() -> Path:
    """The folder of the official files; skips where they are not."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here) / "mcd"
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the coverage files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the coverage files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


def load(url: str, releases: Path, *paths: Path, options: Options | None = None) -> list[Loaded]:
    options = options or Options()
    works = CoverageSource().claim([file for path in paths for file in files_of(path)], options)
    return load_works(url, releases, works, options, no_progress)


class Official(NamedTuple):
    url: str
    releases: Path
    loaded: dict[str, Loaded]


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory, mcd_folder: Path) -> Official:
    """A database with both official lists; don't write to it."""
    folder = tmp_path_factory.mktemp("mcd")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    loaded = load(url, folder / "releases", *sorted(mcd_folder.iterdir()))
    return Official(url, folder / "releases", {one.system: one for one in loaded})


Opened = Callable[[str, Path], Coverage]


@pytest.fixture
async def opened() -> AsyncGenerator[Opened]:
    async with AsyncExitStack() as stack:

        def open_one(url: str, releases: Path) -> Coverage:
            database = Database(url)
            catalog = Catalog(database, releases)
            reader = SourceReader(catalog, CatalogRepository(database, releases), dict(CoverageSource.names))
            for closing in (database.close, catalog.close, reader.close):
                stack.push_async_callback(closing)
            return Coverage(reader)

        yield open_one


@pytest.fixture
def real(official: Official, opened: Opened) -> Coverage:
    return opened(official.url, official.releases)


# Made up: no such documents, contractors or lists are published. The columns are the export's own.
DAY = "2031-05-01 00:00:00"
ARTICLES: dict[str, list[dict[str, str]]] = {
    "article": [
        {"article_id": "90001", "article_version": "3", "title": "Billing of &amp; made up, one",
         "article_eff_date": "2031-01-01 00:00:00", "article_end_date": "", "status": "A", "date_retired": "",
         "display_id": "A90001", "last_updated": "2031-04-01 00:00:00", "description": "<p>Made up\nwords</p>"},
        {"article_id": "90002", "article_version": "1", "title": "Billing of made up, two lists",
         "article_eff_date": "2031-02-01 00:00:00", "article_end_date": "", "status": "A", "date_retired": "",
         "display_id": "A90002", "last_updated": DAY, "description": ""},
        {"article_id": "90003", "article_version": "1", "title": "Billing of made up, by words",
         "article_eff_date": "2031-01-01 00:00:00", "article_end_date": "", "status": "A", "date_retired": "",
         "display_id": "A90003", "last_updated": DAY, "description": ""},
        {"article_id": "90004", "article_version": "9", "title": "Not in force yet",
         "article_eff_date": "2031-06-01 00:00:00", "article_end_date": "", "status": "F", "date_retired": "",
         "display_id": "A90004", "last_updated": DAY, "description": ""},
    ],
    "article_x_hcpc_code": [
        {"article_id": a, "article_version": v, "hcpc_code_id": code, "hcpc_code_group": group, "range": "",
         "long_description": "made up", "short_description": "made up"}
        for a, v, code, group in (
            ("90001", "3", "10021", "1"), ("90001", "3", "J9999", "1"), ("90002", "1", "10022", "1"),
            ("90002", "1", "10023", "2"), ("90003", "1", "10024", "1"), ("90004", "9", "10021", "1"),
            ("99999", "1", "10021", "1"),
        )
    ],
    "article_x_hcpc_code_group": [
        {"article_id": "90002", "article_version": "1", "hcpc_code_group": "1", "paragraph": "<p>Made up</p>"}
    ],
    "article_x_icd10_covered": [
        {"article_id": a, "article_version": v, "icd10_code_id": code, "icd10_covered_group": group, "range": "",
         "description": "made up", "asterisk": mark, "sort_order": "1"}
        for a, v, code, group, mark in (
            ("90001", "3", "M17.11", "1", ""), ("90001", "3", "E11.9", "1", ""), ("90002", "1", "M17.11", "1", ""),
            ("90002", "1", "I10", "2", ""), ("90003", "1", "XX000", "1", ""),
        )
    ],
    "article_x_icd10_covered_group": [
        {"article_id": "90002", "article_version": "1", "icd10_covered_group": "1",
         "paragraph": "<p>For the codes of &lt;Group 1&gt; only</p>", "icd10_covered_ast": ""}
    ],
    "article_x_icd10_noncovered": [
        {"article_id": "90001", "article_version": "3", "icd10_code_id": "Z00.00", "icd10_noncovered_group": "1",
         "range": "", "description": "made up", "sort_order": "1"}
    ],
    "article_x_contractor": [
        {"article_id": a, "article_version": v, "contractor_id": c, "contractor_type_id": "9",
         "contractor_version": "1"}
        for a, v, c in (("90001", "3", "1"), ("90001", "3", "2"), ("90002", "1", "3"), ("90003", "1", "1"))
    ],
    "contractor": [
        {"contractor_id": c, "contractor_type_id": "9", "contractor_version": "1", "contractor_bus_name": name}
        for c, name in (("1", "Made-up Solutions, Inc."), ("2", "Made-up Solutions, Inc."), ("3", "Other, LLC"))
    ],
    "contractor_jurisdiction": [
        {"contractor_id": c, "contractor_type_id": "9", "contractor_version": "1", "state_id": s, "active_date": DAY,
         "term_date": end}
        for c, s, end in (("1", "1", ""), ("2", "2", ""), ("3", "3", ""), ("3", "1", DAY))
    ],
    "contractor_type_lookup": [{"contractor_type_id": "9", "description": "MAC - Part B"}],
    "state_lookup": [
        {"state_id": s, "state_abbrev": abbrev, "description": "made up"}
        for s, abbrev in (("1", "AK"), ("2", "AZ"), ("3", "TX"))
    ],
    "article_related_documents": [
        {"article_id": "90001", "article_version": "3", "related_num": "1", "r_article_id": "", "r_article_version": "",
         "r_lcd_id": "80001", "r_lcd_version": "4", "r_contractor_id": "1"}
    ],
}  # fmt: skip
NCDS: dict[str, list[dict[str, str]]] = {
    "ncd_trkg": [
        {"NCD_id": "7", "NCD_vrsn_num": "2", "NCD_mnl_sect": "999.1", "NCD_mnl_sect_title": "Made up",
         "NCD_efctv_dt": "2030-01-01 00:00:00", "NCD_trmntn_dt": "", "last_updt_tmstmp": DAY, "itm_srvc_desc": "-"}
    ]
}  # fmt: skip


def as_csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class Made:
    """Writes and loads made-up exports."""

    def __init__(self, url: str, folder: Path, opened: Opened) -> None:
        self.url, self.folder, self.releases, self._opened = url, folder, folder / "releases", opened

    def export(
        self, tables: dict[str, list[dict[str, str]]], name: str = "current_article", *, nested: bool = True
    ) -> Path:
        """The zip that CMS publishes: a zip of the CSV files beside a database and a dictionary."""
        inner = io.BytesIO()
        path = self.folder / f"{name}.zip"
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
            for table, rows in tables.items():
                archive.writestr(f"{table}.csv", as_csv(rows).encode("cp1252"))
        if not nested:
            path.write_bytes(inner.getvalue())
            return path
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as outer:
            outer.writestr(f"{name}_csv.zip", inner.getvalue())
            outer.writestr(f"{name}.mdb", b"\0not read")
        return path

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *paths: Path, options: Options | None = None) -> list[Loaded]:
        return load(self.url, self.releases, *paths, options=options)

    def coverage(self) -> Coverage:
        return self._opened(self.url, self.releases)


@pytest.fixture
def made(database_url: str, tmp_path: Path, opened: Opened) -> Made:
    migrations.upgrade(database_url, MIGRATIONS)
    return Made(database_url, tmp_path, opened)


@pytest.fixture
def tables() -> dict[str, Any]:
    return {name: [dict(row) for row in rows] for name, rows in ARTICLES.items()}
