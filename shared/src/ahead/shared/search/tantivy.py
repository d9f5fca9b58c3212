"""The search port over Tantivy: in this process, on disk, for machines without a search server.

    <directory>/<name>_v<version>/current.json     which folder is the index now; replaced atomically
    <directory>/<name>_v<version>/<generation>/    one index, and its vocabulary.json

A rebuild writes a new folder and then replaces the pointer. Every process looks at the pointer before it
searches (one stat) and reopens when it changed, so that any number of processes follow one writer.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import tantivy

from ahead.shared.search.analysis import indexed
from ahead.shared.search.index import (
    Document,
    Documents,
    Hit,
    IndexMissing,
    IndexSchema,
    Manifest,
    Progress,
    Query,
    Results,
    SearchUnavailable,
    batches,
    check_ids,
    values_of,
)
from ahead.shared.search.matching import matched_fields
from ahead.shared.search.reading import ReadQuery, read
from ahead.shared.search.spelling import Vocabulary, VocabularyBuilder
from ahead.shared.search.tantivy_queries import build_query
from ahead.shared.search.tantivy_schema import ID, RANK, STORED, build_schema, register

_HEAP_BYTES = 64_000_000
_BATCH = 2000
_LAYOUT = 1  # raised when this module writes an index differently

_Q = tantivy.Query


class _Stored(msgspec.Struct):
    """What is kept of a document besides the index itself."""

    id: str
    text: dict[str, list[str]]
    payload: dict[str, Any]


class _Open:
    """An opened generation."""

    def __init__(self, folder: Path, manifest: Manifest, schema: tantivy.Schema) -> None:
        self.manifest = manifest
        self.index = tantivy.Index(schema, str(folder), reuse=True)
        register(self.index)
        self.searcher = self.index.searcher()
        self._words = folder / "vocabulary.json"
        self._vocabulary: Vocabulary | None = None

    def vocabulary(self) -> Vocabulary:
        if self._vocabulary is None:
            known = msgspec.json.decode(self._words.read_bytes(), type=dict[str, tuple[str, int]])
            self._vocabulary = Vocabulary(known, self.manifest.documents)
        return self._vocabulary


class TantivyIndex:
    """Implements SearchIndex. Searches run where they are called: they take 0.1 to a few milliseconds."""

    engine = "tantivy"

    def __init__(self, directory: Path, schema: IndexSchema) -> None:
        self._schema = schema
        self._home = directory / schema.uid
        self._directory = directory
        self._pointer = self._home / "current.json"
        self._built = build_schema(schema)
        self._open: _Open | None = None
        self._seen: tuple[int, int] | None = None

    @property
    def schema(self) -> IndexSchema:
        return self._schema

    @property
    def layout(self) -> str:
        return f"{self._schema.fingerprint()}-{_LAYOUT}"

    async def search(self, query: Query) -> Results:
        return self._search(self._current(), query)

    async def search_many(self, queries: Sequence[Query]) -> list[Results]:
        current = self._current()
        results: list[Results] = []
        for query in queries:
            results.append(self._search(current, query))
            await asyncio.sleep(0)  # other requests get their turn between two queries
        return results

    async def payloads(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        check_ids(ids)
        current = self._current()
        try:
            found = current.searcher.search(
                _Q.term_set_query(self._built, ID, list(ids)), limit=max(len(ids), 1)
            )
            held = [self._stored(current, address) for _, address in found.hits]
        except (ValueError, OSError) as error:
            raise SearchUnavailable(f"Tantivy could not read {self._schema.uid}: {error}") from error
        return {stored.id: stored.payload for stored in held}

    async def vocabulary(self) -> Vocabulary:
        return self._current().vocabulary()

    async def manifest(self) -> Manifest | None:
        try:
            return self._current().manifest
        except (IndexMissing, SearchUnavailable):
            # What can't be opened, because a file is gone or an older release wrote it, is built again.
            return None

    async def rebuild(
        self, documents: Documents, *, fingerprint: str, total: int = 0, progress: Progress | None = None
    ) -> Manifest:
        async with self._writing():
            generation = uuid4().hex
            folder = self._home / generation
            try:
                count = await self._fill(folder, documents, total, progress)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            manifest = Manifest(
                uid=self._schema.uid,
                layout=self.layout,
                fingerprint=fingerprint,
                documents=count,
                built_at=datetime.now(UTC).isoformat(timespec="seconds"),
                generation=generation,
            )
            previous = self._pointed_at()
            self._point(manifest)
            await asyncio.to_thread(self._clean, {generation, previous})
            return manifest

    async def apply(self, *, upserts: Sequence[Document] = (), deletes: Sequence[str] = ()) -> None:
        async with self._writing():
            await asyncio.to_thread(self._apply, upserts, deletes)

    # -- searching -------------------------------------------------------------------------------------

    def _current(self) -> _Open:
        try:
            stat = self._pointer.stat()
        except FileNotFoundError:
            raise IndexMissing(f"no index {self._schema.uid}: run `ahead search rebuild`") from None
        seen = (stat.st_ino, stat.st_mtime_ns)
        if self._open is None or seen != self._seen:
            try:
                manifest = msgspec.json.decode(self._pointer.read_bytes(), type=Manifest)
                self._open = _Open(self._home / manifest.generation, manifest, self._built)
            except (ValueError, OSError, msgspec.DecodeError) as error:
                raise SearchUnavailable(f"the index {self._schema.uid} can't be opened: {error}") from error
            self._seen = seen
        return self._open

    def _search(self, current: _Open, query: Query) -> Results:
        query.check(self._schema)
        reading = read(query, current.vocabulary() if query.typos else None)
        if reading.nothing_to_find:
            return Results((), 0, {name: {} for name in query.facets})
        built = build_query(self._schema, self._built, query, reading)
        try:
            if query.facets and not query.limit:
                # Counting says how many there are, too: finding the best of them would be half the work.
                total, facets = self._counted(current.searcher, built, query.facets)
                return Results((), total, facets, reading.corrected)
            by: dict[str, Any] = {"order_by_field": query.order} if query.order else {"weight_by_field": RANK}
            found = current.searcher.search(
                built, limit=max(query.limit, 1), offset=query.offset, count=True, **by
            )
            facets = self._counted(current.searcher, built, query.facets)[1] if query.facets else {}
            hits = [
                self._hit(current, score, address, reading if query.explain else None)
                for score, address in found.hits[: query.limit]
            ]
        except (ValueError, OSError) as error:
            raise SearchUnavailable(f"Tantivy could not search {self._schema.uid}: {error}") from error
        return Results(tuple(hits), int(getattr(found, "count", 0) or 0), facets, reading.corrected)

    def _hit(
        self, current: _Open, score: float | None, address: tantivy.DocAddress, reading: ReadQuery | None
    ) -> Hit:
        stored = self._stored(current, address)
        matched = (
            matched_fields(self._schema, stored.text, reading.words, prefix=reading.prefix) if reading else ()
        )
        return Hit(stored.id, float(score or 0), stored.text, stored.payload, matched)

    def _stored(self, current: _Open, address: tantivy.DocAddress) -> _Stored:
        raw = current.searcher.doc(address).get_first(STORED)
        return msgspec.json.decode(bytes(raw or b""), type=_Stored)

    def _counted(
        self, searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str]
    ) -> tuple[int, dict[str, dict[str, int]]]:
        """How many match, and all facets, in one pass over them."""
        size = self._schema.facet_values
        asked: dict[str, Any] = {name: {"terms": {"field": name, "size": size}} for name in names}
        # Every document has one rank.
        asked[RANK] = {"value_count": {"field": RANK}}
        answer = searcher.aggregate(query, asked)
        facets: dict[str, dict[str, int]] = {}
        for name in names:
            buckets: list[dict[str, Any]] = answer[name]["buckets"]
            counted = {str(b.get("key_as_string", b["key"])): int(b["doc_count"]) for b in buckets}
            facets[name] = dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
        return int(answer[RANK]["value"]), facets

    # -- writing ---------------------------------------------------------------------------------------

    async def _fill(self, folder: Path, documents: Documents, total: int, progress: Progress | None) -> int:
        await asyncio.to_thread(folder.mkdir)
        index = tantivy.Index(self._built, str(folder))
        register(index)
        writer = index.writer(_HEAP_BYTES, 1)
        seen = VocabularyBuilder()
        count = 0

        def add(batch: Sequence[Document]) -> None:
            for document in batch:
                writer.add_document(self._document(document))
                seen.add(self._schema.spelled(document.text))

        def finish() -> None:
            writer.commit()
            writer.wait_merging_threads()
            (folder / "vocabulary.json").write_bytes(msgspec.json.encode(seen.dump()))

        async for batch in batches(documents, _BATCH):
            await asyncio.to_thread(add, batch)
            count += len(batch)
            if progress is not None and total:
                progress(min(count / total, 0.99), f"{count:,} of {total:,} documents")
        await asyncio.to_thread(finish)
        return count

    def _apply(self, upserts: Sequence[Document], deletes: Sequence[str]) -> None:
        current = self._current()
        writer = current.index.writer(_HEAP_BYTES, 1)
        for gone in (*deletes, *(document.id for document in upserts)):
            writer.delete_documents_by_term(ID, gone)
        for document in upserts:
            writer.add_document(self._document(document))
        writer.commit()
        writer.wait_merging_threads()
        current.index.reload()
        documents = current.index.searcher().num_docs
        # Pointing again at the same folder tells every process, this one too, to open it anew.
        self._point(msgspec.structs.replace(current.manifest, documents=documents))

    def _document(self, document: Document) -> tantivy.Document:
        made = tantivy.Document()
        made.add_text(ID, document.id)
        made.add_float(RANK, document.rank / 100)
        for name, texts in document.text.items():
            self._schema.text_field(name)
            made.add_text(name, indexed(texts))
        for name, value in document.values.items():
            declared = self._schema.filter_field(name)
            for one in values_of(declared, value):
                if isinstance(one, bool):
                    made.add_boolean(name, one)
                elif isinstance(one, int):
                    made.add_integer(name, one)
                else:
                    made.add_text(name, one)
        stored = _Stored(document.id, document.text, document.payload)
        made.add_bytes(STORED, msgspec.json.encode(stored))
        return made

    @contextlib.asynccontextmanager
    async def _writing(self) -> AsyncGenerator[None]:
        """One writer at a time, over all processes; the lock goes with the process that holds it."""
        await asyncio.to_thread(self._home.mkdir, parents=True, exist_ok=True)
        lock = await asyncio.to_thread((self._home / "lock").open, "w")
        try:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            yield
        finally:
            lock.close()

    def _pointed_at(self) -> str:
        try:
            return msgspec.json.decode(self._pointer.read_bytes(), type=Manifest).generation
        except (FileNotFoundError, msgspec.DecodeError):
            return ""

    def _point(self, manifest: Manifest) -> None:
        fresh = self._home / f".{uuid4().hex}"
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(manifest))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._pointer)

    def _clean(self, keep: set[str]) -> None:
        """Remove what nobody reads any more.

        The generation before the present one stays: another process may be opening it this moment. So does
        the index of the version before this one, for an upgrade under way.
        """
        for entry in self._home.iterdir():
            if entry.is_dir() and entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)
        for entry in self._directory.glob(f"{self._schema.name}_v*"):
            version = entry.name.removeprefix(f"{self._schema.name}_v")
            if version.isdigit() and int(version) < self._schema.version - 1:
                shutil.rmtree(entry, ignore_errors=True)


class TantivyEngine:
    """Implements SearchEngine. directory: where the indexes lie, made when needed."""

    name = "tantivy"

    def __init__(self, directory: Path | str) -> None:
        self._directory = Path(directory)

    def index(self, schema: IndexSchema) -> TantivyIndex:
        return TantivyIndex(self._directory, schema)

    async def ready(self) -> bool:
        return True

    async def close(self) -> None:
        return None
