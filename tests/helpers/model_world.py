"""CasePilot with a scripted model behind it and the real Case2Code beside it, over a small made-up ICD-10-CM."""

import asyncio
import json
import tempfile
import time
import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from litestar import Litestar
from scripted_model import ScriptedModel
from sqlalchemy import select, text

from ahead.assistant import db as assistant_db
from ahead.assistant.app import create_app
from ahead.assistant.models import ALLOWANCE, OUTBOX, metadata
from ahead.assistant.settings import Settings
from ahead.lookup import db as lookup_db
from ahead.lookup.app import create_app as create_lookup
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.search.building import build_index
from ahead.lookup.settings import Settings as LookupSettings
from ahead.shared.auth.accounts_port import NoAccounts
from ahead.shared.auth.identity import Identity
from ahead.shared.auth.tokens import ALGORITHM, AUDIENCE, ISSUER
from ahead.shared.clock import FixedClock
from ahead.shared.db.engine import Database
from ahead.shared.settings import load

ORIGIN = "http://127.0.0.1:8080"
ANSWERS = "/api/assistant/v1/answers"
NOW = datetime(2026, 5, 4, 14, tzinfo=UTC)
DISEASES = {
    "A00": "First disease",
    "A00.0": "First disease, plain",
    "A00.1": "First disease with fever",
    "A01": "Second disease",
    "A01.00": "Second disease, unspecified",
    "A01.09": "Second disease with other complication",
    "B20": "Lone disease",
    "S00": "Injury of head",
    "S00.01XA": "Abrasion of scalp, initial encounter",
}
CODES = frozenset(DISEASES)


def tabular(extra: dict[str, str]) -> str:
    """A tabular list. `extra`: codes below A66, whose titles are anything."""
    below = "".join(
        f"<diag><name>{code}</name><desc>{escape(title)}</desc></diag>" for code, title in extra.items()
    )
    more = f"<diag><name>A66</name><desc>Third disease</desc>{below}</diag>" if extra else ""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version>
<chapter><name>1</name><desc>Made-up diseases (A00-B99)</desc>
<section id="A00-B99"><desc>Made-up section (A00-B99)</desc>
<diag><name>A00</name><desc>First disease</desc>
<diag><name>A00.0</name><desc>First disease, plain</desc></diag>
<diag><name>A00.1</name><desc>First disease with fever</desc></diag></diag>
<diag><name>A01</name><desc>Second disease</desc>
<diag><name>A01.0</name><desc>Second disease of a kind</desc>
<diag><name>A01.00</name><desc>Second disease, unspecified</desc></diag>
<diag><name>A01.09</name><desc>Second disease with other complication</desc></diag></diag></diag>
{more}<diag><name>B20</name><desc>Lone disease</desc></diag>
</section></chapter></ICD10CM.tabular>"""


class OwnKeys:
    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()

    async def keys(self) -> dict[str, Ed25519PublicKey]:
        return {"test": self._private.public_key()}

    newer_keys = keys

    def token(self, subject: str, **claims: Any) -> str:
        now = int(time.time())
        common = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 7_200}
        return jwt.encode(common | claims, self._private, ALGORITHM, headers={"kid": "test"})


class Peers(httpx.AsyncBaseTransport):
    """Accounts and Case2Code as CasePilot reaches them. `asked`: (method, path, on whose behalf) of every call."""

    def __init__(self, keys: OwnKeys, lookup: Litestar) -> None:
        self._keys = keys
        self._lookup = httpx.ASGITransport(app=lookup, client=("10.0.0.2", 40000))
        self.asked: list[tuple[str, str, str]] = []
        self.away = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "accounts.test":
            scopes = ["lookup:read-all"]
            token = self._keys.token("s:assistant", scopes=scopes)
            return httpx.Response(201, json={"token": token, "expires_at": time.time() + 7_000})
        self.asked.append((request.method, request.url.path, request.headers.get("Ahead-Principal", "")))
        if self.away:
            raise httpx.ConnectError("away")
        return await self._lookup.handle_async_request(request)


class World:
    def __init__(self, app: Litestar, keys: OwnKeys, peers: Peers, url: str, model: ScriptedModel) -> None:
        self.app, self.peers, self.model = app, peers, model
        self._keys = keys
        self.database = Database(url)

    def client(self, subject: str, plan: str = "free", **headers: str) -> httpx.AsyncClient:
        sent = {"Authorization": f"Bearer {self._keys.token(subject, plan=plan)}", **headers}
        # An address of one's own: the limit of one visitor is not what is tested.
        number = zlib.crc32(subject.encode())
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        transport = httpx.ASGITransport(app=self.app, client=(address, 40000))
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=sent, timeout=60)

    async def ask(
        self, question: str, subject: str = "a:one", plan: str = "free", **asked: Any
    ) -> tuple[dict[str, Any], str]:
        """The whole answer, and everything that was sent on the stream."""
        async with self.client(subject, plan, Accept="text/event-stream") as client:
            response = await client.post(ANSWERS, json={"question": question, **asked})
        assert response.status_code == 200, response.text
        done = response.text.rsplit("event: done", 1)[1]
        data = next(line for line in done.splitlines() if line.startswith("data:"))
        return json.loads(data[5:]), response.text

    async def events(self) -> list[dict[str, Any]]:
        async with self.database.read() as session:
            rows = (await session.execute(select(OUTBOX.c.body).order_by(OUTBOX.c.seq))).scalars()
        return [json.loads(body) for body in rows]

    async def used(self) -> dict[str, int]:
        """Questions charged, by subject."""
        counters = ALLOWANCE.counters
        async with self.database.read() as session:
            rows = (await session.execute(select(counters.c.principal, counters.c.used))).all()
        return {row.principal: row.used for row in rows}

    async def stored(self) -> str:
        """Every row of every table, as text."""
        async with self.database.read() as session:
            tables = [
                (await session.execute(text(f"select * from {table.name}"))).all()
                for table in metadata.sorted_tables
            ]
        return "\n".join(str(tuple(row)) for rows in tables for row in rows)


def write_catalogue(folder: Path, extra: dict[str, str] | None = None) -> None:
    """Case2Code's data in a folder, with the search index."""
    (folder / "lookup").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        _environment(patch, folder)
        settings = load(LookupSettings)
        lookup_db.upgrade(settings)
        book = folder / "icd10cm_tabular_2026.xml"
        book.write_text(tabular(extra or {}))
        CatalogLoader(settings.database, settings.releases_dir).load([book])
        build_index(settings)


