"""What an answer of the search costs beside a raw query to the same engine, over the same documents: the same words, the
same releases, ten documents, the same counts. Latency one query at a time, throughput with several at once."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ahead.lookup.search.finding import FACETS
from ahead.lookup.search.service import CodeSearch, Scope
from ahead.shared.search.index import Query, SearchIndex

ROUNDS, AT_ONCE = 5, 8
FIRST = 10
Ask = Callable[[str], Awaitable[object]]


@dataclass(frozen=True)
class Speed:
    """Milliseconds of one query at a time, and queries a second with several at once: medians of the rounds."""

    p50: float
    p95: float
    per_second: float


async def beside_raw(
    search: CodeSearch, index: SearchIndex, scope: Scope, queries: Sequence[str]
) -> tuple[Speed, Speed]:
    """Ours and the raw query, in turns, so that whatever else the machine does hits both; the first turn warms up."""

    async def ours(query: str) -> object:
        return await search.search(query, scope, limit=FIRST)

    async def raw(query: str) -> object:
        return await index.search(
            Query(text=query, filters=scope.filters, facets=FACETS, limit=FIRST, match="any", explain=False)
        )

    rounds: dict[Ask, list[Speed]] = {ours: [], raw: []}
    for number in range(ROUNDS + 1):
        for ask in (ours, raw) if number % 2 else (raw, ours):
            speed = await _round(ask, queries)
            if number:
                rounds[ask].append(speed)
    return _median(rounds[ours]), _median(rounds[raw])


async def _round(ask: Ask, queries: Sequence[str]) -> Speed:
    took: list[float] = []
    for query in queries:
        began = time.perf_counter()
        await ask(query)
        took.append((time.perf_counter() - began) * 1000)
    left = iter(queries)

    async def worker() -> None:
        for query in left:
            await ask(query)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    spent = time.perf_counter() - began
    took.sort()
    return Speed(took[len(took) // 2], took[int(len(took) * 0.95)], len(queries) / spent)


def _median(rounds: Sequence[Speed]) -> Speed:
    return Speed(
        statistics.median(one.p50 for one in rounds),
        statistics.median(one.p95 for one in rounds),
        statistics.median(one.per_second for one in rounds),
    )
