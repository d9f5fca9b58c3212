"""The codes of which an official title or inclusion term says just what is asked, in any order of its words."""

from collections.abc import Iterable, Sequence

import numpy as np

from ahead.lookup.search.texts import TERM
from ahead.lookup.search.wording import Ints, Wording
from ahead.shared.search.analysis import stem


class OfficialTexts:
    """Each text goes by the sum of numbers drawn for its words: 64 bits, so that no two sets meet by chance."""

    def __init__(self, wording: Wording) -> None:
        self._w = wording
        self._drawn = np.random.default_rng(1).integers(1, 1 << 64, len(wording.words), np.uint64)
        numbers = np.zeros(len(wording.kinds), np.uint64)
        np.add.at(numbers, wording.postings, np.repeat(self._drawn, np.diff(wording.word_starts)))
        official = np.flatnonzero(wording.kinds <= TERM)
        order = np.argsort(numbers[official])
        self._texts = official[order].astype(np.int32)
        self._numbers = numbers[self._texts]

    def codes(self, readings: Iterable[Sequence[str]]) -> Ints:
        """readings: words as typed and folded."""
        starts, held = self._w.code_starts, self._w.text_codes
        found = [
            held[starts[text] : starts[text + 1]] for words in readings for text in self._texts_of(words)
        ]
        return np.concatenate(found) if found else np.zeros(0, np.int32)

    def _texts_of(self, words: Sequence[str]) -> list[int]:
        numbers = {self._w.words.get(stem(word)) for word in words}
        known = [number for number in numbers if number is not None]
        if not known or len(known) < len(numbers):
            return []
        total = self._drawn[known].sum(dtype=np.uint64)
        first, end = np.searchsorted(self._numbers, total), np.searchsorted(self._numbers, total, "right")
        return self._texts[first:end].tolist()
