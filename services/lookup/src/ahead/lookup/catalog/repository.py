"""The catalogue's SQL.

Each query is a plain function of a connection, so that it runs alike on a release's own SQLite file (one
hop to a thread for a whole page's queries) and on the service's PostgreSQL database.
"""

import asyncio
import json
import string
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, bindparam, create_engine, event, func, select
from sqlalchemy.pool import QueuePool

from ahead.shared.db.engine import Database
from ahead.shared.errors import Unavailable

from . import documents as document_reader
from .inheritance import assemble
from .models import NODES, NOTES, RELEASES
from .schemas import (
    VALIDITY_CHOICES,
    CodeFacts,
    CodeReference,
    Document,
    Node,
    Note,
    Page,
    Release,
    SourceFile,
)

T = TypeVar("T")

_NODE_COLUMNS = [NODES.c[name] for name in Node.__struct_fields__]
_NOTE_COLUMNS = [NOTES.c[name] for name in ("code", "kind", "ordinal", "text", "refs", "key", "source_row")]
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
        return await self._run(release_id, lambda c: _node(c, release_id, code))

    async def facts(self, release: Release, code: str) -> CodeFacts | None:
        return await self._run(release.id, lambda c: _facts(c, release, code))

    async def children(self, release_id: int, code: str | None, *, limit: int, offset: int) -> Page:
        return await self._run(release_id, lambda c: _children(c, release_id, code, limit, offset))

    async def billable_below(self, release_id: int, code: str, *, limit: int, offset: int) -> Page:
        return await self._run(release_id, lambda c: _billable_below(c, release_id, code, limit, offset))

    async def nearest(self, release_id: int, key: str) -> tuple[Node | None, tuple[Node, ...]]:
        """For a key that is not there: the longest part of it that is, and nodes around where it would be."""
        return await self._run(release_id, lambda c: _nearest(c, release_id, key))

    async def documents(self, release_id: int) -> AsyncIterator[Document]:
        """All nodes in order, read in chunks, so that memory stays small."""
        terms = await self._run(release_id, lambda c: _terms(c, release_id))
        reader = document_reader.Reader(terms)
        after = -1
        while True:
            start = after
            nodes = await self._run(release_id, lambda c, s=start: _after(c, release_id, s, _DOCUMENT_CHUNK))
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
    values["files"] = tuple(SourceFile(name, sha256) for name, sha256 in json.loads(row["files"]))
    return Release(**values)


def _nodes(rows: Any) -> tuple[Node, ...]:
    return tuple(Node(*row) for row in rows)


def _node(connection: Connection, release_id: int, code: str) -> Node | None:
    query = select(*_NODE_COLUMNS).where(NODES.c.release_id == release_id, NODES.c.code == code)
    row = connection.execute(query).one_or_none()
    return None if row is None else Node(*row)


def _after(connection: Connection, release_id: int, ordinal: int, limit: int) -> tuple[Node, ...]:
    query = (
        select(*_NODE_COLUMNS)
        .where(NODES.c.release_id == release_id, NODES.c.ordinal > ordinal)
        .order_by(NODES.c.ordinal)
        .limit(limit)
    )
    return _nodes(connection.execute(query))


def _children(connection: Connection, release_id: int, code: str | None, limit: int, offset: int) -> Page:
    below = NODES.c.parent.is_(None) if code is None else NODES.c.parent == code
    where = (NODES.c.release_id == release_id, below)
    query = select(*_NODE_COLUMNS).where(*where).order_by(NODES.c.ordinal).limit(limit).offset(offset)
    nodes = _nodes(connection.execute(query))
    if offset == 0 and len(nodes) < limit:
        total = len(nodes)
    else:
        total = connection.execute(select(func.count()).select_from(NODES).where(*where)).scalar_one()
    return Page(nodes, total, offset, limit)


def _billable_below(connection: Connection, release_id: int, code: str, limit: int, offset: int) -> Page:
    span = connection.execute(
        select(NODES.c.ordinal, NODES.c.last_ordinal, NODES.c.codes_below).where(
            NODES.c.release_id == release_id, NODES.c.code == code
        )
    ).one_or_none()
    if span is None or not span.codes_below:
        return Page((), 0, offset, limit)
    query = (
        select(*_NODE_COLUMNS)
        .where(
            NODES.c.release_id == release_id,
            NODES.c.ordinal > span.ordinal,
            NODES.c.ordinal <= span.last_ordinal,
            NODES.c.billable,
        )
        .order_by(NODES.c.ordinal)
        .limit(limit)
        .offset(offset)
    )
    return Page(_nodes(connection.execute(query)), span.codes_below, offset, limit)


