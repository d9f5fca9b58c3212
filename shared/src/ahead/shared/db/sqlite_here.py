"""SQLite in this process: its settings, and the two short ways past its asynchronous driver (`Database.quick`,
`Database.transact`).
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")
Work = Callable[[AsyncSession], Awaitable[T]]

BUSY_TIMEOUT_MS = 5_000
PRAGMAS = (
    "journal_mode=WAL",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "foreign_keys=ON",
    "synchronous=FULL",
    "temp_store=MEMORY",
)


def prepare_sqlite(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
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


class Here:
    """SQLite through its synchronous driver: one connection that writes, on a thread of its own.

    A session over a synchronous connection never has to wait, so a coroutine that waits for nothing but its
    session runs to its end at the first step. Transactions come one after the other, so they share a session.
    """

    def __init__(self, url: URL) -> None:
        self._engine = _direct_engine(url, PRAGMAS)
        self._session: _SessionHere | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self.reads = _Reads(url)

    async def transact(self, work: Work[T], meanwhile: Callable[[T], None] | None) -> T:
        loop = asyncio.get_running_loop()
        if meanwhile is None:
            return await loop.run_in_executor(self._thread, self._transaction, work, None)
        return await loop.run_in_executor(
            self._thread, self._transaction, work, partial(loop.call_soon_threadsafe, meanwhile)
        )

    def _transaction(self, work: Work[T], decided: Callable[[T], Any] | None) -> T:
        session = self._session
        if session is None:
            session = self._session = _SessionHere(self._engine.connect())
        driver = session.driver
        driver.execute("BEGIN IMMEDIATE")
        used = True
        try:
            result = _run_to_end(work(session))
            if used := session.sync_session.in_transaction():
                session.sync_session.flush()
            if decided is not None:
                decided(result)
            driver.commit()
            return result
        finally:
            # Whatever didn't get as far as the commit.
            if driver.in_transaction:
                driver.rollback()
            if used:
                # The next transaction finds nothing of this one. Not by the session's own context manager: that
                # closes in a task, and here is no loop.
                session.sync_session.close()

    def close(self) -> None:
        # The writer's connection belongs to its thread.
        self._thread.submit(self._close)
        self._thread.shutdown()
        self.reads.close()

    def _close(self) -> None:
        if self._session is not None:
            self._session.connection_here.close()
            self._session = None
        self._engine.dispose()


def _direct_engine(url: URL, pragmas: tuple[str, ...]) -> Engine:
    """For one connection that is kept, and on which BEGIN and COMMIT are said by hand."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=StaticPool)
    prepare_sqlite(engine, "", pragmas)
    return engine


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


class _Reads:
    """One connection that reads in place, each statement by itself: no BEGIN, no pool, no thread."""

    def __init__(self, url: URL) -> None:
        self._engine = _direct_engine(url, (*PRAGMAS, "query_only=ON"))
        self._connection: Connection | None = None
        self._driver: sqlite3.Connection | None = None

    @property
    def driver(self) -> sqlite3.Connection:
        if self._driver is None:
            self._driver = _driver_of(self._open())
        return self._driver

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
            self._connection = self._driver = None
        self._engine.dispose()


class _SessionHere(AsyncSession):
    """An asynchronous session over a synchronous connection: what it is asked for is there at once."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(expire_on_commit=False)
        self.sync_session.bind = connection
        self.connection_here = connection
        self.driver = _driver_of(connection)

    def get_bind(self, *_args: Any, **_kwargs: Any) -> Any:
        return self.connection_here

    async def connection(self, *_args: Any, **_kwargs: Any) -> Any:
        return _ConnectionHere(self.sync_session.connection())

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


class _ConnectionHere:
    """What of an asynchronous connection is used inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        return self._connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any:
        return self._connection.exec_driver_sql(statement, parameters)

    async def run_sync(self, work: Callable[..., T], *args: Any) -> T:
        return work(self._connection, *args)


def _run_to_end(coroutine: Awaitable[T]) -> T:
    steps = coroutine.__await__()
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    steps.close()  # pyright: ignore[reportAttributeAccessIssue]
    raise RuntimeError("work inside a transaction waited for something else than its session")
