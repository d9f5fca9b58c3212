"""An empty, migrated database on each engine, and events to fill it with."""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from ahead.metering.consumer import Ingest
from ahead.metering.db import MIGRATIONS
from ahead.metering.models import UsageDaily, UsageHourly, table_of
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.events.consumer import Message
from ahead.shared.events.envelope import Event, encode, make_event

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def metering_url(database_url: str) -> str:
    migrations.upgrade(database_url, MIGRATIONS)
    return database_url


@pytest.fixture
async def database(metering_url: str) -> AsyncGenerator[Database]:
    database = Database(metering_url)
    yield database
    await database.close()


@pytest.fixture
def ingest(database: Database, clock: FixedClock) -> Ingest:
    return Ingest(database, clock)


def view(number: int = 1, **changes: Any) -> Event:
    """A code view by a guest; whatever is given differs."""
    given: dict[str, Any] = {
        "subject": f"g:{number}",
        "plan": "guest",
        "period": "2026-11",
        "thing": "icd10cm/E11.9",
        "at": NOW,
        "id": f"view-{number}",
    } | changes
    service, event = given.pop("service", "lookup"), given.pop("event", "code.viewed")
    return make_event(service, event, **given)


def messages(*bodies: bytes | Event, first: int = 1) -> list[Message]:
    return [
        Message(
            "ahead.events.lookup.code.viewed.v1",
            body if isinstance(body, bytes) else encode(body),
            sequence,
            1,
        )
        for sequence, body in enumerate(bodies, first)
    ]


@pytest.fixture(name="view")
def view_factory() -> Callable[..., Event]:
    return view


@pytest.fixture(name="messages")
def messages_factory() -> Callable[..., list[Message]]:
    return messages


async def read_counts(database: Database) -> dict[str, dict[tuple[Any, ...], int]]:
    """Everything that is counted: per table, (keys) -> count."""
    found: dict[str, dict[tuple[Any, ...], int]] = {}
    async with database.read() as session:
        for model in (UsageHourly, UsageDaily):
            table = table_of(model)
            rows = (await session.execute(select(table))).all()
            found[table.name] = {tuple(row)[:-1]: row[-1] for row in rows}
    return found


@pytest.fixture(name="read_counts")
def read_counts_fixture() -> Callable[[Database], Any]:
    return read_counts


@pytest.fixture
def total(database: Database) -> Callable[[], Any]:
    """The sum of everything in the hourly counts."""

    async def read() -> int:
        async with database.read() as session:
            hourly = table_of(UsageHourly)
            return int(
                (await session.execute(select(func.coalesce(func.sum(hourly.c.count), 0)))).scalar_one()
            )

    return read


@pytest.fixture
def fresh_url(tmp_path: Path) -> Callable[[], str]:
    """A new empty, migrated SQLite database at each call: for tests that make many."""
    made: list[str] = []

    def make() -> str:
        url = f"sqlite+aiosqlite:///{tmp_path}/fresh-{len(made)}.db"
        made.append(url)
        migrations.upgrade(url, MIGRATIONS)
        return url

    return make
