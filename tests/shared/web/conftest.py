import importlib.util
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from types import ModuleType

import pytest
import structlog
from litestar import Litestar
from litestar.testing import TestClient

from ahead.shared.testing.server import ServerProcess
from ahead.shared.testing.waiting import accepts_connections

FOLDER = Path(__file__).parent


def _load_demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("web_demo_app", FOLDER / "demo_app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["web_demo_app"] = module
    spec.loader.exec_module(module)
    return module


demo = _load_demo()


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Tracebacks of the failures that tests cause on purpose, without a picture of every local variable."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )


@pytest.fixture(scope="session")
def make_app() -> Callable[..., Litestar]:
    return demo.create


@pytest.fixture(scope="module")
def client() -> Generator[TestClient[Litestar]]:
    """The demo product, asked without cookies of earlier tests mattering: none is kept unless a test says so."""
    with TestClient(demo.create(), raise_server_exceptions=False) as client:
        yield client


class DemoServer(ServerProcess):
    def command(self) -> list[str]:
        return [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--working-dir",
            str(FOLDER),
            "--factory",
            "demo_app:create",
        ]

    def is_ready(self) -> bool:
        return accepts_connections(self.port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[DemoServer]:
    with DemoServer(tmp_path_factory.mktemp("demo")) as server:
        yield server
