"""CasePilot over an empty, migrated database, asked with tokens that a key of the test's own signs."""

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

from ahead.assistant.app import create_app
from ahead.assistant.db import MIGRATIONS
from ahead.assistant.settings import Settings
from ahead.shared.auth.accounts_port import NoAccounts
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.tokens import ALGORITHM, AUDIENCE, ISSUER
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.settings import load

ORIGIN = "http://127.0.0.1:8080"


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
def assistant_url(database_url: str) -> str:
    migrations.upgrade(database_url, MIGRATIONS)
    return database_url


@pytest.fixture
async def client_as(
    assistant_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Callable[..., httpx.AsyncClient]]:
    """A client with a token of this subject. Case2Code is not installed here."""
    for name, value in {
        "AHEAD_DATA": str(tmp_path / "data"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_ASSISTANT_DATABASE_URL": assistant_url,
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    keys = OwnKeys()
    identity = Identity(settings.shared, key_source=keys, accounts=NoAccounts())
    app = create_app(settings, clock=FixedClock(datetime(2026, 11, 23, 14, tzinfo=UTC)), identity=identity)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    await asyncio.wait_for(started.wait(), 60)
    clients: list[httpx.AsyncClient] = []

    def make(subject: str = "", **claims: Any) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {keys.token(subject, **claims)}"} if subject else {}
        transport = httpx.ASGITransport(app=app, client=("10.0.0.1", 40000))
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()
    stop.set()
    await asyncio.wait_for(life, 60)
