"""Loads from the dashboard: asked for by operators, done by a job, and nothing outside the import folder is read."""

import asyncio
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import nats
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from dramatiq import Worker
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.loads import repository
from ahead.lookup.loads.tasks import Loading
from ahead.lookup.relay import relay_part
from ahead.lookup.settings import Settings
from ahead.lookup.worker import make_jobs
from ahead.shared.db.engine import Database
from ahead.shared.events import streams
from ahead.shared.settings import load
from ahead.shared.testing.waiting import eventually

Client = AsyncTestClient[Litestar]
OPS = "/api/lookup/v1/ops/catalog"
# Made up: no such rates are published.
RATES = "hcpcs,rate_usd\n80001,12.34\n0001U,720.00\n"
NAME = "clfs-2031q2.csv"


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Generator[Callable[[list[str]], str]]:
    """Publishes a key at the address of accounts; signs a token with roles."""
    private = Ed25519PrivateKey.generate()
    x = urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()
    key = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": x}
    body = json.dumps({"keys": [key]}).encode()

    class Published(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    def sign(roles: list[str]) -> str:
        claims = {
            "iss": "ahead-accounts", "aud": "ahead", "sub": "a:one", "iat": time.time(), "exp": time.time() + 300,
            "plan": "free", "roles": roles, "sid": "s1", "guest": None, "confirmed": True,
        }  # fmt: skip
        return jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": "k1"})

    with ThreadingHTTPServer(("127.0.0.1", 0), Published) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AHEAD_URL_ACCOUNTS", f"http://127.0.0.1:{server.server_port}")
        yield sign
        server.shutdown()


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: Any
) -> Settings:
    """On SQLite; on both engines in turn where a test uses `database_url`."""
    url = request.getfixturevalue("database_url" if "database_url" in request.fixturenames else "sqlite_url")
    for name, value in {
        "AHEAD_DATA": str(tmp_path / "data"),
        "AHEAD_GUEST_KEY": "a key for tests, at least 32 characters long",
        "AHEAD_NATS_URL": "nats://127.0.0.1:1",
        "AHEAD_LOOKUP_DATABASE_URL": url,
        "AHEAD_LOOKUP_UPLOAD_LIMIT_MB": "1",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    db.upgrade(settings)
    return settings


@pytest.fixture
async def client(settings: Settings, token: Callable[[list[str]], str]) -> AsyncGenerator[Client]:
    async with AsyncTestClient(create_app(settings), base_url="http://127.0.0.1:8080") as client:
        client.headers["Authorization"] = f"Bearer {token(['ops'])}"
        yield client


async def put_and_ask(client: Client, content: str, name: str = NAME, **more: Any) -> dict[str, Any]:
    kept = await client.put(f"{OPS}/files/{name}", content=content.encode())
    assert kept.status_code == 201, kept.text
    asked = await client.post(f"{OPS}/loads", json={"path": kept.json()["path"], **more})
    assert asked.status_code == 202, asked.text
    return asked.json()


async def done(settings: Settings, load_id: str) -> None:
    """The job, as a worker does it."""
    database = Database(settings.database)
    try:
        await Loading(database, settings).run(load_id)
    finally:
        await database.close()


@pytest.mark.usefixtures("database_url")
async def test_an_uploaded_file_is_loaded_and_listed(client: Client, settings: Settings) -> None:
    asked = await put_and_ask(client, RATES)
    assert (asked["status"], asked["file_name"], asked["requested_by"]) == ("queued", NAME, "a:one")
    assert (await client.get(f"{OPS}/files")).json()["rows"][0]["path"] == asked["path"]
    await done(settings, asked["id"])
    load_ = (await client.get(f"{OPS}/loads/{asked['id']}")).json()
    assert (load_["status"], load_["percent"]) == ("loaded", 100)
    assert [(one["edition"], one["rows"], one["new"]) for one in load_["result"]] == [
        ("2031 Q2", "2 rates", True)
    ]
    (release,) = (await client.get(f"{OPS}/releases")).json()["rows"]
    assert (release["name"], release["window_from"]) == ("Clinical laboratory fee schedule", "2031-04-01")
    assert release["age"].startswith("begins in ")
    again = await put_and_ask(client, RATES)
    await done(settings, again["id"])
    rows = (await client.get(f"{OPS}/loads")).json()["rows"]
    assert [row["status"] for row in rows] == ["held", "loaded"]


async def test_a_broken_file_is_refused_with_its_line(client: Client, settings: Settings) -> None:
    asked = await put_and_ask(client, RATES + "80002,=1+1\n")
    await done(settings, asked["id"])
    load_ = (await client.get(f"{OPS}/loads/{asked['id']}")).json()
    assert (load_["status"], "line 4" in load_["message"]) == ("refused", True)
    assert not (await client.get(f"{OPS}/releases")).json()["rows"]


async def test_what_the_operator_says_wins_over_the_file(client: Client, settings: Settings) -> None:
    asked = await put_and_ask(client, RATES, window_from="2031-05-01", release="A correction")
    await done(settings, asked["id"])
    (release,) = (await client.get(f"{OPS}/releases")).json()["rows"]
    assert (release["edition"], release["window_from"], release["window_origin"]) == (
        "A correction",
        "2031-05-01",
        "option",
    )


@pytest.mark.usefixtures("database_url")
async def test_a_load_that_was_killed_begins_again_and_one_that_is_done_does_not(
    client: Client, settings: Settings
) -> None:
    asked = await put_and_ask(client, RATES)
    database = Database(settings.database)
    async with database.write() as session:
        assert await repository.begin(session, asked["id"], asked_at(asked)) is not None
    await database.close()
    await done(settings, asked["id"])
    await done(settings, asked["id"])
    (row,) = (await client.get(f"{OPS}/loads")).json()["rows"]
    assert (row["status"], row["result"][0]["new"]) == ("loaded", True)


def asked_at(asked: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(asked["created_at"])


async def test_nothing_outside_the_import_folder_is_read(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    folder = settings.import_folder
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text(RATES)
    (folder / "link").symlink_to(tmp_path / "secret.csv")
    for path in ("../../etc/passwd", "/etc/passwd", "", ".", "link", "a\0b"):
        assert (await client.post(f"{OPS}/loads", json={"path": path})).status_code == 400, path
    for path in ("missing.csv", "folder"):
        assert (await client.post(f"{OPS}/loads", json={"path": path})).status_code == 404, path
    assert not (await client.get(f"{OPS}/files")).json()["rows"]


async def test_an_upload_that_can_not_be_kept_leaves_nothing(client: Client, settings: Settings) -> None:
    for name, content, status in (
        ("..%2F..%2Fevil.csv", b"x", (400, 404)),
        (".hidden", b"x", (400,)),
        ("a;b.csv", b"x", (400,)),
        ("empty.csv", b"", (400,)),
        ("large.csv", b"x" * ((1 << 20) + 1), (413,)),
    ):
        answer = await client.put(f"{OPS}/files/{name}", content=content)
        assert answer.status_code in status, (name, answer.text)
    assert not [path for path in settings.import_folder.rglob("*") if path.is_file()]


async def test_what_can_not_be_meant_is_refused(client: Client) -> None:
    kept = await client.put(f"{OPS}/files/{NAME}", content=RATES.encode())
    for more in ({"system": "other"}, {"window_from": "2031-02-01", "window_to": "2031-01-01"}):
        asked = await client.post(f"{OPS}/loads", json={"path": kept.json()["path"], **more})
        assert asked.status_code == 400, more


async def test_only_operators_are_let_in(client: Client, token: Callable[[list[str]], str]) -> None:
    for roles in ([], ["moderator"], ["expert"]):
        client.headers["Authorization"] = f"Bearer {token(roles)}"
        for path in ("releases", "files", "loads"):
            assert (await client.get(f"{OPS}/{path}")).status_code == 403, roles
        assert (await client.put(f"{OPS}/files/{NAME}", content=b"x")).status_code == 403
        assert (await client.post(f"{OPS}/loads", json={"path": NAME})).status_code == 403


@asynccontextmanager
async def background(settings: Settings) -> AsyncGenerator[None]:
    """Relay and worker, as the background process runs them."""
    connection = await nats.connect(settings.shared.nats_url)
    await streams.declare(connection.jetstream())
    await connection.close()
    jobs = make_jobs(settings)
    worker = Worker(jobs.broker, worker_threads=2)
    worker.start()
    database = Database(settings.database)
    stop = asyncio.Event()
    relay = asyncio.ensure_future(relay_part(settings, database, jobs)(stop))
    try:
        yield
    finally:
        stop.set()
        await relay
        await database.close()
        await asyncio.to_thread(worker.stop)
        jobs.broker.close()


async def test_the_background_process_does_what_was_asked(
    client: Client, settings: Settings, fresh_nats: Any, fresh_redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AHEAD_NATS_URL", fresh_nats.url)
    monkeypatch.setenv("AHEAD_REDIS_URL", fresh_redis.url)
    asked = await put_and_ask(client, RATES)
    async with background(load(Settings)):

        async def loaded() -> bool:
            return (await client.get(f"{OPS}/loads/{asked['id']}")).json()["status"] == "loaded"

        await eventually(loaded, within_s=30)
