"""The catalogue's SQL.

Each query is a plain function of a connection, so that it runs alike on a release's own SQLite file (one
hop to a thread for a whole page's queries) and on the service's PostgreSQL database.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, create_engine, event, select
from sqlalchemy.pool import QueuePool

from ahead.shared.db.engine import Database
from ahead.shared.errors import Unavailable

from . import documents as document_reader
from . import queries
from .models import RELEASES
from .schemas import (
    CodeFacts,
    Document,
    Node,
    Note,
    Page,
    Release,
    SourceFile,
)

T = TypeVar("T")

_DOCUMENT_CHUNK = 5_000


def release_file(releases_dir: Path, release_id: int, sha256: str) -> Path:
    """A release's own file. Its hash tells it from a file left by another database."""
    return releases_dir / f"{release_id}-{sha256[:12]}.db"


class CatalogRepository:
    def __init__(self, database: Database, releases_dir: Path) -> None:
        self._database = database
        self._releases_dir = releases_dir
        self._engines: dict[int, Engine] = {}
        self._shas: dict[int, str] = {}

    async def close(self) -> None:
        engines, self._engines = self._engines, {}
        for engine in engines.values():
            await asyncio.to_thread(engine.dispose)

    async def releases(self) -> tuple[Release, ...]:
        """Published releases of every system, oldest window first."""
        query = (
            select(RELEASES)
            .where(RELEASES.c.status == "published")
            .order_by(RELEASES.c.system, RELEASES.c.window_from, RELEASES.c.id)
        )
        async with self._database.read() as session:
            rows = (await session.execute(query)).mappings().all()
        releases = tuple(_release(row) for row in rows)
        self._shas = {release.id: release.sha256 for release in releases}
        return releases

    async def node(self, release_id: int, code: str) -> Node | None:
        return await self._run(release_id, lambda c: queries.node(c, release_id, code))

    async def facts(self, release: Release, code: str, notes_from: Release | None) -> CodeFacts | None:
        """Args:
        notes_from: the tabular list whose notes are shown: the release itself, another one, or none.
        """
        if notes_from is not None and notes_from.id == release.id:
            return await self._run(
                release.id,
                lambda c: queries.facts(
                    c, release, code, release, lambda codes: queries.notes(c, release.id, codes)
                ),
            )
        place = await self._run(release.id, lambda c: queries.path(c, release.id, code))
        if place is None:
            return None
        notes: list[Note] = []
        if notes_from is not None:
            notes = await self._run(notes_from.id, lambda c: queries.notes(c, notes_from.id, [*place, code]))
        return await self._run(
            release.id, lambda c: queries.facts(c, release, code, notes_from, lambda _: notes)
        )

    async def children(self, release_id: int, code: str | None, *, limit: int, offset: int) -> Page:
        return await self._run(release_id, lambda c: queries.children(c, release_id, code, limit, offset))

    async def billable_below(self, release_id: int, code: str, *, limit: int, offset: int) -> Page:
        return await self._run(
            release_id, lambda c: queries.billable_below(c, release_id, code, limit, offset)
        )

    async def codes(self, release_id: int, *, limit: int, offset: int) -> Page:
        return await self._run(release_id, lambda c: queries.codes(c, release_id, limit, offset))

    async def nearest(self, release_id: int, key: str) -> tuple[Node | None, tuple[Node, ...]]:
        """For a key that is not there: the longest part of it that is, and nodes around where it would be."""
        return await self._run(release_id, lambda c: queries.nearest(c, release_id, key))

    async def stretch(self, release_id: int, start: int, limit: int) -> tuple[Node, ...]:
        return await self._run(release_id, lambda c: queries.after(c, release_id, start - 1, limit))

    async def documents(self, release_id: int, notes_id: int | None) -> AsyncIterator[Document]:
        """All nodes in order, read in chunks, so that memory stays small; terms are of the release `notes_id`."""
        terms: list[tuple[str, str, str, str]] = []
        if notes_id is not None:
            terms = await self._run(notes_id, lambda c: queries.terms(c, notes_id))
        reader = document_reader.Reader(terms)
        after = -1
        while True:
            start = after
            nodes = await self._run(
                release_id, lambda c, s=start: queries.after(c, release_id, s, _DOCUMENT_CHUNK)
            )
            for node in nodes:
                yield reader.document(node)
            if len(nodes) < _DOCUMENT_CHUNK:
                return
            after = nodes[-1].ordinal

    async def read(self, release_id: int, query: Callable[[Connection], T]) -> T:
        """Runs a query of another source on the release's rows: its own file, or the service's database."""
        return await self._run(release_id, query)

    async def _run(self, release_id: int, query: Callable[[Connection], T]) -> T:
        if self._database.dialect != "sqlite":
            async with self._database.read() as session:
                return await (await session.connection()).run_sync(query)
        engine = await self._engine(release_id)

        def run() -> T:
            with engine.connect() as connection:
                return query(connection)

        return await asyncio.to_thread(run)

    async def _engine(self, release_id: int) -> Engine:
        if (engine := self._engines.get(release_id)) is not None:
            return engine
        if release_id not in self._shas:
            await self.releases()
        path = release_file(self._releases_dir, release_id, self._shas.get(release_id, ""))
        if not path.is_file():
            raise Unavailable(
                f"The file of release {release_id} is missing.",
                hint="Load the release again: ./ahead catalog load",
                retry_after=60,
            )
        return self._engines.setdefault(release_id, read_only_engine(path))


def read_only_engine(path: Path) -> Engine:
    """An engine on a published release's file, which nothing ever writes to again."""
    engine = create_engine(
        f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true",
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=4,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("query_only=ON", "mmap_size=268435456", "cache_size=-8000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _release(row: RowMapping) -> Release:
    values = {name: row[name] for name in Release.__struct_fields__}
    values["files"] = msgspec.convert(
        [dict(zip(SourceFile.__struct_fields__, entry, strict=False)) for entry in json.loads(row["files"])],
        tuple[SourceFile, ...],
    )
    return Release(**values)
