"""The search port over Meilisearch 1.21, through its HTTP API.

Every index is `ahead_<name>_v<version>`; what it was built from and its words are a document of the index
`ahead_manifests`. A rebuild fills a new index, waits, swaps the two and deletes the old one.
"""

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec

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
    SearchError,
    SearchUnavailable,
    batches,
    check_ids,
)
from ahead.shared.search.matching import matched_fields
from ahead.shared.search.meilisearch_api import WRITE_TIMEOUT, Api
from ahead.shared.search.meilisearch_documents import Stored, document_id, encode, facet_counts, render
from ahead.shared.search.meilisearch_settings import FILTER, ID, STORED, TEXT, drifted, index_settings
from ahead.shared.search.reading import ReadQuery, read
from ahead.shared.search.spelling import Vocabulary, VocabularyBuilder

PREFIX = "ahead_"
MANIFESTS = f"{PREFIX}manifests"

_BATCH = 10_000
_LAYOUT = 1  # raised when this module writes documents differently
_VOCABULARY_FRESH_S = 30.0
_LEFT_OVER_AFTER = timedelta(hours=1)


class MeilisearchIndex:
    """Implements SearchIndex."""

    engine = "meilisearch"

    def __init__(self, api: Api, schema: IndexSchema) -> None:
        self._api = api
        self._schema = schema
        self._uid = PREFIX + schema.uid
        self._vocabulary: Vocabulary | None = None
        self._generation = ""
        self._looked_at = 0.0

    @property
    def schema(self) -> IndexSchema:
        return self._schema

    @property
    def layout(self) -> str:
        settings = msgspec.json.encode(index_settings(self._schema))
        return f"{self._schema.fingerprint()}-{_LAYOUT}-{hashlib.sha256(settings).hexdigest()[:8]}"

    async def search(self, query: Query) -> Results:
        return (await self.search_many([query]))[0]

    async def search_many(self, queries: Sequence[Query]) -> list[Results]:
        for query in queries:
            query.check(self._schema)
        vocabulary = await self.vocabulary() if any(q.typos and q.text for q in queries) else None
        readings = [read(query, vocabulary) for query in queries]
        asked = [
            self._query(query, reading)
            for query, reading in zip(queries, readings, strict=True)
            if not reading.nothing_to_find
        ]
        answer = (
            await self._api.call("POST", "/multi-search", {"queries": asked}) if asked else {"results": []}
        )
        answers = iter(answer["results"])
        return [
            Results((), 0, {name: {} for name in query.facets})
            if reading.nothing_to_find
            else self._results(query, reading, next(answers))
            for query, reading in zip(queries, readings, strict=True)
        ]

    async def payloads(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        check_ids(ids)
        if not ids:
            return {}
        # Half the time of a search that filters by id, and none of its ranking.
        asked = {"ids": [document_id(one) for one in ids], "limit": len(ids), "fields": [STORED]}
        answer = await self._api.call("POST", f"/indexes/{self._uid}/documents/fetch", asked)
        held = [msgspec.json.decode(found[STORED], type=Stored) for found in answer["results"]]
        return {stored.id: stored.payload for stored in held}

    async def vocabulary(self) -> Vocabulary:
        now = time.monotonic()
        if self._vocabulary is not None and now - self._looked_at < _VOCABULARY_FRESH_S:
            return self._vocabulary
        manifest = await self.manifest()
        if manifest is None:
            raise IndexMissing(f"no index {self._uid}: run `ahead search rebuild`")
        if self._vocabulary is None or manifest.generation != self._generation:
            held = await self._api.call("GET", f"/indexes/{MANIFESTS}/documents/{self._uid}")
            known = msgspec.convert(held["vocabulary"], dict[str, tuple[str, int]])
            self._vocabulary = Vocabulary(known, manifest.documents)
            self._generation = manifest.generation
        self._looked_at = now
        return self._vocabulary

    async def manifest(self) -> Manifest | None:
        fields = {"fields": ",".join(Manifest.__struct_fields__)}
        try:
            held = await self._api.call("GET", f"/indexes/{MANIFESTS}/documents/{self._uid}", params=fields)
            await self._api.call("GET", f"/indexes/{self._uid}")
        except IndexMissing:
            return None
        try:
            return msgspec.convert(held, Manifest)
        except msgspec.ValidationError:
            return None  # an older release wrote it

    async def rebuild(
        self, documents: Documents, *, fingerprint: str, total: int = 0, progress: Progress | None = None
    ) -> Manifest:
        await self._delete_left_overs()
        generation = uuid4().hex
        fresh = f"{self._uid}_build_{generation}"
        try:
            await self._create(fresh)
            await self._api.done(
                await self._api.call("PATCH", f"/indexes/{fresh}/settings", index_settings(self._schema))
            )
            count, words = await self._fill(fresh, documents, total, progress)
            if not await self._exists(self._uid):
                await self._create(self._uid)
            await self._api.done(
                await self._api.call("POST", "/swap-indexes", [{"indexes": [fresh, self._uid]}])
            )
        finally:
            # After the swap this name holds what was there before; after a failure, what was begun.
            if await self._exists(fresh):
                await self._api.done(await self._api.call("DELETE", f"/indexes/{fresh}"))
        manifest = Manifest(
            uid=self._uid,
            layout=self.layout,
            fingerprint=fingerprint,
            documents=count,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            generation=generation,
        )
        await self._write_manifest({**msgspec.to_builtins(manifest), "vocabulary": words})
        await self._delete_old_versions()
        self._looked_at = 0.0
        return manifest

    async def apply(self, *, upserts: Sequence[Document] = (), deletes: Sequence[str] = ()) -> None:
        if deletes:
            gone = [document_id(one) for one in deletes]
            await self._api.done(
                await self._api.call("POST", f"/indexes/{self._uid}/documents/delete-batch", gone)
            )
        if upserts:
            await self._api.done(await self._add(self._uid, upserts))

    async def drift(self) -> tuple[str, ...]:
        """Names of settings that somebody changed on the server. Unknown, and so none, to a key that may not ask."""
        try:
            held = await self._api.call("GET", f"/indexes/{self._uid}/settings")
        except (SearchUnavailable, IndexMissing):
            raise
        except SearchError:
            return ()
        return drifted(self._schema, held)

    async def mend(self) -> tuple[str, ...]:
        """Make the settings again what the code says; the server indexes anew what that touches, and answers
        meanwhile with the settings it had. The names of those that were not as they should be."""
        wrong = await self.drift()
        if wrong:
            wanted = index_settings(self._schema)
            await self._api.done(await self._api.call("PATCH", f"/indexes/{self._uid}/settings", wanted))
        return wrong

    # -- searching -------------------------------------------------------------------------------------

    def _query(self, query: Query, reading: ReadQuery) -> dict[str, Any]:
        body: dict[str, Any] = {
            "indexUid": self._uid,
            "q": _text(query, reading),
            "limit": query.limit,
            "offset": query.offset,
            "attributesToRetrieve": [STORED],
            "showRankingScore": True,
            # "frequency" drops the commonest words first, as Tantivy's scores weigh them least.
            "matchingStrategy": "all" if query.match == "all" else "frequency",
        }
        if query.filters:
            body["filter"] = [render(self._schema, condition) for condition in query.filters]
        if query.fields:
            body["attributesToSearchOn"] = [TEXT + name for name in query.fields]
        if query.order:
            body["sort"] = [f"{FILTER}{query.order}:desc"]
        if query.facets:
            body["facets"] = [FILTER + name for name in query.facets]
        return body

    def _results(self, query: Query, reading: ReadQuery, answer: Mapping[str, Any]) -> Results:
        hits: list[Hit] = []
        for found in answer["hits"]:
            stored = msgspec.json.decode(found[STORED], type=Stored)
            matched = (
                matched_fields(self._schema, stored.text, reading.words, prefix=reading.prefix)
                if query.explain
                else ()
            )
            hits.append(Hit(stored.id, float(found["_rankingScore"]), stored.text, stored.payload, matched))
        counted = answer.get("facetDistribution") or {}
        facets = {name: facet_counts(counted.get(FILTER + name, {})) for name in query.facets}
        return Results(tuple(hits), int(answer["estimatedTotalHits"]), facets, reading.corrected)

    # -- writing ---------------------------------------------------------------------------------------

    async def _fill(
        self, uid: str, documents: Documents, total: int, progress: Progress | None
    ) -> tuple[int, dict[str, tuple[str, int]]]:
        seen = VocabularyBuilder()
        count = 0
        tasks: list[Any] = []
        async for batch in batches(documents, _BATCH):
            tasks.append(await self._add(uid, batch))
            for document in batch:
                seen.add(self._schema.spelled(document.text))
            count += len(batch)
            if progress is not None and total:
                # Handing over takes about a fifth of the time, indexing the rest.
                progress(min(0.2 * count / total, 0.2), f"{count:,} of {total:,} documents handed over")
        for done, task in enumerate(tasks, 1):
            await self._api.done(task)
            if progress is not None:
                progress(
                    0.2 + 0.79 * done / len(tasks),
                    f"{min(done * _BATCH, count):,} of {count:,} documents indexed",
                )
        return count, seen.dump()

    async def _add(self, uid: str, documents: Sequence[Document]) -> Any:
        lines = await asyncio.to_thread(lambda: b"\n".join(encode(self._schema, one) for one in documents))
        return await self._api.send(
            "PUT", f"/indexes/{uid}/documents", lines, "application/x-ndjson", timeout=WRITE_TIMEOUT
        )

    async def _write_manifest(self, document: dict[str, Any]) -> None:
        if not await self._exists(MANIFESTS):
            await self._create(MANIFESTS, primary_key="uid")
            nothing = {"searchableAttributes": ["uid"]}
            await self._api.done(await self._api.call("PATCH", f"/indexes/{MANIFESTS}/settings", nothing))
        body = msgspec.json.encode([document])
        task = await self._api.send(
            "POST", f"/indexes/{MANIFESTS}/documents", body, "application/json", timeout=WRITE_TIMEOUT
        )
        await self._api.done(task)

    async def _create(self, uid: str, *, primary_key: str = ID) -> None:
        await self._api.done(
            await self._api.call("POST", "/indexes", {"uid": uid, "primaryKey": primary_key})
        )

    async def _exists(self, uid: str) -> bool:
        try:
            await self._api.call("GET", f"/indexes/{uid}")
        except IndexMissing:
            return False
        return True

    async def _indexes(self) -> list[dict[str, Any]]:
        return (await self._api.call("GET", "/indexes", params={"limit": "1000"}))["results"]

    async def _delete_left_overs(self) -> None:
        """Indexes that a killed rebuild left behind; a young one may belong to a rebuild under way."""
        before = datetime.now(UTC) - _LEFT_OVER_AFTER
        for held in await self._indexes():
            if (
                held["uid"].startswith(f"{self._uid}_build_")
                and datetime.fromisoformat(held["createdAt"]) < before
            ):
                await self._api.done(await self._api.call("DELETE", f"/indexes/{held['uid']}"))

    async def _delete_old_versions(self) -> None:
        """The version before this one stays, for an upgrade under way; older ones go."""
        start = f"{PREFIX}{self._schema.name}_v"
        for held in await self._indexes():
            version = held["uid"].removeprefix(start)
            if version.isdigit() and int(version) < self._schema.version - 1:
                await self._api.done(await self._api.call("DELETE", f"/indexes/{held['uid']}"))
                await self._api.done(
                    await self._api.call("DELETE", f"/indexes/{MANIFESTS}/documents/{held['uid']}")
                )


class MeilisearchEngine:
    """Implements SearchEngine. A web process needs a key that may search only (`issue_key`)."""

    name = "meilisearch"

    def __init__(self, url: str, key: str) -> None:
        self._api = Api(url.rstrip("/"), key)

    def index(self, schema: IndexSchema) -> MeilisearchIndex:
        return MeilisearchIndex(self._api, schema)

    async def ready(self) -> bool:
        try:
            return (await self._api.call("GET", "/health"))["status"] == "available"
        except SearchError:
            return False

    async def issue_key(self, name: str, *, may_write: bool) -> str:
        """Make, or find again, a key for the platform's own indexes; needs the master key.

        may_write: for what rebuilds; without it the key searches and reads documents, as a web process needs.
        """
        actions = ["search", "documents.get", "indexes.get", "settings.get", "stats.get"]
        if may_write:
            actions = ["search", "documents.*", "indexes.*", "settings.*", "stats.get", "tasks.get"]
        held = (await self._api.call("GET", "/keys", params={"limit": "1000"}))["results"]
        for key in held:
            if key["name"] == name and sorted(key["actions"]) == sorted(actions):
                return str(key["key"])
        wanted = {"name": name, "actions": actions, "indexes": [f"{PREFIX}*"], "expiresAt": None}
        return str((await self._api.call("POST", "/keys", wanted))["key"])

    async def close(self) -> None:
        await self._api.close()


def _text(query: Query, reading: ReadQuery) -> str:
    """The words as Meilisearch takes them for just these words.

    A word in quotation marks is neither taken apart ("xxxx" as "xx xx") nor put together with the next nor
    completed. Not when words may be missing: what is in quotation marks never may.
    """
    if query.match == "most":
        return " ".join(reading.words) + ("" if reading.prefix or not reading.words else " ")
    whole = reading.words[:-1] if reading.prefix else reading.words
    quoted = [f'"{word}"' for word in whole]
    return " ".join([*quoted, *reading.words[len(whole) :]])
