"""Working memory of one match: an array per text and per code, made once, and cleared after use where it was used.

A query touches thousands of hundreds of thousands; making the arrays anew for each would take longer than all the rest.
"""

import numpy as np
from numpy.typing import NDArray

from ahead.lookup.search.wording import Floats, Ints

Masks = NDArray[np.uint16]
_PART = 8
"""An array is cleared as a whole when more than one in so many of its places was used."""


class Desk:
    """mask: a bit for each slot that a text fills; held: the weight that it holds, best: the most; spared: what its
    words that are asked for would cost it. delta_mask, delta_spared: the same of what a code's title says more than
    its parent's.

    text, score, extra, loss, code_mask, direct: of the best text that leads to a code: its number, what it is worth,
    the weight of all else that it says, what is lost by words of less strength, the slots filled, and whether it leads
    to the code itself.
    """

    def __init__(self, texts: int, codes: int) -> None:
        self.mask = np.zeros(texts + 1, np.uint16)  # the last is of codes that have no title
        self.held = np.zeros(texts, np.float32)
        self.spared = np.zeros(texts, np.float32)
        self.delta_mask = np.zeros(codes, np.uint16)
        self.delta_spared = np.zeros(codes, np.float32)
        self.text = np.full(codes, -1, np.int32)
        self.score = np.zeros(codes, np.float32)
        self.extra = np.zeros(codes, np.float32)
        self.loss = np.zeros(codes, np.float32)
        self.code_mask = np.zeros(codes, np.uint16)
        self.direct = np.zeros(codes, np.bool_)
        self.best = 0.0
        self._filled: list[Ints] = []
        self._marked: list[Ints] = []
        self._spared: list[Ints] = []
        self._deltas: list[Ints] = []
        self._codes: list[Ints] = []

    def fill_texts(self, texts: Ints, bit: np.uint16, weight: float, costs: Floats, *, faint: bool) -> None:
        """These texts hold a word of a slot that would cost each so much. A slot counts once, so call with its
        strongest word first. faint: only texts that fill a slot already are of interest for themselves."""
        before = self.mask[texts]
        if bit:
            self.mask[texts] = before | bit
            self._marked.append(texts)
        if faint:
            known = np.flatnonzero(before)
            texts, costs, before = texts[known], costs[known], before[known]
        else:
            self._filled.append(texts[before == 0])
        self.spare_texts(texts, costs)
        fresh = (before & bit) == 0
        if not fresh.all():
            texts = texts[fresh]
        if len(texts):
            held = self.held[texts] + np.float32(weight)
            self.held[texts] = held
            self.best = max(self.best, float(held.max()))

    def spare_texts(self, texts: Ints, costs: Floats | float) -> None:
        self.spared[texts] += costs
        self._spared.append(texts)

    def fill_codes(self, codes: Ints, bit: np.uint16, cost: float) -> None:
        """The titles of these codes say a word of this slot that their parents' don't."""
        if bit:
            self.delta_mask[codes] |= bit
        self.delta_spared[codes] += np.float32(cost)
        self._deltas.append(codes)

    def touched(self, faint: float) -> tuple[Ints, Floats]:
        """The texts that fill a slot, in order, with the weight that each holds: those that hold at least this part
        of what the best one holds."""
        texts = np.concatenate(self._filled)
        texts = np.sort(texts[self.held[texts] >= faint * self.best])
        return texts, self.held[texts]

    def take(
        self,
        codes: Ints,
        texts: Ints,
        scores: Floats,
        extras: Floats,
        masks: Masks,
        losses: Floats,
        *,
        direct: bool,
    ) -> None:
        """These are the best texts for these codes; of a code that stands here twice, the last counts."""
        self.text[codes] = texts
        self.score[codes] = scores
        self.extra[codes] = extras
        self.code_mask[codes] = masks
        self.loss[codes] = losses
        self.direct[codes] = direct
        self._codes.append(codes)

    def clear(self) -> None:
        self.best = 0.0
        _clear((self.mask,), self._marked)
        _clear((self.held, self.spared), self._spared)
        _clear((self.delta_mask, self.delta_spared), self._deltas)
        _clear((self.score,), self._codes)  # the others are read of codes that have a score alone
        for used in (self._filled, self._marked, self._spared, self._deltas, self._codes):
            used.clear()


def _clear(arrays: tuple[NDArray[np.generic], ...], used: list[Ints]) -> None:
    if not used:
        return
    whole = sum(map(len, used)) * _PART > len(arrays[0])
    for array in arrays:
        if whole:
            array.fill(0)
        else:
            for places in used:
                array[places] = 0