# A page's statements are built once: building them took half of the time of reading a page.
_IN_RELEASE = NODES.c.release_id == bindparam("release")
_WITH_PATH = select(*_NODE_COLUMNS, NODES.c.path).where(_IN_RELEASE, NODES.c.code == bindparam("code"))
_ABOVE = select(*_NODE_COLUMNS).where(_IN_RELEASE, NODES.c.code.in_(bindparam("codes", expanding=True)))
_BELOW = (
    select(*_NODE_COLUMNS).where(_IN_RELEASE, NODES.c.parent == bindparam("parent")).order_by(NODES.c.ordinal)
)
_TOP = select(*_NODE_COLUMNS).where(_IN_RELEASE, NODES.c.parent.is_(None)).order_by(NODES.c.ordinal)
_NOTES_OF = (
    select(*_NOTE_COLUMNS)
    .where(NOTES.c.release_id == bindparam("release"), NOTES.c.code.in_(bindparam("codes", expanding=True)))
    .order_by(NOTES.c.code, NOTES.c.ordinal)
)


def _facts(connection: Connection, release: Release, code: str) -> CodeFacts | None:
    row = connection.execute(_WITH_PATH, {"release": release.id, "code": code}).one_or_none()
    if row is None:
        return None
    *values, path = row
    node = Node(*values)
    above = path.split("/") if path else []
    ancestors: tuple[Node, ...] = ()
    if above:
        found = _nodes(connection.execute(_ABOVE, {"release": release.id, "codes": above}))
        ancestors = tuple(sorted(found, key=lambda n: n.depth))
    notes = connection.execute(_NOTES_OF, {"release": release.id, "codes": [*above, code]})
    family = _TOP if node.parent is None else _BELOW
    siblings = _nodes(connection.execute(family, {"release": release.id, "parent": node.parent}))
    children: tuple[Node, ...] = ()
    billable: tuple[Node, ...] = ()
    if node.children:
        children = _nodes(connection.execute(_BELOW, {"release": release.id, "parent": code}))
        if node.kind in ("category", "subcategory"):
            billable = _billable_below(connection, release.id, code, VALIDITY_CHOICES, 0).nodes
    return assemble(
        release,
        node,
        ancestors=ancestors,
        children=children,
        family=siblings,
        notes=[_note(row) for row in notes],
        billable_below=billable,
    )


_references = msgspec.json.Decoder(list[tuple[str, str, str, bool]])


def _note(row: Any) -> Note:
    code, kind, ordinal, text, refs, key, source_row = row
    references = () if refs == "[]" else tuple(CodeReference(*r) for r in _references.decode(refs))
    return Note(code, kind, ordinal, text, references, key, source_row)


def _terms(connection: Connection, release_id: int) -> list[tuple[str, str, str, str]]:
    """(code, kind, 7th character or "", text) of inclusion terms and includes notes."""
    query = (
        select(NOTES.c.code, NOTES.c.kind, NOTES.c.key, NOTES.c.text)
        .where(NOTES.c.release_id == release_id, NOTES.c.kind.in_(("inclusion_term", "includes")))
        .order_by(NOTES.c.code, NOTES.c.ordinal)
    )
    return [(row.code, row.kind, row.key, row.text) for row in connection.execute(query)]


def _nearest(connection: Connection, release_id: int, key: str) -> tuple[Node | None, tuple[Node, ...]]:
    parts = [key[:n] for n in range(len(key) - 1, 2, -1)]
    parent: Node | None = None
    if parts and key[0].isalpha():
        query = select(*_NODE_COLUMNS).where(NODES.c.release_id == release_id, NODES.c.code.in_(parts))
        found = sorted(_nodes(connection.execute(query)), key=lambda n: -len(n.code))
        parent = found[0] if found else None
    if parent is not None and parent.children:
        return parent, _children(connection, release_id, parent.code, 8, 0).nodes
    if parent is not None:
        # A code that is complete as it is: itself and what stands around it.
        query = (
            select(*_NODE_COLUMNS)
            .where(NODES.c.release_id == release_id, NODES.c.parent == parent.parent)
            .order_by(func.abs(NODES.c.ordinal - parent.ordinal), NODES.c.ordinal)
            .limit(8)
        )
        return parent, _nodes(connection.execute(query))
    # Categories that begin alike: a list of keys finds them by the primary key on both databases.
    alike = [key[:2] + last for last in string.digits + string.ascii_uppercase]
    query = (
        select(*_NODE_COLUMNS)
        .where(NODES.c.release_id == release_id, NODES.c.code.in_(alike))
        .order_by(NODES.c.ordinal)
        .limit(8)
    )
    return None, _nodes(connection.execute(query))
