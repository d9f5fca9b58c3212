"""Two engines as one: a search server, and beside it the embedded engine, which answers while the server can't.

Both hold the same documents. A piece of work (all the queries behind one answer) is done by one engine alone; when
the server fails, is slow, or holds something else than the embedded index, the whole work is done again there.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any, Protocol, TypeVar

import msgspec
import structlog

from ahead.shared.search.breaker import Breaker
from ahead.shared.search.index import (
    Document,
    Documents,
    IndexSchema,
    InvalidQuery,
    Manifest,
    Progress,
    Query,
    Results,
    SearchEngine,
    SearchError,
    SearchIndex,
    SearchUnavailable,
    batches,
)
from ahead.shared.search.spelling import Vocabulary

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE_S = 0.45
"""Waiting for the server that one answer may cost altogether; the embedded engine has the rest of the second."""
_LOOK_S = 5.0
"""How often the server's state is looked at while it is in use."""
_PROBE_PATIENCE_S = 3.0
_CHUNK = 2000


class ServerIndex(SearchIndex, Protocol):
    """An index on a server, whose settings may have been changed behind our back."""

    async def drift(self) -> tuple[str, ...]:
        """Names of settings that are not as the code has them."""
        ...

    async def mend(self) -> tuple[str, ...]:
        """Make the settings again what the code says; the names of those that were not."""
        ...


class SearchState(msgspec.Struct, frozen=True):
    """What operators are told.

    Attributes:
        engine: which one answers now.
        wanted: which one the settings name.
        breaker: "closed" while the wanted engine is asked; "open" and "half-open" while it isn't.
        reason: why it isn't; "" while it is.
        failovers: how often this process had to leave it since it started.
        drift: settings on the server that are not as the code has them.
        documents, built_at: of the index that answers.
    """

    engine: str
    wanted: str
    breaker: str = "closed"
    reason: str = ""
    failovers: int = 0
    drift: tuple[str, ...] = ()
    documents: int = 0
    built_at: str = ""


