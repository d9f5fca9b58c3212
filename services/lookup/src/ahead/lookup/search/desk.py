"""Working memory of one match: an array per text and per code, made once, and cleared after use where it was used.

A query touches thousands of hundreds of thousands; making the arrays anew for each would take longer than all the rest.
What is laid out for a text, or for a title, is one integer, so that each place is read and written once: from the
lowest bit, a bit for each slot that it fills, the weight that it holds, and what its words that are asked for would
cost it, which may be below nothing. Weights and costs are in units of 1 / `UNIT`.
"""

import numpy as np
from numpy.typing import NDArray

from ahead.lookup.search.wording import SPARED, UNIT, Floats, Ints

Places = NDArray[np.intp]
Laid = NDArray[np.int64]

SLOTS = 16
"""Slots that have a bit."""
_HELD = SLOTS
_BITS = (1 << SLOTS) - 1
_WEIGHTS = (1 << SPARED) - 1 - _BITS
_PART = 8
"""An array is cleared as a whole when more than one in so many of its places was used."""


class Desk:
    """text, score, extra, loss, code_mask, direct: of the best text that leads to a code: its number, what it is worth,
    the weight of all else that it says, what is lost by words of less strength, the slots filled, and whether it leads
    to the code itself."""

    def __init__(self, texts: int, codes: int) -> None:
        self._texts = np.zeros(texts + 1, np.int64)  # the last is of codes that have no title
        self._titles = np.zeros(codes, np.int64)
        """What a code's title says more than its parent's."""
        self.text = np.full(codes, -1, np.int32)
        self.score = np.zeros(codes, np.float32)
        self.extra = np.zeros(codes, np.float32)
        self.loss = np.zeros(codes, np.float32)
        self.code_mask = np.zeros(codes, np.int64)
        self.direct = np.zeros(codes, np.bool_)
        self.best = 0.0
        """The most weight that a text holds."""
        self._filled: list[Places] = []
        self._used: list[Places] = []
        self._used_titles: list[Places] = []
        self._codes: list[Places] = []

    def fill_texts(
        self, texts: Places, bit: int, weight: float, costs: Laid, *, first: bool, faint: bool
    ) -> None:
        """These texts hold a word of a slot that would cost each so much (as `Wording.posting_costs`). A slot counts
        once, so call with its strongest word first. faint: only texts that fill a slot already are of interest for
        themselves."""
        before = self._texts.take(texts)
        gained = costs + (units(weight) << _HELD)
        if not first:
            gained = np.where((before & bit) == 0, gained, costs)
        if faint:
            gained *= (before & _BITS) != 0
        else:
            self._filled.append(texts[(before & _BITS) == 0])
        laid = before + gained
        if bit:
            laid |= bit
        self._texts[texts] = laid
        self._used.append(texts)
        if len(laid):
            self.best = max(self.best, int((laid & _WEIGHTS).max() >> _HELD) / UNIT)

    def spare_texts(self, texts: Places, cost: float) -> None:
        self._texts[texts] = self._texts.take(texts) + (units(cost) << SPARED)
        self._used.append(texts)

    def fill_titles(self, codes: Places, bit: int, cost: float) -> None:
        """The titles of these codes say a word of this slot that their parents' don't."""
        self._titles[codes] = (self._titles.take(codes) | bit) + (units(cost) << SPARED)
        self._used_titles.append(codes)

    def touched(self, faint: float) -> tuple[Places, Floats, Floats]:
        """The texts that fill a slot, the weight that each holds, and what is spared it: those that hold at least
        this part of what the best one holds."""
        texts = np.concatenate(self._filled)
        laid = self._texts.take(texts)
        enough = (laid & _WEIGHTS) >= units(faint * self.best) << _HELD
        texts, laid = texts[enough], laid[enough]
        return texts, _plain((laid & _WEIGHTS) >> _HELD), _plain(laid >> SPARED)

    def slots_of(self, texts: Places | Ints) -> Laid:
        """The slots that texts fill, a bit for each; none by -1."""
        return self._texts.take(texts, mode="wrap") & _BITS

    def more_of(self, codes: Places) -> tuple[Laid, Floats]:
        """Of what the titles of codes say more than their parents': the slots filled, and what is spared."""
        laid = self._titles.take(codes)
        return laid & _BITS, _plain(laid >> SPARED)

    def take(
        self,
        codes: Places,
        texts: Places | Ints,
        scores: Floats,
        extras: Floats,
        masks: Laid,
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
        _clear(self._texts, self._used)
        _clear(self._titles, self._used_titles)
        _clear(self.score, self._codes)  # the others are read of codes that have a score alone
        for used in (self._filled, self._used, self._used_titles, self._codes):
            used.clear()


def units(amount: float) -> int:
    return round(amount * UNIT)


def _plain(amount: Laid) -> Floats:
    return amount.astype(np.float32) / np.float32(UNIT)


def _clear(array: NDArray[np.generic], used: list[Places]) -> None:
    if sum(map(len, used)) * _PART > len(array):
        array.fill(0)
    elif used:
        array[np.concatenate(used)] = 0