def _environment(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for name, value in {
        "AHEAD_DATA": str(folder),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_NATS_URL": "nats://127.0.0.1:1",
        "AHEAD_URL_ACCOUNTS": "http://accounts.test",
        "AHEAD_URL_LOOKUP": "http://lookup.test",
        "AHEAD_ASSISTANT_SERVICE_KEY": "k" * 40,
        "AHEAD_RATE_LIMIT_ADDRESS_PER_MINUTE": "100000000",
        "AHEAD_RATE_LIMIT_PRINCIPAL_PER_MINUTE": "100000000",
    }.items():
        patch.setenv(name, value)


@asynccontextmanager
async def model_world(folder: Path, model: ScriptedModel, **limits: str) -> AsyncGenerator[World]:
    """`limits`: settings of the model, such as `calls="3"`; `protocol`, too."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as own:
        _environment(patch, folder)
        patch.setenv("AHEAD_ASSISTANT_DATABASE_URL", f"sqlite+aiosqlite:///{own}/assistant.db")
        given = {"url": model.url, "model": "scripted", "seconds": "40", "silent_seconds": "4"} | limits
        for name, value in given.items():
            patch.setenv(f"AHEAD_LLM_{name.upper()}", value)
        settings, keys, clock = load(Settings), OwnKeys(), FixedClock(NOW)
        assistant_db.upgrade(settings)
        lookup_settings = load(LookupSettings)
        identity = Identity(settings.shared, key_source=keys, accounts=NoAccounts())
        lookup = create_lookup(lookup_settings, clock=clock, identity=identity)
        peers = Peers(keys, lookup)
        app = create_app(settings, clock=clock, identity=identity, peers=peers)
        world = World(app, keys, peers, settings.database, model)
        async with _living(lookup), _living(app):
            yield world
        await world.database.close()


@asynccontextmanager
async def _living(app: Litestar) -> AsyncGenerator[None]:
    """Its start and its end in one task, whatever tasks the test uses."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait({life, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        await life
    yield
    stop.set()
    await asyncio.wait_for(life, 60)
