"""One `Database` per service: reads and writes apart, each block one transaction.

On SQLite a deferred transaction that reads first and writes later loses updates under load, so every
write block begins IMMEDIATE, through one connection per process: writers of a process queue in order instead
of spinning on the file lock, and ``busy_timeout`` settles between processes.

The asynchronous driver of SQLite hands every statement to a thread and back, which costs more than a small
statement itself. Where that counts there are two shorter ways: `quick` reads in place (a reader in WAL mode
never waits for a writer), and `transact` does a whole transaction in one go on the writer's thread.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from ahead.shared.errors import Unavailable

T = TypeVar("T")


class Executor(Protocol):
    """What reads and writes need of a session."""

    def get_bind(self) -> Any: ...

    async def execute(self, statement: Any, params: Any = None) -> Any: ...

    async def scalar(self, statement: Any, params: Any = None) -> Any: ...

    async def scalars(self, statement: Any, params: Any = None) -> Any: ...


BUSY_TIMEOUT_MS = 5_000
_PRAGMAS = (
    "journal_mode=WAL",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "foreign_keys=ON",
    "synchronous=FULL",
    "temp_store=MEMORY",
)


def _prepare_sqlite(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is off: BEGIN is ours to say.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if not begin:
        return

    @event.listens_for(engine, "begin")
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
            self._here = _Here(parsed.set(drivername="sqlite"))
            _prepare_sqlite(self._reader.sync_engine, "BEGIN", (*_PRAGMAS, "query_only=ON"))
            _prepare_sqlite(self._writer.sync_engine, "BEGIN IMMEDIATE", _PRAGMAS)
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

    @asynccontextmanager
    async def quick(self) -> AsyncGenerator[Executor]:
        """`read` for small indexed look-ups: on SQLite they run in place, without changing threads.

        There each statement is a view of its own; read what has to fit together in one.
        """
        if self._here is None:
            async with self.read() as session:
                yield session
            return
        try:
            yield self._here.reads
        except DBAPIError as error:
            raise _translated(error) from error

    async def transact(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """`write` around ``work``, which may wait for its session and for nothing else.

        On SQLite the whole transaction runs on one thread in one go.
        """
        if self._here is None:
            async with self.write() as session:
                return await work(session)
        try:
            return await self._here.transact(work)
        except DBAPIError as error:
            raise _translated(error) from error

    async def close(self) -> None:
        if self._here is not None:
            self._here.close()
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()


class _Here:
    """SQLite through its synchronous driver, under the same asynchronous sessions.

    A session over a synchronous engine never has to wait, so a coroutine that waits for nothing but its session
    runs to its end at the first step.
    """

    def __init__(self, url: URL) -> None:
        self._writer = create_engine(url, pool_size=1, max_overflow=0)
        _prepare_sqlite(self._writer, "BEGIN IMMEDIATE", _PRAGMAS)
        self.reads = _Reads(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def transact(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _run_to_end, self._one(work))

    async def _one(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        session = _SessionHere(self._writer)
        try:
            session.sync_session.connection()
            result = await work(session)
            session.sync_session.commit()
            return result
        finally:
            # Not by the session's own context manager: that closes in a task, and here is no loop.
            session.sync_session.close()

    def close(self) -> None:
        # The writer's connection belongs to its thread.
        self._thread.submit(self._writer.dispose)
        self._thread.shutdown()
        self.reads.close()


class _Reads:
    """One connection that reads in place, each statement by itself: no BEGIN, no pool, no thread."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=StaticPool)
        _prepare_sqlite(self._engine, "", (*_PRAGMAS, "query_only=ON"))
        self._connection: Connection | None = None

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def get_bind(self) -> Engine:
        return self._engine

    async def execute(self, statement: Any, params: Any = None) -> Any:
        return self._open().execute(statement, params)

    async def scalar(self, statement: Any, params: Any = None) -> Any:
        return self._open().scalar(statement, params)

    async def scalars(self, statement: Any, params: Any = None) -> Any:
        return self._open().scalars(statement, params)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()


class _SessionHere(AsyncSession):
    """An asynchronous session over a synchronous engine: what it is asked for is there at once."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(expire_on_commit=False)
        self.sync_session.bind = engine

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.execute(*args, **kwargs)

    async def scalar(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.scalar(*args, **kwargs)

    async def scalars(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.scalars(*args, **kwargs)

    async def get(self, *args: Any, **kwargs: Any) -> Any:
        return self.sync_session.get(*args, **kwargs)

    async def flush(self, *args: Any, **kwargs: Any) -> None:
        self.sync_session.flush(*args, **kwargs)


def _run_to_end(coroutine: Awaitable[T]) -> T:
    steps = coroutine.__await__()
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    steps.close()  # pyright: ignore[reportAttributeAccessIssue]
    raise RuntimeError("work inside a transaction waited for something else than its session")


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
