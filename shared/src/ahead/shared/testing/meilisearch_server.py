"""The real Meilisearch server, pinned, as production runs it: with keys, without telemetry."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import httpx

from ahead.shared.search import meilisearch_binary
from ahead.shared.testing.server import ServerProcess


class MeilisearchServer(ServerProcess):
    """binary: from `meilisearch_binary.ensure`."""

    def __init__(self, folder: Path, binary: Path) -> None:
        super().__init__(folder)
        self.master_key = secrets.token_urlsafe(32)
        self.binary = binary
        self._config = meilisearch_binary.write_config(
            self.folder, port=self.port, master_key=self.master_key
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> Sequence[str]:
        return meilisearch_binary.command(self.binary, self._config)

    def is_ready(self) -> bool:
        return httpx.get(f"{self.url}/health", timeout=1, trust_env=False).status_code == 200
