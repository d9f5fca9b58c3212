"""Loads files into a release: chunks first, one short publishing transaction last.

One load at a time (a lock); whatever a killed load left is removed at the start of the next one.
"""

import fcntl
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, select, text, update

from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.migrations import sync_url
from ahead.shared.processes import Progress, no_progress

from ..models import NODES, NOTES, RELEASES
from ..repository import release_file
from . import icd10cm_tabular, tabular_xml
from .icd10cm_release import Options, node_rows, note_rows, pair, read_list, release_values, sha256_of
from .recognise import Source, recognise
from .writer import BulkWriter, PostgresWriter, SQLiteFileWriter, delete_rows, file_is_current

_KEPT_S = 600
"""A file that no release names any more stays this long: a page may be reading it."""
_POSTGRES_LOCK = 4_202_611


@dataclass(frozen=True)
class Loaded:
    """What a load did. `new` is False when the same content was held already."""

    release_id: int
    system: str
    edition: str
    new: bool
    codes: int
    billable: int
    window_from: date
    window_to: date | None
    seconds: float


class Loader:
    """Loads into one service's catalogue.

    Args:
        database_url: the service's (`sqlite+aiosqlite://` or `postgresql+psycopg://`); migrated before.
        releases_dir: folder of the releases' files (SQLite only).
    """

    def __init__(self, database_url: str, releases_dir: Path, *, clock: Clock | None = None) -> None:
        self._engine = _engine(database_url)
        self._sqlite = self._engine.dialect.name == "sqlite"
        self._dir = releases_dir
        self._clock = clock or SystemClock()

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def load(
        self, paths: Sequence[Path], options: Options | None = None, progress: Progress = no_progress
    ) -> Loaded:
        """Loads the files as one release.

        Raises:
            Refused: with file, line and reason; what was held before is untouched.
        """
        options = options or Options()
        begun = time.monotonic()
        progress(0.0, "Reading")
        tabular, listed = pair(recognise(paths), options)
        with self._locked():
            self._sweep()
            return self._load(tabular, listed, options, progress, begun)

    def _load(
        self, tabular: Source, listed: Source | None, options: Options, progress: Progress, begun: float
    ) -> Loaded:
        sources = [tabular] if listed is None else [tabular, listed]
        sha256 = sha256_of(sources)
        held = self._held(sha256, options)
        if held is not None:
            progress(1.0, "Already held")
            return Loaded(
                held.id,
                held.system,
                held.edition,
                False,
                held.rows,
                held.billable,
                held.window_from,
                held.window_to,
                time.monotonic() - begun,
            )
        with tabular.open() as stream:
            printed = tabular_xml.parse(
                stream, tabular.name, lambda read: progress(0.4 * read / max(tabular.size, 1), "Reading")
            )
        valid = read_list(listed) if listed is not None else None
        tree = icd10cm_tabular.build(
            printed,
            valid,
            tabular.name,
            listed.name if listed else "",
            lambda done: progress(0.4 + 0.2 * done, "Numbering"),
        )
        values = release_values(printed, tree, sources, options)
        values |= {"sha256": sha256, "status": "loading", "started_at": self._clock.now()}
        with self._engine.begin() as connection:
            key = connection.execute(insert(RELEASES).values(values)).inserted_primary_key
            assert key is not None
            release_id = key[0]
        writer = self._writer(release_id, sha256)
        try:
            total = len(tree.nodes) + len(tree.notes)
            writer.write(NODES, _counted(node_rows(release_id, tree), total, 0, progress))
            writer.write(NOTES, _counted(note_rows(release_id, tree), total, len(tree.nodes), progress))
            writer.finish()
            self._publish(release_id, values)
        except BaseException:
            writer.abandon()
            with self._engine.begin() as connection:
                connection.execute(delete(RELEASES).where(RELEASES.c.id == release_id))
            raise
        progress(1.0, "Published")
        return Loaded(
            release_id,
            values["system"],
            values["edition"],
            True,
            tree.codes,
            tree.billable,
            values["window_from"],
            values["window_to"],
            time.monotonic() - begun,
        )

    def _publish(self, release_id: int, values: dict[str, Any]) -> None:
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
                .values(status="published", loaded_at=self._clock.now())
            )
            if replaced:
                connection.execute(delete(RELEASES).where(RELEASES.c.id.in_(replaced)))

    def _held(self, sha256: str, options: Options) -> Any | None:
        """The published release of this very content, if it needs no reloading."""
        query = select(RELEASES).where(
            RELEASES.c.sha256 == sha256,
            RELEASES.c.loader == icd10cm_tabular.LOADER,
            RELEASES.c.status == "published",
        )
        if options.window_from is not None:
            query = query.where(RELEASES.c.window_from == options.window_from)
        if options.window_to is not None:
            query = query.where(RELEASES.c.window_to == options.window_to)
        if options.release is not None:
            query = query.where(RELEASES.c.edition == options.release)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(RELEASES.c.id.desc())).first()
        if row is None or not self._sqlite:
            return row
        path = release_file(self._dir, row.id, row.sha256)
        return row if file_is_current(path, row.sha256, row.loader) else None

    def _writer(self, release_id: int, sha256: str) -> BulkWriter:
        if not self._sqlite:
            return PostgresWriter(self._engine, release_id)
        path = release_file(self._dir, release_id, sha256)
        return SQLiteFileWriter(path, release_id, sha256, icd10cm_tabular.LOADER)

    @contextmanager
    def _locked(self) -> Generator[None]:
        """One load at a time; the lock dies with its process."""
        if self._sqlite:
            self._dir.mkdir(parents=True, exist_ok=True)
            with (self._dir / "load.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        else:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _POSTGRES_LOCK})
                try:
                    yield
                finally:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _POSTGRES_LOCK})

    def _sweep(self) -> None:
        """Removes what killed loads and replaced releases left. Only under the lock."""
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
            for release_id in _ids_with_rows(connection) - kept:
                delete_rows(connection, release_id)


def _ids_with_rows(connection: Connection) -> set[int]:
    """Ids that the bulk tables know, by a skip scan over the primary key."""
    found: set[int] = set()
    query = select(NODES.c.release_id).order_by(NODES.c.release_id).limit(1)
    last = connection.execute(query).scalar()
    while last is not None:
        found.add(last)
        last = connection.execute(query.where(NODES.c.release_id > last)).scalar()
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


def _counted(
    rows: Iterable[tuple[Any, ...]], total: int, before: int, progress: Progress
) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, start=before):
        if number % 5_000 == 0:
            progress(0.6 + 0.38 * number / max(total, 1), "Writing")
        yield row
