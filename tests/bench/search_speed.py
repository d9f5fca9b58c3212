"""What an answer of the search costs beside a raw query to the same engine, over the same documents: the same words,
the same releases, ten documents, the same counts. One query at a time, and several at once."""

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ahead.lookup.search.asking import MAX_QUERY
from ahead.lookup.search.finding import FACETS
from ahead.lookup.search.lexicon import Lexicon
from ahead.lookup.search.service import CodeSearch, Scope
from ahead.lookup.search.wording import Wording
from ahead.shared.search.index import Query, SearchIndex

ROUNDS, AT_ONCE = 5, 8
FIRST = 10
AT_MOST_RATIO = 1.5
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
            Query(text=query, filters=scope.filters, facets=FACETS, limit=FIRST, match="most", explain=False)
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


def hard_texts(wording: Wording, lexicon: Lexicon, count: int = 60) -> list[str]:
    """Texts that give the search as much to do as 500 characters can, drawn with a seed: the commonest words, terms of
    several meanings, words with typos, and signs of any script."""
    dice = random.Random(4)
    by_texts = np.argsort(-np.diff(wording.word_starts))[:200].tolist()
    common = [wording.surfaces[number] for number in by_texts]
    unclear = [entry.term for entry in lexicon if len(entry.meanings) > 1]

    def mistyped() -> str:
        word = dice.choice(wording.surfaces)
        at = dice.randrange(len(word))
        return word[:at] + dice.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]

    makers: tuple[Callable[[], str], ...] = (
        lambda: " ".join(dice.sample(common, 45)),
        lambda: " ".join(dice.sample(unclear, 16)),
        lambda: " ".join([*dice.sample(unclear, 8), *dice.sample(common, 8)]),
        lambda: " ".join(mistyped() for _ in range(45)),
        lambda: "".join(chr(dice.choice((dice.randrange(0xA0, 0xD7FF), 0x20))) for _ in range(MAX_QUERY)),
    )
    return [make()[:MAX_QUERY] for _ in range(count) for make in makers]


async def longest(search: CodeSearch, scope: Scope, texts: Sequence[str]) -> float:
    """Milliseconds that the slowest of these texts took; each is asked twice and its better time counts."""
    slowest = 0.0
    for text in texts:
        took: list[float] = []
        for _ in range(2):
            began = time.perf_counter()
            await search.search(text, scope, limit=FIRST)
            took.append((time.perf_counter() - began) * 1000)
        slowest = max(slowest, min(took))
    return slowest


def told(speeds: Mapping[str, tuple[Speed, Speed]]) -> tuple[list[str], bool]:
    """A table, and whether our p95 is within its bound on each engine."""
    lines = [
        "Typed queries beside a raw query to the same engine, in turns, over the same documents: the same words,"
        f" releases and counts, ten documents. Ours may take {AT_MOST_RATIO} times the raw query's p95.",
        "",
        "| | p50 ms | p95 ms | queries/s | raw p50 ms | p95 ms | queries/s | ratio of p95 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    met = True
    for engine, (ours, raw) in speeds.items():
        ratio = ours.p95 / raw.p95
        met = met and ratio <= AT_MOST_RATIO
        figures = f"{ours.p50:.1f} | {ours.p95:.1f} | {ours.per_second:.0f}"
        figures += f" | {raw.p50:.1f} | {raw.p95:.1f} | {raw.per_second:.0f} | {ratio:.2f}"
        lines.append(f"| {engine.capitalize()} | {figures} |")
        print(
            f"p95 on {engine}: ratio {ratio:.2f} (at most {AT_MOST_RATIO}):",
            "met" if ratio <= AT_MOST_RATIO else "NOT MET",
        )
    return lines, met
