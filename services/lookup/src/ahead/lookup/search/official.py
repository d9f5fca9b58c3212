"""Whether words are those of an official title or inclusion term, all of them and no others, in any order."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ahead.lookup.search.texts import TERM
from ahead.lookup.search.wording import Ints, Wording
from ahead.shared.search.analysis import stem

NONE = np.uint64(0)
"""The number of what is no official text."""


class OfficialTexts:
    """Each text goes by the sum of numbers drawn for its words: 64 bits, so that no two sets meet by chance."""

    def __init__(self, wording: Wording) -> None:
        self._words = wording.words
        self._drawn = np.random.default_rng(1).integers(1, 1 << 64, len(wording.words), np.uint64)
        self._numbers = np.zeros(len(wording.kinds), np.uint64)
        of_words = np.repeat(self._drawn, np.diff(wording.word_starts))
        np.add.at(self._numbers, wording.postings, of_words)
        self._numbers[wording.kinds > TERM] = NONE
        self._known = np.unique(self._numbers)

    def number_of(self, words: Iterable[str]) -> np.uint64:
        """Of the texts with these words, as typed and folded; NONE where there is no such text."""
        numbers = {self._words.get(stem(word)) for word in words}
        known = [number for number in numbers if number is not None]
        if not known or len(known) < len(numbers):
            return NONE
        total = self._drawn[known].sum(dtype=np.uint64)
        place = int(np.searchsorted(self._known, total))
        return total if place < len(self._known) and self._known[place] == total else NONE

    def are(self, texts: Ints, number: np.uint64) -> NDArray[np.bool_]:
        return self._numbers[texts] == number
