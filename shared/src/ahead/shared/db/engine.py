"""One `Database` per service: reads and writes apart, each block one transaction.

On SQLite a deferred transaction that reads first and writes later loses updates under load, so every
write block begins IMMEDIATE, through one connection per process: writers of a process queue in order instead
of spinning on the file lock, and ``busy_timeout`` settles between processes.

The asynchronous driver of SQLite hands every statement to a thread and back, which costs more than a small
statement itself. Where that counts there are two shorter ways: `quick` reads in place (a reader in WAL mode
never waits for a writer), and `transact` does a whole transaction in one go on the writer's thread.
"""

import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from ahead.shared.db.sqlite_here import PRAGMAS, Here, Work, prepare_sqlite
from ahead.shared.errors import Unavailable

T = TypeVar("T")


class Executor(Protocol):
    """What reads and writes need of a session."""

    def get_bind(self) -> Any: ...

    async def execute(self, statement: Any, params: Any = None) -> Any: ...

    async def scalar(self, statement: Any, params: Any = None) -> Any: ...

    async def scalars(self, statement: Any, params: Any = None) -> Any: ...


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
            self._here = Here(parsed.set(drivername="sqlite"))
            prepare_sqlite(self._reader.sync_engine, "BEGIN", (*PRAGMAS, "query_only=ON"))
            # The default of 2 MB is soon too small for the indexes of a bulk load.
            prepare_sqlite(self._writer.sync_engine, "BEGIN IMMEDIATE", (*PRAGMAS, "cache_size=-16384"))
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
            self._here = None
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

    def quick(self) -> AbstractAsyncContextManager[Executor]:
        """`read` for small indexed look-ups: on SQLite they run in place, without changing threads.

        There each statement is a view of its own; read what has to fit together in one.
        """
        return self.read() if self._here is None else _Quick(self._here.reads)

    async def transact(self, work: Work[T], *, meanwhile: Callable[[T], None] | None = None) -> T:
        """`write` around ``work``, which may wait for its session and for nothing else.

        On SQLite the whole transaction runs on one thread in one go.

        Args:
            meanwhile: called here with the result while that is being committed. It must not raise, and nothing
                it makes may leave the process before `transact` has returned: the commit may still fail.
        """
        if self._here is None:
            async with self.write() as session:
                result = await work(session)
                if meanwhile is not None:
                    meanwhile(result)
            return result
        try:
            return await self._here.transact(work, meanwhile)
        except (DBAPIError, sqlite3.Error) as error:
            raise _translated(error) from error

    async def close(self) -> None:
        if self._here is not None:
            self._here.close()
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()


class _Quick:
    def __init__(self, reads: Executor) -> None:
        self._reads = reads

    async def __aenter__(self) -> Executor:
        return self._reads

    async def __aexit__(self, _type: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, DBAPIError | sqlite3.Error):
            raise _translated(error) from error


def _translated(error: DBAPIError | PoolTimeout | sqlite3.Error) -> Exception:
    """What passes by itself becomes a 503 with Retry-After; what doesn't stays as it is."""
    if isinstance(error, PoolTimeout):
        return Unavailable("The database is busy. Please try again in a moment.", retry_after=2)
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        text = str(error.orig if isinstance(error, OperationalError) else error).lower()
        if "is locked" in text:
            return Unavailable("The database is busy. Please try again in a moment.", retry_after=2)
        if "disk is full" in text or "no space left" in text:
            return Unavailable("There is no disk space left on the server.", retry_after=60)
        if isinstance(error, OperationalError) and _connection_lost(error):
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
