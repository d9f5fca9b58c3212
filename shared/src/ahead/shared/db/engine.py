"""One `Database` per service: reads and writes apart, each block one transaction.

On SQLite a deferred transaction that reads first and writes later loses updates under load, so every
write block begins IMMEDIATE, through one connection per process: writers of a process queue in order instead
of spinning on the file lock, and ``busy_timeout`` settles between processes.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from ahead.shared.errors import Unavailable

BUSY_TIMEOUT_MS = 5_000
_PRAGMAS = (
    "journal_mode=WAL",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "foreign_keys=ON",
    "synchronous=FULL",
    "temp_store=MEMORY",
)


def _prepare_sqlite(engine: AsyncEngine, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is off: BEGIN is ours to say.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


class Database:
    """The database of one service.

    Args:
        url: ``sqlite+aiosqlite:///...`` or ``postgresql+psycopg://...``.
        pool_size: connections for reads (on PostgreSQL for everything).
        wait_s: how long a caller waits for a connection before it is told to come back.
    """

    def __init__(self, url: str, *, pool_size: int = 5, wait_s: float = 5.0) -> None:
        self.url = url
        parsed = make_url(url)
        self.dialect = parsed.get_backend_name()
        if self.dialect == "sqlite":
            assert parsed.database, "a SQLite database of a service is a file"
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self._reader = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=wait_s)
            self._writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=wait_s)
            _prepare_sqlite(self._reader, "BEGIN", (*_PRAGMAS, "query_only=ON"))
            _prepare_sqlite(self._writer, "BEGIN IMMEDIATE", _PRAGMAS)
        elif self.dialect == "postgresql":
            self._reader = create_async_engine(
                url,
                pool_size=pool_size,
                max_overflow=pool_size,
                pool_timeout=wait_s,
                pool_pre_ping=True,
                connect_args={"connect_timeout": 5},
            )
            self._writer = self._reader
        else:
            raise ValueError(f"{self.dialect} databases are not supported: use SQLite or PostgreSQL")
        self._read_sessions = async_sessionmaker(self._reader, expire_on_commit=False)
        self._write_sessions = async_sessionmaker(self._writer, expire_on_commit=False)

    @property
    def engine(self) -> AsyncEngine:
        """The writing engine, for migrations and bulk work."""
        return self._writer

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        """A consistent view; nothing written here is kept."""
        try:
            async with self._read_sessions() as session:
                yield session
        except (DBAPIError, PoolTimeout) as error:
            raise _translated(error) from error

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        try:
            async with self._write_sessions() as session:
                # Opened at once, so that on SQLite everything read here is read under the lock.
                await session.connection()
                yield session
                await session.commit()
        except (DBAPIError, PoolTimeout) as error:
            raise _translated(error) from error

    async def close(self) -> None:
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()


def _translated(error: DBAPIError | PoolTimeout) -> Exception:
    """What passes by itself becomes a 503 with Retry-After; what doesn't stays as it is."""
    if isinstance(error, PoolTimeout):
        return Unavailable("The database is busy. Please try again in a moment.", retry_after=2)
    if isinstance(error, OperationalError):
        text = str(error.orig).lower()
        if "is locked" in text:
            return Unavailable("The database is busy. Please try again in a moment.", retry_after=2)
        if "disk is full" in text or "no space left" in text:
            return Unavailable("There is no disk space left on the server.", retry_after=60)
        if _connection_lost(error):
            return Unavailable("The database can't be reached. Please try again in a moment.", retry_after=5)
    return error


def _connection_lost(error: OperationalError) -> bool:
    """PostgreSQL: no connection, or classes 08 (connection), 53 (resources), 57 (shut down by the operator)."""
    if error.connection_invalidated:
        return True
    orig: Any = error.orig
    if not type(orig).__module__.startswith("psycopg"):
        return False
    return orig.sqlstate is None or orig.sqlstate[:2] in ("08", "53", "57")
