"""An empty, migrated database on each engine, and events to fill it with."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import func, select

from ahead.metering.app import create_app
from ahead.metering.consumer import Ingest
from ahead.metering.db import MIGRATIONS
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.models import UsageDaily, UsageHourly, table_of
from ahead.metering.settings import Settings
from ahead.shared.auth.accounts_port import NoAccounts
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.tokens import ALGORITHM, AUDIENCE, ISSUER
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.events.consumer import Message
from ahead.shared.events.envelope import Event, encode, make_event
from ahead.shared.settings import load
from ahead.shared.testing.nats_server import NatsServer

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ERASURE_KEY = "e" * 40


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
    return Ingest(database, Blinding(ERASURE_KEY), clock)


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


class OwnKeys:
    """A key pair of the test's own in the place of accounts': tokens are signed and verified for real."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()

    async def keys(self) -> dict[str, Ed25519PublicKey]:
        return {"test": self._private.public_key()}

    newer_keys = keys

    def token(self, subject: str, **claims: Any) -> str:
        now = int(time.time())
        common = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 300}
        return jwt.encode(common | claims, self._private, ALGORITHM, headers={"kid": "test"})


@pytest.fixture
def keys() -> OwnKeys:
    return OwnKeys()


@pytest.fixture
async def app(
    metering_url: str,
    nats_server: NatsServer,
    tmp_path: Path,
    clock: FixedClock,
    keys: OwnKeys,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[Any]:
    for name, value in {
        "AHEAD_DATA": str(tmp_path / "data"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_NATS_URL": nats_server.url,
        "AHEAD_METERING_DATABASE_URL": metering_url,
        "AHEAD_METERING_ERASURE_KEY": ERASURE_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    identity = Identity(settings.shared, key_source=keys, accounts=NoAccounts())
    app = create_app(settings, clock=clock, identity=identity)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In a task of its own: the lifespan has to be left by the task that entered it.
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    await started.wait()
    yield app
    stop.set()
    await life


@pytest.fixture
async def client_as(app: Any, keys: OwnKeys) -> AsyncGenerator[Callable[..., httpx.AsyncClient]]:
    """A client with a token of this subject and these claims; without a subject, a stranger's."""
    clients: list[httpx.AsyncClient] = []

    def make(subject: str = "", **claims: Any) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {keys.token(subject, **claims)}"} if subject else {}
        transport = httpx.ASGITransport(app=app, client=("10.0.0.1", 40000))
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", headers=headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def reader(client_as: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return client_as("s:admin_dashboard", scopes=["metering:read"])


@pytest.fixture
def operator(client_as: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return client_as("a:1", plan="free", roles=["ops"])
