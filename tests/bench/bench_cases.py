"""From a case to codes on the evaluation set: ours against BM25 per sentence, the nearest case and the commonest codes.

Micro-F1 of the answered set and recall of the first 30, on each half of the cases (split by the hash of ids), with 95 %
intervals by bootstrap over cases. The baselines may learn from the other cases; ours learns nothing from the file.
"""

import asyncio
import hashlib
import heapq
import json
import math
import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lookup_server import prepared, workspace

from ahead.lookup.casenotes.dictionary import Dictionary
from ahead.lookup.casenotes.sentences import sentences
from ahead.lookup.casenotes.service import CaseNotes
from ahead.lookup.catalog.loading.registry import CatalogLoader, source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.indexes.service import Indexes
from ahead.lookup.settings import Settings
from ahead.shared.db.engine import Database
from ahead.shared.search.analysis import words
from ahead.shared.settings import load

ROOT = Path(__file__).parents[2]
AS_OF = date(2026, 11, 1)
RANKED = 30
ROUNDS = 1_000
AT_LEAST = 1.5
LIMITS = (3, 5, 7, 10, 14)
Guess = tuple[list[str], list[str]]
"""The answered codes, and the ranked list."""


class Bm25:
    def __init__(self, texts: Sequence[str], k1: float = 1.2, b: float = 0.75) -> None:
        self._postings: dict[str, list[tuple[int, float]]] = {}
        cut = [words(text) for text in texts]
        mean = sum(map(len, cut)) / len(cut)
        for number, one in enumerate(cut):
            for word, count in Counter(one).items():
                weight = count * (k1 + 1) / (count + k1 * (1 - b + b * len(one) / mean))
                self._postings.setdefault(word, []).append((number, weight))
        self._idf = {
            w: math.log(1 + (len(cut) - len(p) + 0.5) / (len(p) + 0.5)) for w, p in self._postings.items()
        }

    def scores(self, text: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for word in set(words(text)):
            for number, weight in self._postings.get(word, ()):
                found[number] = found.get(number, 0.0) + weight * self._idf[word]
        return found


def measured(golds: list[set[str]], guesses: list[Guess], picked: Sequence[int]) -> tuple[float, float]:
    hits = answered = wanted = ranked = 0
    for i in picked:
        gold, (answer, order) = golds[i], guesses[i]
        hits += len(gold & set(answer))
        answered += len(set(answer))
        wanted += len(gold)
        ranked += len(gold & set(order[:RANKED]))
    return 2 * hits / max(answered + wanted, 1), ranked / max(wanted, 1)


def interval(golds: list[set[str]], guesses: list[Guess], half: list[int]) -> list[str]:
    dice = random.Random(11)
    drawn = [measured(golds, guesses, dice.choices(half, k=len(half))) for _ in range(ROUNDS)]
    told: list[str] = []
    for which, value in enumerate(measured(golds, guesses, half)):
        ordered = sorted(one[which] for one in drawn)
        told.append(f"{value:.3f} [{ordered[int(ROUNDS * 0.025)]:.3f}, {ordered[int(ROUNDS * 0.975)]:.3f}]")
    return told


async def ours(folder: Path, notes: list[str]) -> tuple[list[Guess], Dictionary]:
    settings = load(Settings)
    database = Database(settings.database)
    catalog = Catalog(database, settings.releases_dir)
    reader = SourceReader(catalog, CatalogRepository(database, settings.releases_dir), source_names())
    tool = CaseNotes(catalog, Indexes(reader))
    began = time.perf_counter()
    await tool.suggest("Asthma.", "inpatient", AS_OF)
    print(f"dictionary {time.perf_counter() - began:.1f} s")
    guesses: list[Guess] = []
    began = time.perf_counter()
    for note in notes:
        answer = await tool.suggest(note, "inpatient", AS_OF)
        codes = [one.code for one in answer.suggestions]
        guesses.append((codes, [*codes, *(one.code for one in answer.further)]))
    spent = (time.perf_counter() - began) * 1_000
    print(
        f"warm: {spent / len(notes):.0f} ms a note, {spent / sum(map(len, notes)) * 5_000:.0f} ms per 5,000 characters"
    )
    dictionary = await tool.dictionary_of(AS_OF)
    await tool.close()
    await reader.close()
    await catalog.close()
    await database.close()
    return guesses, dictionary


def per_sentence(notes: list[str], dictionary: Dictionary) -> list[list[str]]:
    """Titles and inclusion terms of billable codes: each sentence's best hit, by score."""
    texts = [(place.dotted, place.title) for place in dictionary.places.values() if place.billable]
    texts += [
        (dictionary.places[p.code].dotted, p.text)
        for p in dictionary.phrases
        if p.origin == 1 and dictionary.places[p.code].billable
    ]
    engine = Bm25([text for _, text in texts])
    ranked: list[list[str]] = []
    for note in notes:
        best: dict[str, float] = {}
        for sentence in sentences(note):
            found = engine.scores(sentence.text)
            for number in heapq.nlargest(RANKED, found, key=found.__getitem__):
                code = texts[number][0]
                best[code] = max(best.get(code, 0.0), found[number])
        ranked.append(sorted(best, key=lambda code: -best[code])[:RANKED])
    return ranked


def nearest(notes: list[str], golds: list[set[str]]) -> list[Guess]:
    engine = Bm25(notes)
    guesses: list[Guess] = []
    for i, note in enumerate(notes):
        found = engine.scores(note)
        near = [j for j in sorted(found, key=lambda one: -found[one]) if j != i]
        codes = list(dict.fromkeys(code for j in near[:10] for code in sorted(golds[j])))
        guesses.append((sorted(golds[near[0]]), codes))
    return guesses


def commonest(golds: list[set[str]]) -> list[list[str]]:
    counted = Counter(code for gold in golds for code in gold)
    return [[c for c, _ in (counted - Counter(gold)).most_common(RANKED)] for gold in golds]


def cut_best(golds: list[set[str]], ranked: list[list[str]]) -> list[Guess]:
    """A baseline answers as many codes as serves it best over all cases: in its favour."""
    everything = range(len(golds))
    return max(
        ([(order[:limit], order) for order in ranked] for limit in LIMITS),
        key=lambda guesses: measured(golds, guesses, everything)[0],
    )


def main() -> int:
    data = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    cases = (
        Path(os.environ.get("AHEAD_EVAL_DATA") or ROOT.parent / "shared" / "eval") / "clinical-cases.jsonl"
    )
    books = [
        *sorted((data / "icd10cm").glob("icd10cm-index-2025*.zip")),
        data / "icd10cm" / "icd10cm-tables-april-2026.zip",
    ]
    if not cases.is_file() or not all(book.is_file() for book in books):
        print(
            "skipped: the cases or the official files are not on this machine (AHEAD_EVAL_DATA, AHEAD_OFFICIAL_DATA)"
        )
        return 1 if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else 0
    rows = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    notes, golds = [row["text_en"] for row in rows], [set(row["icd10cm_gold_valid_fy2027"]) for row in rows]
    with workspace() as place:
        prepared(Path(place))
        settings = load(Settings)
        fresh = sorted((data / "icd10cm").glob("*2027*"))
        CatalogLoader(settings.database, settings.releases_dir).load([*fresh, *books])
        mine, dictionary = asyncio.run(ours(Path(place), notes))
    tried = {
        "ours": mine,
        "BM25 per sentence": cut_best(golds, per_sentence(notes, dictionary)),
        "nearest case": nearest(notes, golds),
        "commonest codes": cut_best(golds, commonest(golds)),
    }
    halves = {"read while made": [], "untouched": []}
    for number, row in enumerate(rows):
        even = hashlib.sha256(row["id"].encode()).digest()[0] % 2 == 0
        halves["read while made" if even else "untouched"].append(number)
    print(f"{'':20}{'half':18}{'micro-F1':24}recall@{RANKED}")
    for name, guesses in tried.items():
        for half, picked in halves.items():
            print(f"{name:20}{half:18}" + "".join(f"{one:24}" for one in interval(golds, guesses, picked)))
    met = True
    for half, picked in halves.items():
        for which, what in enumerate(("micro-F1", f"recall@{RANKED}")):
            best = max(
                measured(golds, guesses, picked)[which] for name, guesses in tried.items() if name != "ours"
            )
            ratio = measured(golds, mine, picked)[which] / best
            met = met and ratio >= AT_LEAST
            print(f"{what}, {half}: {ratio:.2f} times the best baseline (at least {AT_LEAST})")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
