"""What is asked at the doors of the search: words and single codes go to `CodeSearch`; lists, ranges and patterns of
codes, and codes in need of repair, are answered here; readings of an ambiguous term are offered."""

import time
from collections.abc import Sequence

import msgspec

from ahead.lookup.catalog.schemas import Release
from ahead.lookup.search.code_queries import CodeQueries, CodesFound, Place
from ahead.lookup.search.lexicon import Lexicon
from ahead.lookup.search.patterns import Asked, Several, one_code, read_codes
from ahead.lookup.search.schemas import (
    Matched,
    Offered,
    OfferedReading,
    SearchAnswer,
    SearchHit,
)
from ahead.lookup.search.service import PAGEABLE, CodeSearch, Narrowed, Scope, unavailable
from ahead.shared.search.analysis import raw_words
from ahead.shared.search.fallback import with_one_engine
from ahead.shared.search.index import SearchError, SearchIndex

_MOST_READ = 60
"""Words of a query in which ambiguous terms are looked for."""


class SearchDoors:
    def __init__(self, search: CodeSearch, index: SearchIndex, queries: CodeQueries) -> None:
        self._search = search
        self._index = index
        self._queries = queries

    async def search(
        self,
        typed: str,
        scope: Scope,
        *,
        limit: int = 20,
        offset: int = 0,
        narrowed: Narrowed | None = None,
        as_typed: bool = False,
    ) -> SearchAnswer:
        """As `CodeSearch.search`.

        Raises:
            BadInput: a range or a pattern that can't be meant.
            Unavailable: the engine does not answer, or there is no index yet.
        """
        narrowed = narrowed or Narrowed()
        started = time.perf_counter()
        found = await self._codes(read_codes(typed), typed, scope)
        if found is not None:
            answer = await self._answer_of(found, narrowed, slice(offset, offset + limit))
        else:
            answer = await self._search.search(
                typed,
                scope,
                limit=limit,
                offset=offset,
                chapter=narrowed.chapter,
                billable=narrowed.billable,
                as_typed=as_typed,
            )
            answer = msgspec.structs.replace(answer, readings=readings(typed, answer.interpreted))
        took = round((time.perf_counter() - started) * 1000, 2)
        return msgspec.structs.replace(answer, query=typed, took_ms=took)

    async def _codes(self, asked: Asked | None, typed: str, scope: Scope) -> CodesFound | None:
        """None when it is words or one code that needs no repair."""
        releases = _releases(scope)
        if asked is None:
            code = one_code(typed)
            for release in releases:
                if place := await self._queries.repair(code, release):
                    return CodesFound(f"code {place.dotted}", (place,))
            return None
        found = await self._queries.find(asked, releases)
        return None if isinstance(asked, Several) and not found.places else found

    async def _answer_of(self, found: CodesFound, narrowed: Narrowed, page: slice) -> SearchAnswer:
        found = found.narrowed(narrowed.chapter, narrowed.billable)
        hits, engine = await self._hits(found.places[:PAGEABLE][page])
        return SearchAnswer(
            query="",
            interpreted=found.interpreted,
            corrected=None,
            did_you_mean=None,
            total=len(found.places),
            engine=engine,
            took_ms=0,
            facets=found.facets(),
            hits=hits,
            missing=found.missing,
        )

    async def _hits(self, places: Sequence[Place]) -> tuple[tuple[SearchHit, ...], str]:
        """The documents of these places, in their order, and the engine they are from."""
        keys = tuple(place.key for place in places)

        async def ask(index: SearchIndex) -> tuple[dict[str, str], str]:
            held = await index.payloads(keys)
            return {key: str(payload["title"]) for key, payload in held.items()}, index.engine

        try:
            titles, engine = await with_one_engine(self._index, ask)
        except SearchError as error:
            raise unavailable(error) from error
        return tuple(
            SearchHit(
                place.system,
                place.dotted,
                titles[place.key],
                place.billable,
                (Matched("code", place.dotted, place.why),),
            )
            for place in places
            if place.key in titles
        ), engine


def readings(typed: str, interpreted: str) -> tuple[Offered, ...]:
    """The terms of the query that may stand for several things, each with the query for every reading; none for a
    code. interpreted: how the query was read."""
    if interpreted.startswith("code "):
        return ()
    words = raw_words(typed)[:_MOST_READ]
    offered: list[Offered] = []
    for found in Lexicon.load().expand(words, words):
        if len(found.replacements) > 1:
            each = tuple(
                OfferedReading(text, " ".join([*words[: found.start], text, *words[found.end :]]))
                for text in found.replacements
            )
            offered.append(Offered(" ".join(words[found.start : found.end]), found.decided, each))
    return tuple(offered)


def _releases(scope: Scope) -> tuple[Release, ...]:
    return tuple(edition.release for edition in scope.editions if edition.release)
