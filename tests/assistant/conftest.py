"""CasePilot over an empty, migrated database, asked with tokens that a key of the test's own signs."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Table, select

from ahead.assistant.answers.port import Claim, CodeNamed, Piece, Source, Step, Turn
from ahead.assistant.app import create_app
from ahead.assistant.db import MIGRATIONS
from ahead.assistant.models import OUTBOX
from ahead.assistant.settings import Settings
from ahead.shared.auth.accounts_port import NoAccounts
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.tokens import ALGORITHM, AUDIENCE, ISSUER
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.errors import Unavailable
from ahead.shared.settings import load

ORIGIN = "http://127.0.0.1:8080"
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


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


RECEIPT = {
    "file_name": "made-up.txt",
    "release": "made up",
    "sha256": "0" * 64,
    "row": 7,
    "window_from": "2025-10-01",
    "window_to": None,
}


class Paced:
    """An answerer with two sentences about E11.9. While it is `held`, it waits before the second one.

    `away`: Case2Code doesn't answer after the first. `silent`: it waits before the first one, too.
    """

    name = "paced"

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.go.set()
        self.silent = self.away = self.broken = False
        self.turns: list[Turn] = []

    def hold(self) -> None:
        self.go.clear()

    async def answer(self, turn: Turn) -> AsyncIterator[Piece]:
        self.turns.append(turn)
        turn.record.add("code", {"code": "E11.9", "texts": ["E11.9 is billable.", "E11.9 is in force."]})
        yield Step("code", "Reading E11.9")
        if self.silent:
            await self.go.wait()
        if self.broken:
            raise ZeroDivisionError
        for text in ("E11.9 is billable.", "E11.9 is in force."):
            yield CodeNamed("icd10cm", "E11.9", "Type 2 diabetes mellitus without complications")
            yield Claim(text, (Source(RECEIPT | {"row": len(text)}, text, "/codes/icd10cm/E11.9#history"),))
            await self.go.wait()
            if self.away:
                raise Unavailable("Case2Code doesn't answer just now.")


@dataclass
class Pilot:
    client: "Clients"
    answerer: Paced
    clock: FixedClock
    database: Database
    settings: Settings

    async def events(self, name: str) -> list[dict[str, Any]]:
        async with self.database.read() as session:
            rows = (await session.execute(select(OUTBOX.c.body).order_by(OUTBOX.c.seq))).scalars()
        return [event for body in rows if (event := json.loads(body))["type"].endswith(f"{name}.v1")]

    async def rows(self, table: Table) -> list[Any]:
        async with self.database.read() as session:
            return list((await session.execute(select(table))).all())


@pytest.fixture
def assistant_url(database_url: str) -> str:
    migrations.upgrade(database_url, MIGRATIONS)
    return database_url


Clients = Callable[..., httpx.AsyncClient]


@asynccontextmanager
async def living(
    keys: OwnKeys, settings: Settings, clock: FixedClock, **parts: Any
) -> AsyncGenerator[Clients]:
    """The application runs; gives clients, with a token of a subject or the cookies of a stranger."""
    identity = Identity(settings.shared, key_source=keys, accounts=NoAccounts())
    app = create_app(settings, clock=clock, identity=identity, **parts)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    await asyncio.wait_for(started.wait(), 60)
    clients: list[httpx.AsyncClient] = []

    def make(subject: str = "", **claims: Any) -> httpx.AsyncClient:
        headers = (
            {"Authorization": f"Bearer {keys.token(subject, **claims)}"} if subject else {"Origin": ORIGIN}
        )
        transport = httpx.ASGITransport(app=app, client=("10.0.0.1", 40000))
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()
    stop.set()
    await asyncio.wait_for(life, 60)


@pytest.fixture
def assistant_settings(assistant_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Case2Code and CaseConsultant are not installed here."""
    for name, value in {
        "AHEAD_DATA": str(tmp_path / "data"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_ASSISTANT_DATABASE_URL": assistant_url,
    }.items():
        monkeypatch.setenv(name, value)
    return load(Settings)


@pytest.fixture
async def client_as(assistant_settings: Settings) -> AsyncGenerator[Clients]:
    """A client with a token of this subject. Case2Code is not installed here."""
    async with living(OwnKeys(), assistant_settings, FixedClock(NOW)) as make:
        yield make


@pytest.fixture
async def pilot(assistant_settings: Settings) -> AsyncGenerator[Pilot]:
    """CasePilot with an answerer whose answers a test lets on, sentence by sentence."""
    database, clock, answerer = Database(assistant_settings.database), FixedClock(NOW), Paced()
    async with living(OwnKeys(), assistant_settings, clock, answerer=answerer) as make:
        yield Pilot(make, answerer, clock, database, assistant_settings)
    await database.close()
