"""What accounts keep, over each database; and the whole application with the real accounts beside."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from accounts_beside import Beside, beside

from ahead.lookup.catalog.loading.registry import source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.personal.service import Personal
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.testing.nats_server import NatsServer


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 5, 12, 0, tzinfo=UTC))


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    migrations.upgrade(database_url, MIGRATIONS)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def personal(database: Database, tmp_path: Path, clock: FixedClock) -> AsyncGenerator[Personal]:
    """Without a catalogue: what is kept doesn't depend on what is loaded."""
    catalog = Catalog(database, tmp_path, clock=clock)
    reader = SourceReader(catalog, CatalogRepository(database, tmp_path), source_names())
    yield Personal(database, reader, clock)
    await reader.close()
    await catalog.close()


@pytest.fixture
async def both(
    database_url: str,
    nats_server: NatsServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: FixedClock,
) -> AsyncGenerator[Beside]:
    async with beside(database_url, tmp_path, clock, nats_server.url, monkeypatch.setenv) as both:
        yield both
