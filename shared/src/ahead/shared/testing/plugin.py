"""pytest fixtures for everything that runs for real. Loaded by the root's pytest settings."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from ahead.shared.search import meilisearch_binary
from ahead.shared.testing.meilisearch_server import MeilisearchServer
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.postgres_server import PostgresServer
from ahead.shared.testing.redis_server import RedisServer


def missing(what: str) -> None:
    """Skip for want of a server on somebody's machine; on CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} can't be had, and CI has to have it")
    pytest.skip(f"{what} can't be had on this machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run fault, load and property tests at full counts")


@pytest.hookimpl(tryfirst=True)  # before the plugin that reads the timeout
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long"):
        config.option.timeout = 0
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_AtOnce(config), "failures at once")


class _AtOnce:
    """Prints a failure when it happens: a run that is cut off later has told by then what was wrong."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            terminal.write_line(f"\nFAILED at {report.when}: {report.nodeid}")
            terminal.write_line(report.longreprtext[-4000:])


@pytest.fixture(scope="session")
def long_run(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[NatsServer]:
    """One server for the run; tests use subjects and consumers of their own, or `fresh_nats`."""
    try:
        server = NatsServer(tmp_path_factory.mktemp("nats")).start()
    except FileNotFoundError:
        missing("the NATS server")
        raise
    yield server
    server.stop()


@pytest.fixture
def fresh_nats(tmp_path: Path) -> Generator[NatsServer]:
    """A server of the test's own, to kill or to count in."""
    with NatsServer(tmp_path / "nats") as server:
        yield server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[RedisServer]:
    try:
        server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    except FileNotFoundError:
        missing("the Redis server")
        raise
    yield server
    server.stop()


@pytest.fixture
def fresh_redis(tmp_path: Path) -> Generator[RedisServer]:
    with RedisServer(tmp_path / "redis") as server:
        yield server


@pytest.fixture(scope="session")
def meilisearch_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[MeilisearchServer]:
    try:
        binary = meilisearch_binary.ensure(request.config.rootpath / ".cache" / "meilisearch")
    except meilisearch_binary.MeilisearchUnavailable as error:
        missing(f"the Meilisearch server ({error})")
        raise
    server = MeilisearchServer(tmp_path_factory.mktemp("meilisearch"), binary).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Generator[PostgresServer]:
    try:
        server = PostgresServer()
    except ImportError:
        missing("the PostgreSQL server")
        raise
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/test.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/test.db"


def chromium_path() -> str | None:
    """The browser for page tests: Debian's, or one on the path."""
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None
