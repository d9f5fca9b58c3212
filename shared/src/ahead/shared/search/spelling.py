"""The words an index knows, and the nearest known word to one it doesn't know.

Spelling is corrected here and not by the engines: they differ in what they tolerate, tell nobody what they
took a word for, and spend their tolerance on words that were right.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice

from rapidfuzz.distance import OSA

from ahead.shared.search.analysis import analysed, stem

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
ONE_TYPO_FROM = 5
"""Letters a word needs before one typo is forgiven; two are from `TWO_TYPOS_FROM`."""
TWO_TYPOS_FROM = 9
COMPLETED_FROM = 3
"""Letters that a word cut short needs before it is completed."""


class Vocabulary:
    """Words as indexed (stems) with their number of documents and the form in which people know them."""

    def __init__(self, words: Mapping[str, tuple[str, int]], documents: int) -> None:
        self.words = words
        self.documents = max(documents, 1)
        self._sorted = sorted(words)
        self._letters: dict[str, list[tuple[str, frozenset[str]]]] = {}
        self._nearest: dict[str, str | None] = {}

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def count(self, word: str) -> int:
        """Number of documents that hold the word; 0 when unknown."""
        known = self.words.get(word)
        return known[1] if known else 0

    def surface(self, word: str) -> str:
        """The commonest written form of an indexed word."""
        known = self.words.get(word)
        return known[0] if known else word

    def knows_prefix(self, start: str) -> bool:
        """Whether any word begins like this."""
        place = bisect_left(self._sorted, start)
        return place < len(self._sorted) and self._sorted[place].startswith(start)

    def completed(self, start: str) -> str | None:
        """The commonest known word that begins like this, for what people cut short: frac → fractur."""
        if len(start) < COMPLETED_FROM or not start.isalpha():
            return None
        found = islice(
            self._sorted, bisect_left(self._sorted, start), bisect_left(self._sorted, start + "\uffff")
        )
        return max(found, key=lambda word: (self.words[word][1], word), default=None)

    def nearest(self, word: str) -> str | None:
        """The known word that differs by a typo or two, its first letter right; the commoner of several."""
        if len(word) < ONE_TYPO_FROM or not word.isascii() or any(c.isdigit() for c in word):
            return None
        if word not in self._nearest:
            if len(self._nearest) > 10_000:
                self._nearest.clear()
            self._nearest[word] = self._search(word)
        return self._nearest[word]

    def _search(self, word: str) -> str | None:
        close = [
            candidate for candidate in _one_edit(word) if candidate in self.words and candidate[0] == word[0]
        ]
        if not close and len(word) >= TWO_TYPOS_FROM:
            letters = frozenset(word)
            close = [
                candidate
                for candidate, its_letters in self._beginning_with(word[0])
                if abs(len(candidate) - len(word)) <= 2
                and len(letters ^ its_letters) <= 4
                and OSA.distance(word, candidate, score_cutoff=2) <= 2
            ]
        return max(close, key=lambda w: (self.words[w][1], w), default=None)

    def _beginning_with(self, letter: str) -> list[tuple[str, frozenset[str]]]:
        if letter not in self._letters:
            first, last = bisect_left(self._sorted, letter), bisect_left(self._sorted, letter + "\uffff")
            self._letters[letter] = [(word, frozenset(word)) for word in self._sorted[first:last]]
        return self._letters[letter]


class VocabularyBuilder:
    """Collects a vocabulary while documents pass by."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._written: Counter[str] = Counter()

    def add(self, texts: Iterable[str]) -> None:
        """The texts of one document."""
        indexed: set[str] = set()
        for text in texts:
            written, stems = analysed(text)
            self._written.update(written)
            indexed.update(stems)
        self._counts.update(indexed)

    def dump(self) -> dict[str, tuple[str, int]]:
        """Indexed word → its commonest written form and its number of documents."""
        commonest: dict[str, str] = {}
        for form, _ in self._written.most_common():
            commonest.setdefault(stem(form), form)
        return {word: (commonest[word], count) for word, count in self._counts.items()}


def _one_edit(word: str) -> set[str]:
    parts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    dropped = [a + b[1:] for a, b in parts if b]
    swapped = [a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1]
    replaced = [a + c + b[1:] for a, b in parts if b for c in _LETTERS]
    added = [a + c + b for a, b in parts for c in _LETTERS]
    return {*dropped, *swapped, *replaced, *added} - {word, ""}
