"""A service's real web process, as it runs in production, on a free port."""

import os
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from ahead.shared.testing.server import ServerProcess


class WebServer(ServerProcess):
    """Granian in front of an ASGI application that is named by ``module:attribute``."""

    def __init__(
        self, folder: Path, app: str, env: Mapping[str, str] | None = None, *, ready_path: str = "/readyz"
    ) -> None:
        super().__init__(folder)
        self._app = app
        self._own_env = dict(env or {})
        self._ready_path = ready_path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AHEAD_")}
        return {**kept, **self._own_env}

    def command(self) -> Sequence[str]:
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
            "--workers",
            "1",
            "--no-ws",
            "--no-access-log",
            self._app,
        ]

    def is_ready(self) -> bool:
        with urllib.request.urlopen(self.url + self._ready_path, timeout=2) as answer:
            return answer.status == 200
