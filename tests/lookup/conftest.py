"""Case2Code with the real ICD-10-CM, loaded once for the run."""

import shutil
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from signed_tokens import signer

from ahead.lookup import db
from ahead.lookup.app import create_app
from ahead.lookup.catalog.loading.default import load_default_catalogue
from ahead.lookup.settings import Settings
from ahead.shared.clock import Clock
from ahead.shared.settings import load

GUEST_KEY = "a key for tests, at least 32 characters long"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PAGE = {"Accept": "text/html", "User-Agent": BROWSER}


@pytest.fixture(scope="session")
def loaded_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with ICD-10-CM loaded; copy it, don't write to it."""
    folder = tmp_path_factory.mktemp("lookup-data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AHEAD_DATA", str(folder))
        settings = load(Settings)
        db.upgrade(settings)
        load_default_catalogue(settings)
    return folder


@pytest.fixture
def settings(loaded_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Settings of a service with a database of its own over the releases that are loaded."""
    data = tmp_path / "data"
    (data / "lookup").mkdir(parents=True)
    for file in (loaded_data / "lookup").glob("lookup.db*"):
        shutil.copy(file, data / "lookup" / file.name)
    (data / "lookup" / "releases").symlink_to(loaded_data / "lookup" / "releases")
    monkeypatch.setenv("AHEAD_DATA", str(data))
    monkeypatch.setenv("AHEAD_GUEST_KEY", GUEST_KEY)
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", "http://127.0.0.1:1")
    # Nobody listens there: pages are granted while NATS is away.
    monkeypatch.setenv("AHEAD_NATS_URL", "nats://127.0.0.1:1")

    def make(**values: str) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return load(Settings)

    return make


Visit = Callable[..., AsyncTestClient[Litestar]]


@pytest.fixture
async def visit(settings: Callable[..., Settings]) -> AsyncGenerator[Callable[..., Any]]:
    """`await visit()` starts the application and gives a browser that keeps cookies."""
    async with AsyncExitStack() as stack:

        async def start(clock: Clock | None = None, **values: str) -> AsyncTestClient[Litestar]:
            app = create_app(settings(**values), clock=clock)
            client = AsyncTestClient(app, base_url="http://127.0.0.1:8080")
            client.headers.update(PAGE)
            return await stack.enter_async_context(client)

        yield start


@pytest.fixture
def accounts() -> Generator[tuple[str, str]]:
    """Publishes a key at the address of accounts; gives the address and a token signed with it."""
    with signer() as made:
        yield made.url, made.token()
