"""Searching and suggesting: reads the query, lets the engine bring candidates, judges them, says why."""

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec

from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.search import explaining
from ahead.lookup.search.alternatives import near_words, respelled
from ahead.lookup.search.finding import FACETS, LISTED, Finders, Found
from ahead.lookup.search.ranking import Judge, Judged, order
from ahead.lookup.search.reading import Reading, read, read_typing
from ahead.lookup.search.schemas import SearchAnswer, SearchHit, Suggestion, Suggestions
from ahead.shared.errors import Unavailable
from ahead.shared.search.fallback import SearchState, state_of, with_one_engine
from ahead.shared.search.index import Eq, Filter, Hit, In, Query, Results, SearchError, SearchIndex

PAGEABLE = LISTED
SUGGESTED_FROM = 2
_SUGGESTIONS = 8
_SUGGESTION_CANDIDATES = 40


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

    def ended(self, system: str) -> date | None:
        """The last day of the edition searched, where the date asked for is after it."""
        for edition in self.editions:
            if edition.system == system and edition.marked and edition.release:
                return edition.release.window_to
        return None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What has to be said beside the hits, such as that an edition has run out."""
        return tuple(edition.message for edition in self.editions if edition.message)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What hits are narrowed down to. chapter: as facets name it."""

    chapter: str | None = None
    billable: bool | None = None

    @property
    def filters(self) -> tuple[Filter, ...]:
        chapter = () if self.chapter is None else (Eq("chapter", self.chapter),)
        billable = () if self.billable is None else (Eq("billable", self.billable),)
        return chapter + billable


class CodeSearch:
    """index: of `documents.SCHEMA`. Both engines answer alike: they hold the documents, which codes words mean and in
    what order is worked out beside them, from `finders`."""

    def __init__(self, index: SearchIndex, catalog: Catalog, finders: Finders) -> None:
        self._index = index
        self._finders = finders
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
        as_typed: bool = False,
    ) -> SearchAnswer:
        """Find codes. typed: up to 500 characters; offset + limit: at most 200.

        chapter: as facets name it, "icd10cm:4". as_typed: correct nothing; `did_you_mean` then says what would be.

        Raises:
            Unavailable: the engine does not answer, or there is no index yet.
        """
        started = time.perf_counter()
        narrowed = Narrowed(chapter, billable)
        try:
            page = slice(offset, offset + limit)
            answer, engine = await with_one_engine(
                self._index,
                lambda index: self._over(index, as_typed)._answer_of(typed, scope, narrowed, page),
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

    async def _answer_of(
        self, typed: str, scope: Scope, narrowed: Narrowed, page: slice
    ) -> tuple[SearchAnswer, str]:
        """The answer, and the engine that it is from."""
        answer = await self._answer(read(typed), scope, narrowed, page)
        if self._as_typed and not answer.interpreted.startswith("code "):
            answer = _changed(answer, did_you_mean=respelled(typed, await self._index.vocabulary()))
        return answer, self._index.engine

    async def _answer(self, reading: Reading, scope: Scope, narrowed: Narrowed, page: slice) -> SearchAnswer:
        base = Query(filters=scope.filters + narrowed.filters, explain=False)
        if reading.code and (answer := await self._by_code(reading.code, base, page)):
            return answer
        found = self._by_words(reading.typed, scope, narrowed)
        partly = found is None or not found.whole
        if (
            reading.code
            and partly
            and not self._as_typed
            and (answer := await self._nearest_code(reading.code, base, page))
        ):
            return answer
        if found is None:
            await self._index.search(Query(limit=0))  # nothing found is told only by an engine that answers
            return _empty(reading)
        return await self._words_answer(found, scope, page)

    async def _by_code(self, code: str, base: Query, page: slice) -> SearchAnswer | None:
        """Codes that are this one or begin with it: itself, then the shorter before the longer."""
        query = replace(base, text=code, fields=("code",), limit=PAGEABLE, facets=FACETS, prefix=True)
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
            hits=tuple(_hit(hit.payload, explaining.code(hit, code)) for hit in hits[page]),
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

    def _by_words(self, typed: str, scope: Scope, narrowed: Narrowed) -> Found | None:
        """Codes that the words mean, best first; None when there are none."""
        finder = self._finders.current()
        found = finder.find(typed, scope.releases, as_typed=self._as_typed)
        found = finder.narrowed(found, chapter=narrowed.chapter, billable=narrowed.billable)
        return found if len(found) else None

    async def _words_answer(self, found: Found, scope: Scope, page: slice) -> SearchAnswer:
        finder = self._finders.current()
        places = range(min(len(found), PAGEABLE))[page]
        keys = {place: finder.key(int(found.codes[place]), scope.releases) for place in places}
        wanted = tuple(key for key in keys.values() if key is not None)
        held = await self._index.payloads(wanted)
        whys = {place: finder.why(found, place) for place in {0, *places}}
        words = finder.read_as(found)
        return SearchAnswer(
            query="",
            interpreted=words,
            corrected=words if whys[0].corrected else None,
            did_you_mean=None,
            total=len(found),
            engine="",
            took_ms=0,
            facets=finder.facets(found),
            hits=tuple(
                _hit(held[key], explaining.meant(whys[place])) for place, key in keys.items() if key in held
            ),
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


def _hit(payload: Mapping[str, Any], matched: tuple[explaining.Matched, ...]) -> SearchHit:
    return SearchHit(payload["system"], payload["code"], payload["title"], payload["billable"], matched)


def _changed(answer: SearchAnswer, **changes: object) -> SearchAnswer:
    return msgspec.structs.replace(answer, **changes)


def _changed_hit(hit: SearchHit, matched: tuple[explaining.Matched, ...]) -> SearchHit:
    return SearchHit(hit.system, hit.code, hit.title, hit.billable, matched)


def _empty(reading: Reading) -> SearchAnswer:
    interpreted = reading.variants[0].text if reading.variants else reading.typed.strip()
    return SearchAnswer("", interpreted, None, None, 0, "", 0, {name: {} for name in FACETS}, ())