class FallbackIndex:
    """Implements SearchIndex. server: asked while it does well; embedded: always current, and here."""

    def __init__(
        self,
        server: ServerIndex,
        embedded: SearchIndex,
        *,
        patience: float = PATIENCE_S,
        breaker: Breaker | None = None,
    ) -> None:
        self.server = server
        self.embedded = embedded
        self._patience = patience
        self._breaker = breaker or Breaker()
        self._drift: tuple[str, ...] = ()
        self._looked_at: float | None = None
        self._looking: asyncio.Task[None] | None = None

    @property
    def schema(self) -> IndexSchema:
        return self.server.schema

    @property
    def engine(self) -> str:
        """Which engine is asked next."""
        return (self.server if self._breaker.closed else self.embedded).engine

    @property
    def layout(self) -> str:
        return self.server.layout

    async def whole(self, work: Callable[[SearchIndex], Awaitable[T]]) -> T:
        """Do a piece of work with one engine: the server, or all of it again with the embedded one.

        Raises:
            SearchError: the embedded engine can't do it either; InvalidQuery: neither is to blame.
        """
        await self._look_if_due()
        if self._breaker.closed:
            try:
                done = await work(_Limited(self.server, self._patience))
            except InvalidQuery:
                raise
            except SearchError as error:
                self._leave(str(error))
            else:
                self._breaker.worked()
                return done
        return await work(self.embedded)

    async def search(self, query: Query) -> Results:
        return await self.whole(lambda index: index.search(query))

    async def search_many(self, queries: Sequence[Query]) -> list[Results]:
        return await self.whole(lambda index: index.search_many(queries))

    async def payloads(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        return await self.whole(lambda index: index.payloads(ids))

    async def vocabulary(self) -> Vocabulary:
        return await self.whole(lambda index: index.vocabulary())

    async def manifest(self) -> Manifest | None:
        """Of the server's index, when both are built alike; None when one of them is to be built."""
        held, beside = await self.server.manifest(), await self.embedded.manifest()
        if held is None or beside is None or held.fingerprint != beside.fingerprint:
            return None
        return held if beside.layout == self.embedded.layout else None

    async def rebuild(
        self, documents: Documents, *, fingerprint: str, total: int = 0, progress: Progress | None = None
    ) -> Manifest:
        """Build both. The embedded one first: from then on it answers, until the server's is the same again."""
        with TemporaryFile() as spool:
            beside = await self.embedded.rebuild(
                _written(documents, spool),
                fingerprint=fingerprint,
                total=total,
                progress=_part(progress, 0.0, 0.3),
            )
            spool.seek(0)
            manifest = await self.server.rebuild(
                _read(spool),
                fingerprint=fingerprint,
                total=total or beside.documents,
                progress=_part(progress, 0.3, 1.0),
            )
        self._looked_at = None
        return manifest

    async def apply(self, *, upserts: Sequence[Document] = (), deletes: Sequence[str] = ()) -> None:
        await self.embedded.apply(upserts=upserts, deletes=deletes)
        await self.server.apply(upserts=upserts, deletes=deletes)

    async def state(self) -> SearchState:
        """Looks at the server anew, unless it is being left alone."""
        if self._breaker.closed:
            await self._look()
        else:
            await self._look_if_due()
        index = self.server if self._breaker.closed else self.embedded
        held = None
        with contextlib.suppress(SearchError):
            held = await _limited(index.manifest(), _PROBE_PATIENCE_S)
        return SearchState(
            engine=self.engine,
            wanted=self.server.engine,
            breaker=self._breaker.state,
            reason=self._breaker.reason,
            failovers=self._breaker.opened,
            drift=self._drift,
            documents=held.documents if held else 0,
            built_at=held.built_at if held else "",
        )

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    # -- the server's state ----------------------------------------------------------------------------

    def _leave(self, reason: str) -> None:
        if self._breaker.failed(reason):
            log.warning("search.failover", engine=self.embedded.engine, reason=reason)

    async def _look_if_due(self) -> None:
        """Look at the server beside the searches; only the very first search waits for it, within its patience."""
        first = self._looked_at is None and self._breaker.closed
        looking = self._looking
        if looking is None or looking.done():
            if self._breaker.closed:
                due = first or time.monotonic() - (self._looked_at or 0.0) > _LOOK_S
            else:
                due = self._breaker.try_again()
            if not due:
                return
            looking = self._looking = asyncio.create_task(self._look())
        if first:
            await asyncio.wait([looking], timeout=self._patience)
            if not looking.done():
                self._leave(f"{self.server.engine} has not told its state in time")

    async def _look(self) -> None:
        """Is the server there, and does it hold what the embedded index holds? Then it is asked."""
        try:
            reason = await _limited(self._why_not(), _PROBE_PATIENCE_S)
        except SearchError as error:
            reason = str(error)
        except BaseException:
            self._breaker.failed("looking at the server was broken off")
            raise
        self._looked_at = time.monotonic()
        if reason:
            if self._breaker.closed:
                self._leave(reason)
            else:
                self._breaker.failed(reason)
        elif not self._breaker.closed:
            log.info("search.recovered", engine=self.server.engine)
            self._breaker.recovered()

    async def _why_not(self) -> str:
        held = await self.server.manifest()
        beside = await self.embedded.manifest()
        if held is None:
            return f"{self.server.engine} has no index: run `ahead search rebuild`"
        if beside is not None and held.fingerprint != beside.fingerprint:
            return (
                f"{self.server.engine}'s index is not built from what is held now: run `ahead search rebuild`"
            )
        if held.layout != self.server.layout:
            return f"{self.server.engine}'s index was built by another release: run `ahead search rebuild`"
        drift = await self.server.drift()
        if drift and drift != self._drift:
            log.warning("search.settings_drift", engine=self.server.engine, settings=drift)
        self._drift = drift
        if drift:
            return f"{self.server.engine}'s settings were changed ({', '.join(drift)}): run `ahead search rebuild`"
        return ""


class ServerEngine(SearchEngine, Protocol):
    """An engine that is a server: its indexes can be looked at from afar."""

    def index(self, schema: IndexSchema) -> ServerIndex: ...


class FallbackEngine:
    """Implements SearchEngine over two of them; named after the server, which is what the settings ask for."""

    def __init__(self, server: ServerEngine, embedded: SearchEngine) -> None:
        self._server = server
        self._embedded = embedded
        self._indexes: list[FallbackIndex] = []

    @property
    def name(self) -> str:
        return self._server.name

    def index(self, schema: IndexSchema) -> FallbackIndex:
        server = self._server.index(schema)
        made = FallbackIndex(server, self._embedded.index(schema))
        self._indexes.append(made)
        return made

    async def ready(self) -> bool:
        return await self._embedded.ready() or await self._server.ready()

    async def close(self) -> None:
        for index in self._indexes:
            await index.close()
        await self._server.close()
        await self._embedded.close()


async def with_one_engine(index: SearchIndex, work: Callable[[SearchIndex], Awaitable[T]]) -> T:
    """Do all the queries behind one answer with one engine, so that the answer can say which it was."""
    return await (index.whole(work) if isinstance(index, FallbackIndex) else work(index))


async def state_of(index: SearchIndex) -> SearchState:
    if isinstance(index, FallbackIndex):
        return await index.state()
    held = await index.manifest()
    documents, built_at = (held.documents, held.built_at) if held else (0, "")
    return SearchState(index.engine, index.engine, documents=documents, built_at=built_at)


class _Limited:
    """An index whose answers may take only so long altogether."""

    def __init__(self, index: SearchIndex, patience: float) -> None:
        self._index = index
        self._left = patience
        self.schema, self.engine, self.layout = index.schema, index.engine, index.layout
        self.manifest, self.rebuild, self.apply = index.manifest, index.rebuild, index.apply

    async def search(self, query: Query) -> Results:
        return await self._within(self._index.search(query))

    async def search_many(self, queries: Sequence[Query]) -> list[Results]:
        return await self._within(self._index.search_many(queries))

    async def payloads(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        return await self._within(self._index.payloads(ids))

    async def vocabulary(self) -> Vocabulary:
        return await self._within(self._index.vocabulary())

    async def _within(self, asked: Awaitable[T]) -> T:
        started = time.monotonic()
        try:
            return await _limited(asked, self._left)
        finally:
            self._left = max(0.0, self._left - (time.monotonic() - started))


async def _limited(asked: Awaitable[T], seconds: float) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await asked
    except TimeoutError:
        raise SearchUnavailable("the search server is slower than a search may wait") from None


async def _written(documents: Documents, spool: IO[bytes]) -> AsyncIterator[Document]:
    """The documents, kept in a file on their way: they are made once for two indexes."""
    encoder = msgspec.msgpack.Encoder()
    async for batch in batches(documents, _CHUNK):
        packed = encoder.encode(batch)
        spool.write(len(packed).to_bytes(8, "big"))
        spool.write(packed)
        for document in batch:
            yield document


def _read(spool: IO[bytes]) -> Iterator[Document]:
    # Checked when they were made; a type of values, scalar or one of two lists, can't be told from the bytes alone.
    decoder = msgspec.msgpack.Decoder(list[dict[str, Any]])
    while size := spool.read(8):
        for made in decoder.decode(spool.read(int.from_bytes(size, "big"))):
            yield Document(**made)


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    if progress is None:
        return None
    return lambda done, text: progress(start + (end - start) * done, text)
