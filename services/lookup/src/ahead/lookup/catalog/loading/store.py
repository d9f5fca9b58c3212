"""The releases of one service while they are loaded: the lock, the rows of bookkeeping, what killed loads left.

One load at a time. A release is `loading` while its bulk rows are written, and one short transaction publishes it.
"""

import fcntl
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, insert, select, text, update

from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.migrations import sync_url

from ..models import RELEASES, bulk_metadata
from ..repository import release_file
from .writer import BulkWriter, PostgresWriter, SQLiteFileWriter, delete_rows, file_is_current

_KEPT_S = 600
"""A file that no release names any more stays this long: a page may be reading it."""
_POSTGRES_LOCK = 4_202_611


class ReleaseStore:
    """What loaders of every source share.

    Args:
        database_url: the service's (`sqlite+aiosqlite://` or `postgresql+psycopg://`); migrated before.
        releases_dir: folder of the releases' files (SQLite only).
    """

    def __init__(self, database_url: str, releases_dir: Path, *, clock: Clock | None = None) -> None:
        self._engine = _engine(database_url)
        self._sqlite = self._engine.dialect.name == "sqlite"
        self._dir = releases_dir
        self._clock = clock or SystemClock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    @contextmanager
    def locked(self) -> Generator[None]:
        """One load at a time, begun by removing what killed loads left; the lock dies with its process."""
        if self._sqlite:
            self._dir.mkdir(parents=True, exist_ok=True)
            with (self._dir / "load.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._sweep()
                yield
        else:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _POSTGRES_LOCK})
                try:
                    self._sweep()
                    yield
                finally:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _POSTGRES_LOCK})

    def held(
        self,
        sha256: str,
        loader: str,
        *,
        system: str | None = None,
        kind: str | None = None,
        window_from: date | None = None,
        window_to: date | None = None,
        edition: str | None = None,
    ) -> Any | None:
        """The published release of this very content, if it needs no reloading."""
        query = select(RELEASES).where(
            RELEASES.c.sha256 == sha256,
            RELEASES.c.loader == loader,
            RELEASES.c.status == "published",
        )
        if system is not None:
            query = query.where(RELEASES.c.system == system)
        if kind is not None:
            query = query.where(RELEASES.c.kind == kind)
        if window_from is not None:
            query = query.where(RELEASES.c.window_from == window_from)
        if window_to is not None:
            query = query.where(RELEASES.c.window_to == window_to)
        if edition is not None:
            query = query.where(RELEASES.c.edition == edition)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(RELEASES.c.id.desc())).first()
        if row is None or not self._sqlite:
            return row
        path = release_file(self._dir, row.id, row.sha256)
        return row if file_is_current(path, row.sha256, row.loader) else None

    def add(
        self,
        values: dict[str, Any],
        tables: Sequence[Table],
        fill: Callable[[int, BulkWriter], dict[str, Any] | None],
    ) -> int:
        """Writes a release and publishes it. Only under the lock.

        Args:
            values: the release's columns, but for its id, status and times.
            tables: the bulk tables that `fill` writes.
            fill: writes the rows of the release of that id; may return columns known only afterwards.

        Returns: the release's id. When anything fails, nothing of it stays.
        """
        with self._engine.begin() as connection:
            row = values | {"status": "loading", "started_at": self._clock.now()}
            key = connection.execute(insert(RELEASES).values(row)).inserted_primary_key
            assert key is not None
            release_id: int = key[0]
        writer = self._writer(release_id, values, tables)
        try:
            known = fill(release_id, writer) or {}
            writer.finish()
            self._publish(release_id, values, known)
        except BaseException:
            writer.abandon()
            with self._engine.begin() as connection:
                connection.execute(delete(RELEASES).where(RELEASES.c.id == release_id))
            raise
        return release_id

    def _writer(self, release_id: int, values: dict[str, Any], tables: Sequence[Table]) -> BulkWriter:
        if not self._sqlite:
            return PostgresWriter(self._engine, release_id, tables)
        path = release_file(self._dir, release_id, values["sha256"])
        return SQLiteFileWriter(path, release_id, values["sha256"], values["loader"], tables)

    def _publish(self, release_id: int, values: dict[str, Any], known: dict[str, Any]) -> None:
        """The one short transaction: the release is there, and the one it replaces is not."""
        with self._engine.begin() as connection:
            replaced = [
                row.id
                for row in connection.execute(
                    select(RELEASES.c.id).where(
                        RELEASES.c.system == values["system"],
                        RELEASES.c.kind == values["kind"],
                        RELEASES.c.status == "published",
                        RELEASES.c.sha256 == values["sha256"],
                    )
                )
            ]
            connection.execute(
                update(RELEASES)
                .where(RELEASES.c.id == release_id)
                .values(known | {"status": "published", "loaded_at": self._clock.now()})
            )
            if replaced:
                connection.execute(delete(RELEASES).where(RELEASES.c.id.in_(replaced)))

    def _sweep(self) -> None:
        """Removes what killed loads and replaced releases left."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(RELEASES.c.id, RELEASES.c.sha256, RELEASES.c.status)).all()
            left = [row.id for row in rows if row.status == "loading"]
            if left:
                connection.execute(delete(RELEASES).where(RELEASES.c.id.in_(left)))
        kept = {row.id: row.sha256 for row in rows if row.status == "published"}
        if not self._sqlite:
            self._sweep_rows(set(kept))
            return
        names = {release_file(self._dir, release_id, sha256).name for release_id, sha256 in kept.items()}
        for path in self._dir.glob("*.part*"):
            path.unlink(missing_ok=True)
        for path in self._dir.glob("*.db"):
            if path.name not in names and time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink(missing_ok=True)

    def _sweep_rows(self, kept: set[int]) -> None:
        with self._engine.begin() as connection:
            for table in bulk_metadata.sorted_tables:
                for release_id in _ids_with_rows(connection, table) - kept:
                    delete_rows(connection, release_id, [table])


def _ids_with_rows(connection: Connection, table: Table) -> set[int]:
    """Ids that a bulk table knows, by a skip scan over the index that begins with it."""
    found: set[int] = set()
    column = table.c.release_id
    query = select(column).order_by(column).limit(1)
    last = connection.execute(query).scalar()
    while last is not None:
        found.add(last)
        last = connection.execute(query.where(column > last)).scalar()
    return found


def _engine(database_url: str) -> Engine:
    engine = create_engine(sync_url(database_url))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def on_connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in ("journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def on_begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
