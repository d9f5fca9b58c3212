"""The order of hits: one judgement for both engines, which only bring the candidates.

A candidate is judged by its best single text (title or inclusion term): how much of the query it holds, weighted
by how rare the words are, and how little else it holds. Words found only in headings above it help a little.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ahead.lookup.search.knowledge import STOP_WORDS, Replaced
from ahead.shared.search.analysis import stem, words
from ahead.shared.search.index import Hit
from ahead.shared.search.spelling import Vocabulary

_TITLE = 1.0
_TERM = 0.96
_HEADINGS = 0.15
_STARTS = 0.03

_CHEAP = {
    stem(word): cost
    for word, cost in {"unspecified": 0.05, "nos": 0.05, "other": 0.9, "specified": 0.6}.items()
}
"""Words of titles that narrow them little: what they cost a title when the query doesn't hold them."""
_NONESSENTIAL = re.compile(r"\(([^()]*)\)")
"""By the conventions of the code set, a word in parentheses may be there or not: it costs nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """field: "title" or "terms" (or "context"); text: the one that matched best; share: of the query's weight."""

    field: str
    text: str
    share: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Judged:
    hit: Hit
    score: float
    best: Match | None
    held: tuple[str, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=dict[str, str])


class Judge:
    """Judges hits for one set of query words; prefix: the last of them is a beginning."""

    def __init__(self, query_words: Sequence[str], vocabulary: Vocabulary, *, prefix: bool) -> None:
        self._words = tuple(dict.fromkeys(stem(word) for word in query_words))
        self._prefix = self._words[-1] if prefix and self._words else ""
        self._vocabulary = vocabulary
        # While somebody types, how common a code is says more than how short its title is.
        self._brevity, self._prior, self._starts = (0.3, 0.4, 0.12) if prefix else (0.55, 0.18, _STARTS)
        self._weights = {word: self._weight(word) for word in self._words}
        self._total = sum(self._weights.values()) or 1.0

    def _weight(self, word: str) -> float:
        if word in STOP_WORDS:
            return 0.1
        count = self._vocabulary.count(word)
        return math.log(1 + self._vocabulary.documents / (count or 20))

    def judge(
        self, hit: Hit, replaced: tuple[Replaced, ...] = (), corrected: Mapping[str, str] | None = None
    ) -> Judged:
        """replaced, corrected: what was done to the query, to be told beside the hit."""
        best: Match | None = None
        best_score = 0.0
        everywhere: set[str] = set()
        for name, factor in (("title", _TITLE), ("terms", _TERM)):
            for i, text in enumerate(hit.text.get(name, ())):
                held, score, whole = self._text(text)
                everywhere |= held
                if name == "title" and i == 0 and held and self._begins(text):
                    score += self._starts
                if held and score * factor > best_score:
                    share = sum(self._weights[word] for word in held) / self._total
                    best, best_score = Match(name, text, share, whole), score * factor
        for text in hit.text.get("context", ()):
            held = self._held(words(text))
            if best is None and held:
                best = Match("context", text, 0.0, whole=False)
            everywhere |= held
        covered = sum(self._weights[word] for word in everywhere) / self._total
        prior = float(hit.payload.get("rank", 0)) / 1000
        held_words = tuple(word for word in self._words if word in everywhere)
        score = best_score + _HEADINGS * covered + self._prior * prior
        return Judged(hit, score, best, held_words, replaced, corrected or {})

    def _text(self, text: str) -> tuple[set[str], float, bool]:
        in_text = words(text)
        held = self._held(in_text)
        optional = words(" ".join(_NONESSENTIAL.findall(text))) if "(" in text else ()
        if not held:
            return held, 0.0, False
        matched = sum(self._weights[word] for word in held)
        recall = matched / self._total
        extra = 0.0
        for word in dict.fromkeys(in_text):
            if word in held or (self._prefix and word.startswith(self._prefix)) or word in STOP_WORDS:
                continue
            if word in optional:
                continue
            extra += self._weight(word) * _CHEAP.get(word, 1.0)
        precision = matched / (matched + extra)
        return (
            held,
            recall * recall * (1 - self._brevity + self._brevity * precision),
            extra == 0.0 and recall > 0.999,
        )

    def _begins(self, text: str) -> bool:
        first = words(text)[:1]
        if not first or not self._words:
            return False
        wanted = self._words[0]
        return first[0].startswith(wanted) if wanted == self._prefix else first[0] == wanted

    def _held(self, in_text: Sequence[str]) -> set[str]:
        known = set(in_text)
        held = {word for word in self._words if word in known}
        if self._prefix and self._prefix not in held and any(w.startswith(self._prefix) for w in known):
            held.add(self._prefix)
        return held


def order(judged: Sequence[Judged]) -> list[Judged]:
    """Best first; equal ones in the order of the code system."""
    return sorted(judged, key=lambda one: (-round(one.score, 6), one.hit.payload["code"]))
