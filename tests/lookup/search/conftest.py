"""The real ICD-10-CM, indexed once per engine for the run."""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from ahead.lookup.catalog.loading.registry import source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS, open_database
from ahead.lookup.search.building import build_index
from ahead.lookup.search.code_queries import CodeQueries
from ahead.lookup.search.documents import SCHEMA
from ahead.lookup.search.doors import SearchDoors
from ahead.lookup.search.finding import finders_of
from ahead.lookup.search.models import CODE_USES
from ahead.lookup.search.service import CodeSearch
from ahead.lookup.search.use import Uses
from ahead.lookup.settings import Settings
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.search.meilisearch import MeilisearchEngine
from ahead.shared.search.rebuild import open_engine
from ahead.shared.settings import SharedSettings, load
from ahead.shared.testing.meilisearch_server import MeilisearchServer


@pytest.fixture(scope="session")
def indexed_data(loaded_data: Path) -> Path:
    """The data folder with its Tantivy index. Searches only read it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_DATA", str(loaded_data))
        build_index(load(Settings))
    return loaded_data


@pytest.fixture(scope="session")
def meilisearch_with_codes(loaded_data: Path, meilisearch_server: MeilisearchServer) -> MeilisearchServer:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_DATA", str(loaded_data))
        patch.setenv("AHEAD_MEILISEARCH_URL", meilisearch_server.url)
        patch.setenv("AHEAD_MEILISEARCH_KEY", meilisearch_server.master_key)
        build_index(load(Settings))
    return meilisearch_server


@pytest.fixture(params=["tantivy", "meilisearch"])
def search_settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Settings:
    data: Path = request.getfixturevalue("indexed_data")
    monkeypatch.setenv("AHEAD_DATA", str(data))
    if request.param == "meilisearch":
        server: MeilisearchServer = request.getfixturevalue("meilisearch_with_codes")
        monkeypatch.setenv("AHEAD_MEILISEARCH_URL", server.url)
        monkeypatch.setenv("AHEAD_MEILISEARCH_KEY", server.master_key)
    settings = load(Settings)
    assert settings.shared.engine == request.param
    return settings


@pytest.fixture
async def code_search(search_settings: Settings) -> AsyncGenerator[CodeSearch]:
    """The search over each real engine in turn."""
    async with opened(search_settings) as search:
        yield search


@asynccontextmanager
async def opened(
    settings: Settings, shared: SharedSettings | None = None, uses: Uses | None = None
) -> AsyncIterator[CodeSearch]:
    database = open_database(settings)
    catalog = Catalog(database, settings.releases_dir)
    shared = shared or settings.shared
    # Meilisearch alone, so that no answer of Tantivy's passes for one of its own.
    alone = shared.engine == "meilisearch"
    engine = (
        MeilisearchEngine(shared.meilisearch_url, shared.meilisearch_key)
        if alone
        else open_engine(shared, "lookup")
    )
    try:
        yield CodeSearch(engine.index(SCHEMA), catalog, finders_of(settings, uses))
    finally:
        await engine.close()
        await catalog.close()
        await database.close()


@dataclass
class UsedSearch:
    search: CodeSearch
    database: Database
    uses: Uses

    async def use(self, people: Mapping[str, int]) -> None:
        await self.write(people)
        await self.uses.read()

    async def write(self, people: Mapping[str, int]) -> None:
        """So many people opened these codes of ICD-10-CM, and nobody any other."""
        rows = [
            {"system": "icd10cm", "code": code.replace(".", ""), "people": n} for code, n in people.items()
        ]
        async with self.database.write() as session:
            await session.execute(delete(CODE_USES))
            if rows:
                await session.execute(insert(CODE_USES), rows)


@pytest.fixture
async def used_search(search_settings: Settings, sqlite_url: str) -> AsyncGenerator[UsedSearch]:
    """The search over each real engine in turn, with counts of use in a database of its own."""
    migrations.upgrade(sqlite_url, MIGRATIONS)
    database = Database(sqlite_url)
    uses = Uses(database)
    async with opened(search_settings, uses=uses) as search:
        yield UsedSearch(search, database, uses)
    await database.close()


@pytest.fixture
async def search_doors(search_settings: Settings) -> AsyncGenerator[SearchDoors]:
    """What the pages and the API ask, over each real engine in turn."""
    database = open_database(search_settings)
    catalog = Catalog(database, search_settings.releases_dir)
    reader = SourceReader(catalog, CatalogRepository(database, search_settings.releases_dir), source_names())
    engine = open_engine(search_settings.shared, "lookup")
    index = engine.index(SCHEMA)
    try:
        yield SearchDoors(CodeSearch(index, catalog, finders_of(search_settings)), index, CodeQueries(reader))
    finally:
        await engine.close()
        await reader.close()
        await catalog.close()
        await database.close()


@pytest.fixture
async def tantivy_search(search_settings: Settings) -> AsyncGenerator[CodeSearch]:
    """The embedded engine, to compare the other one with."""
    shared = search_settings.shared.model_copy(update={"search_engine": "tantivy"})
    async with opened(search_settings, shared) as search:
        yield search


@pytest.fixture
def searching(indexed_data: Path, visit):
    """`await searching()` is a browser at an application whose index is built."""

    async def start(**values: str):
        folder = Path(os.environ["AHEAD_DATA"]) / "lookup"
        if not (folder / "search").exists():
            (folder / "search").symlink_to(indexed_data / "lookup" / "search")
        return await visit(**values)

    return start
