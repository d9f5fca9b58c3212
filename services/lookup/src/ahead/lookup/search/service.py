"""Searching and suggesting: reads the query, lets the engine bring candidates, judges them, says why."""

import copy
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import msgspec

from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.search import explaining
from ahead.lookup.search.alternatives import near_words, respelled
from ahead.lookup.search.ranking import Judge, Judged, order
from ahead.lookup.search.reading import Reading, Variant, read, read_typing
from ahead.lookup.search.schemas import SearchAnswer, SearchHit, Suggestion, Suggestions
from ahead.shared.errors import Unavailable
from ahead.shared.search.fallback import SearchState, state_of, with_one_engine
from ahead.shared.search.index import Eq, Filter, Hit, In, Query, Results, SearchError, SearchIndex
from ahead.shared.search.spelling import Vocabulary

CANDIDATES = 120
"""Hits that an engine brings per query to be judged."""
PAGEABLE = 200
SUGGESTED_FROM = 2
_SUGGESTIONS = 8
_SUGGESTION_CANDIDATES = 40
_FACETS = ("system", "chapter", "billable")
_WORDING = ("code", "title", "terms")
_RELAXED_WORDS = 6
_ENOUGH = 0.34
"""Share of a query's weight that a hit needs when nothing holds all of its words."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched: one release per code system, the one that answers for the date."""

    editions: tuple[Edition, ...]

    @property
    def releases(self) -> tuple[int, ...]:
        return tuple(edition.release.id for edition in self.editions if edition.release)

    @property
    def filters(self) -> tuple[Filter, ...]:
        return (In("release", self.releases),)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What has to be said beside the hits, such as that an edition has run out."""
        return tuple(edition.message for edition in self.editions if edition.message)


@dataclass(frozen=True, slots=True)
class _Found:
    judged: list[Judged]
    total: int
    results: Results
    variant: Variant
    corrected: dict[str, str]


class CodeSearch:
    """index: of `documents.SCHEMA`. Both engines answer alike: they bring candidates, the order is ours."""

    def __init__(self, index: SearchIndex, catalog: Catalog) -> None:
        self._index = index
        self._catalog = catalog
        self._as_typed = False

    async def scope(self, system: str | None, as_of: date | None) -> Scope:
        """Raises BadInput when there is no such code system."""
        if system is not None:
            return Scope((await self._catalog.edition_for(system, as_of),))
        held = await self._catalog.systems()
        return Scope(tuple([await self._catalog.edition_for(info.system, as_of) for info in held]))

    async def state(self) -> SearchState:
        """Which engine answers, and why it is not the one that the settings name."""
        return await state_of(self._index)

    async def near_words(self, typed: str) -> tuple[str, ...]:
        """Known words near those of a query that found nothing; none while the search does not answer."""
        try:
            return near_words(typed, await self._index.vocabulary())
        except SearchError:
            return ()

    async def remarks(self) -> tuple[str, ...]:
        """What operators should know of the search; nothing while the engine that is wanted answers."""
        try:
            state = await self.state()
        except SearchError as error:
            return (f"the search does not answer: {error}",)
        return (f"{state.engine} searches instead: {state.reason}",) if state.reason else ()

    async def check_ready(self) -> None:
        """Raises SearchError unless there is an index."""
        await self._index.search(Query(limit=0))

    async def search(
        self,
        typed: str,
        scope: Scope,
        *,
        limit: int = 20,
        offset: int = 0,
        chapter: str | None = None,
        billable: bool | None = None,
        candidates: int = CANDIDATES,
        as_typed: bool = False,
    ) -> SearchAnswer:
        """Find codes. typed: up to 500 characters; offset + limit: at most 200.

        candidates: how many hits are brought to be judged, per query; give the same for every page of one
        search, because the order depends on it.

        chapter: as facets name it, "icd10cm:4". as_typed: correct nothing; `did_you_mean` then says what would be.

        Raises:
            Unavailable: the engine does not answer, or there is no index yet.
        """
        started = time.perf_counter()
        filters = scope.filters
        if chapter is not None:
            filters += (Eq("chapter", chapter),)
        if billable is not None:
            filters += (Eq("billable", billable),)
        try:
            base = Query(filters=filters, limit=candidates, explain=False)
            page = slice(offset, offset + limit)
            answer, engine = await with_one_engine(
                self._index, lambda index: self._over(index, as_typed)._answer_of(typed, base, page)
            )
        except SearchError as error:
            raise unavailable(error) from error
        took = (time.perf_counter() - started) * 1000
        return _changed(answer, query=typed, engine=engine, took_ms=round(took, 2))

    async def suggest(self, typed: str, scope: Scope) -> Suggestions:
        """Codes for a query that is still being typed; nothing before its second letter."""
        if len(typed.strip()) < SUGGESTED_FROM:
            return Suggestions(())
        try:
            hits = await with_one_engine(
                self._index, lambda index: self._over(index)._suggest(typed, scope.filters)
            )
        except SearchError as error:
            raise unavailable(error) from error
        chosen = {hit.id: hit for hit in hits}.values()
        return Suggestions(
            tuple(
                Suggestion(h.payload["system"], h.payload["code"], h.payload["title"])
                for h in list(chosen)[:_SUGGESTIONS]
            )
        )

    # -- searching -------------------------------------------------------------------------------------

    def _over(self, index: SearchIndex, as_typed: bool = False) -> "CodeSearch":
        """This search with one engine: all the queries behind an answer go to the same."""
        made = copy.copy(self)
        made._index = index
        made._as_typed = as_typed
        return made

    async def _answer_of(self, typed: str, base: Query, page: slice) -> tuple[SearchAnswer, str]:
        """The answer, and the engine that it is from."""
        answer = await self._answer(read(typed), base, page)
        if self._as_typed and not answer.interpreted.startswith("code "):
            answer = _changed(answer, did_you_mean=respelled(typed, await self._index.vocabulary()))
        return answer, self._index.engine

    async def _answer(self, reading: Reading, base: Query, page: slice) -> SearchAnswer:
        if reading.code and (answer := await self._by_code(reading.code, base, page)):
            return answer
        if found := await self._by_words(reading.variants, base):
            return self._words_answer(found, page)
        if (
            reading.code
            and not self._as_typed
            and (answer := await self._nearest_code(reading.code, base, page))
        ):
            return answer
        if reading.variants and (found := await self._by_fewer_words(reading.variants[0], base)):
            return self._words_answer(found, page)
        return _empty(reading)

    async def _by_code(self, code: str, base: Query, page: slice) -> SearchAnswer | None:
        """Codes that are this one or begin with it: itself, then the shorter before the longer."""
        query = replace(base, text=code, fields=("code",), limit=PAGEABLE, facets=_FACETS, prefix=True)
        results = await self._index.search(query)
        if not results.hits:
            return None
        hits = sorted(results.hits, key=lambda hit: (len(hit.text["code"][0]), hit.text["code"][0]))
        return SearchAnswer(
            query="",
            interpreted=f"code {explaining.dotted(code, str(hits[0].payload['system']))}",
            corrected=None,
            did_you_mean=None,
            total=results.total,
            engine="",
            took_ms=0,
            facets=_facets(results),
            hits=tuple(_hit(hit, explaining.code(hit, code)) for hit in hits[page]),
        )

    async def _nearest_code(self, code: str, base: Query, page: slice) -> SearchAnswer | None:
        """For a code that is none: the longest beginning of it that is one, with what lies below."""
        for end in range(len(code) - 1, 2, -1):
            if answer := await self._by_code(code[:end], base, page):
                system = answer.hits[0].system if answer.hits else "icd10cm"
                wanted, instead = explaining.dotted(code, system), explaining.dotted(code[:end], system)
                hits = tuple(_changed_hit(hit, explaining.instead(hit.code, wanted)) for hit in answer.hits)
                return _changed(
                    answer, interpreted=f"code {instead}", corrected=instead, did_you_mean=None, hits=hits
                )
        return None

    async def _by_words(self, variants: Sequence[Variant], base: Query) -> _Found | None:
        """Codes that hold all words; when there are none, with misspelled words corrected."""
        if not variants:
            return None
        vocabulary = await self._index.vocabulary()
        if found := await self._try(variants, base, vocabulary):
            return found
        if self._as_typed:
            return None
        found = await self._try(variants, replace(base, typos=True), vocabulary)
        if found is None or not found.corrected:
            return found
        # Corrected, it may hold a phrase that is known by another name.
        corrected = [found.corrected.get(word, word) for word in found.variant.words]
        again = await self._try(read(" ".join(corrected)).variants, base, vocabulary)
        return replace(again, corrected=found.corrected) if again else found

    async def _by_fewer_words(self, variant: Variant, base: Query) -> _Found | None:
        """No code holds all words: codes that hold all but one, all but two, or else most of them."""
        vocabulary = await self._index.vocabulary()
        base = replace(base, typos=not self._as_typed)
        words = variant.words[:_RELAXED_WORDS]
        for missing in range(1, min(3, len(words))):
            fewer = [
                replace(variant, words=kept) for kept in combinations(words, len(words) - missing) if kept
            ]
            if fewer and (found := await self._try(fewer, base, vocabulary, wanted=variant)):
                return found
        return await self._try([variant], replace(base, match="most"), vocabulary)

    async def _try(
        self,
        variants: Sequence[Variant],
        base: Query,
        vocabulary: Vocabulary,
        *,
        wanted: Variant | None = None,
    ) -> _Found | None:
        """wanted: what hits are judged by, where the variants leave something out of it."""
        queries: list[Query] = []
        for variant in variants:
            queries.append(replace(base, text=variant.text, facets=_FACETS))
            queries.append(replace(base, text=variant.text, fields=_WORDING))
        results = await self._index.search_many(queries)
        found: _Found | None = None
        best: dict[str, Judged] = {}
        for i, variant in enumerate(variants):
            everywhere, wording = results[2 * i], results[2 * i + 1]
            if not everywhere.hits:
                continue
            words = [everywhere.corrected.get(word, word) for word in (wanted or variant).words]
            judge = Judge(words, vocabulary, prefix=False)
            for hit in {hit.id: hit for hit in (*wording.hits, *everywhere.hits)}.values():
                judged = judge.judge(hit, variant.replaced, everywhere.corrected)
                if judged.best is None or (base.match == "most" and judged.best.share < _ENOUGH):
                    continue
                if hit.id not in best or judged.score > best[hit.id].score:
                    best[hit.id] = judged
            if found is None:
                corrected = dict(everywhere.corrected)
                found = _Found([], everywhere.total, everywhere, wanted or variant, corrected)
        if found is None or not best:
            return None
        judged = order(list(best.values()))
        total = len(judged) if base.match == "most" or wanted else max(found.total, len(judged))
        return replace(found, judged=judged, total=total)

    def _words_answer(self, found: _Found, page: slice) -> SearchAnswer:
        words = [found.corrected.get(word, word) for word in found.variant.words]
        return SearchAnswer(
            query="",
            interpreted=" ".join(words),
            corrected=" ".join(words) if found.corrected else None,
            did_you_mean=None,
            total=found.total,
            engine="",
            took_ms=0,
            facets=_facets(found.results),
            hits=tuple(_hit(one.hit, explaining.words(one)) for one in found.judged[:PAGEABLE][page]),
        )

    # -- suggesting ------------------------------------------------------------------------------------

    async def _suggest(self, typed: str, filters: tuple[Filter, ...]) -> list[Hit]:
        reading = read_typing(typed)
        base = Query(filters=filters, limit=_SUGGESTION_CANDIDATES, explain=False)
        queries: list[Query] = []
        if reading.code:
            queries.append(replace(base, text=reading.code, fields=("code",), prefix=True))
        # What a synonym stands for is complete; what is being typed is not.
        worded = [
            replace(base, text=variant.text, fields=("title", "terms"), prefix=variant.open_ended)
            for variant in reading.variants
        ]
        queries += worded
        if not queries:
            return []
        results = await self._index.search_many(queries)
        vocabulary = await self._index.vocabulary()
        codes = results.pop(0).hits if reading.code else ()
        hits = sorted(codes, key=lambda hit: (len(hit.text["code"][0]), hit.text["code"][0]))
        if not codes and queries and not any(result.hits for result in results):
            results = await self._index.search_many([replace(query, typos=True) for query in worded])
        judged: list[Judged] = []
        for variant, result in zip(reading.variants, results, strict=True):
            words = [result.corrected.get(word, word) for word in variant.words]
            judge = Judge(words, vocabulary, prefix=variant.open_ended)
            judged += [judge.judge(hit, variant.replaced, result.corrected) for hit in result.hits]
        return [*hits, *(one.hit for one in order(judged))]


def unavailable(error: SearchError) -> Unavailable:
    return Unavailable(
        "The search does not answer right now.",
        slug="search-unavailable",
        hint="Try again in a moment. Codes can still be opened by their address and browsed.",
        extra={"reason": type(error).__name__},
        retry_after=3,
    )


def _facets(results: Results) -> dict[str, dict[str, int]]:
    return {name: dict(counts) for name, counts in results.facets.items()}


def _hit(hit: Hit, matched: tuple[explaining.Matched, ...]) -> SearchHit:
    payload = hit.payload
    return SearchHit(payload["system"], payload["code"], payload["title"], payload["billable"], matched)


def _changed(answer: SearchAnswer, **changes: object) -> SearchAnswer:
    return msgspec.structs.replace(answer, **changes)


def _changed_hit(hit: SearchHit, matched: tuple[explaining.Matched, ...]) -> SearchHit:
    return SearchHit(hit.system, hit.code, hit.title, hit.billable, matched)


def _empty(reading: Reading) -> SearchAnswer:
    interpreted = reading.variants[0].text if reading.variants else reading.typed.strip()
    return SearchAnswer("", interpreted, None, None, 0, "", 0, {name: {} for name in _FACETS}, ())
