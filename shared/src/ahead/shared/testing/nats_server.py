"""The real NATS server with JetStream, configured as in production: every write synced before its answer."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from ahead.shared.testing.server import ServerProcess
from ahead.shared.testing.waiting import free_port


def find_program(name: str) -> str:
    """A program installed beside this interpreter, or on the path."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise FileNotFoundError(f"{name} is not installed: run ./ahead test, which brings it")
    return found


class NatsServer(ServerProcess):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.monitor_port = free_port()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        return f"http://127.0.0.1:{self.monitor_port}"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def command(self) -> Sequence[str]:
        config = self.folder / "nats.conf"
        config.write_text(
            f"""
            host: 127.0.0.1
            port: {self.port}
            http: 127.0.0.1:{self.monitor_port}
            jetstream {{ store_dir: {str(self.store)!r}, sync_interval: always }}
            """
        )
        return [find_program("nats-server"), "-c", str(config)]

    def wipe(self) -> None:
        """Lose everything, as a dead disk would; only while stopped."""
        shutil.rmtree(self.store, ignore_errors=True)
