"""Which codes a query means, by all texts that lead to them: worked out on arrays, in a few milliseconds.

A query is a row of slots, each the words that would do there. A text is judged by how much of the query it holds,
weighted by how rare the words are, and by how little else it holds. Codes below the one that a text leads to are judged
by that text and by what their own titles say more: "right", "initial encounter", "stage 3".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ahead.lookup.search.wording import Floats, Ints, Wording

_KIND_FACTORS = np.array([1.0, 0.97, 0.97, 0.97, 0.95, 0.95, 0.9, 0.95, 0.9], np.float32)
_BREVITY = 0.4
_PRIOR = 0.1
_CONTEXT = 0.12
_SOURCES = 250
_PROMISING = 120
_BELOW = 4000
_TEXTS = 3000
_MAX_SLOTS = 16
"""Words that are followed from headings down to codes, a bit for each; those beyond count for whole texts only."""
_AGAINST = 15.0
_OWN_TITLE = 0.04
_OTHER_SYSTEM = 0.93
_OF_SYSTEM = {"icd10cm": 1.0, "icd9cm": 0.75, "msdrg": 0.8}
"""How likely a code of this system is meant, where the texts fit alike: ICD-9-CM is history, groups have numbers."""
_DENYING = ("without", "no", "non", "not", "absence", "free")
"""As indexed: a text with one of them denies something."""
_UNKNOWN = 12.0
"""What a word that no text holds weighs."""


@dataclass(frozen=True, slots=True)
class Slot:
    """words: (word as indexed, how good it is, 0 to 1). weight: how much the slot counts; None: as its first word."""

    words: tuple[tuple[str, float], ...]
    weight: float | None = None
    typed: str = ""
    """The stem that was typed, where no text holds it."""
    written: str = ""
    bears: float = 1.0
    """The part of its weight that counts."""
    denied: bool = False
    """Whether the query says that there is none of it."""
    denies: bool = False
    """Whether it is the word that says so."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Codes that a row of slots can mean, in the order of the code system.

    codes: their numbers; texts: the number of the text that led to each; shares: of the query's weight, that the
    text, the code's title or a heading above holds, 0 to 1.
    """

    codes: Ints
    scores: Floats
    texts: Ints
    shares: Floats

    @staticmethod
    def nothing() -> "Meant":
        none, nought = np.zeros(0, np.int32), np.zeros(0, np.float32)
        return Meant(none, nought, none, nought)


class Matcher:
    def __init__(self, wording: Wording, without: Collection[int] = ()) -> None:
        """without: kinds of texts that lead nowhere, to measure what they bring."""
        self._w = wording
        self._factors = np.where(
            np.isin(np.arange(len(_KIND_FACTORS)), list(without)), 0, _KIND_FACTORS
        ).astype(np.float32)
        self._of_system = np.array(
            [_OF_SYSTEM.get(system, _OTHER_SYSTEM) for system in wording.systems], np.float32
        )
        self._denies: NDArray[np.bool_] | None = None
        self._children, self._child_starts = _below(wording.parents)

    def _texts_with(self, word: int) -> tuple[Ints, Floats]:
        """The texts that hold a word, and what it costs each."""
        place = slice(self._w.word_starts[word], self._w.word_starts[word + 1])
        return self._w.postings[place], self._w.posting_costs[place]

    def _denying(self) -> NDArray[np.bool_]:
        """Per text, whether it denies something. Made when the first query asks."""
        if self._denies is None:
            self._denies = np.zeros(len(self._w.kinds), np.bool_)
            for word in _DENYING:
                if (number := self._w.words.get(word)) is not None:
                    self._denies[self._texts_with(number)[0]] = True
        return self._denies

    def _promising(
        self, sources: Ints, state: Mapping[str, NDArray[Any]], by_mask: Floats, total: float
    ) -> Ints:
        """Headings that hold hardly anything but what is asked: what they lack, a code below may add."""
        headings = sources[self._child_starts[sources + 1] > self._child_starts[sources]]
        held = by_mask[state["mask"][headings]] - state["loss"][headings]
        promise = held / (held + state["extra"][headings] + 1e-6) * (1 + held / total)
        if len(headings) > _PROMISING:
            headings = headings[np.argpartition(-promise, _PROMISING)[:_PROMISING]]
        return headings.astype(np.int32)

    def _any_of(self, slots: Sequence[Slot]) -> NDArray[np.bool_]:
        """Per text, whether it holds a word that the query denies."""
        held = np.zeros(len(self._w.kinds), np.bool_)
        for slot in slots:
            for word, _ in slot.words if slot.denied else ():
                if (number := self._w.words.get(word)) is not None:
                    held[self._texts_with(number)[0]] = True
        return held

    def match(self, slots: Sequence[Slot], allowed: NDArray[np.bool_], against: Sequence[str] = ()) -> Meant:
        """allowed: per code, whether it is in what is searched. against: words that speak against a text."""
        w = self._w
        numbers = [[(w.words[t], s) for t, s in slot.words if t in w.words] for slot in slots]
        weights = [
            slot.bears
            * (
                slot.weight
                if slot.weight is not None
                else float(w.weights[found[0][0]])
                if found
                else _UNKNOWN
            )
            for slot, found in zip(slots, numbers, strict=True)
        ]
        total = sum(weights)
        if not total or not any(numbers):
            return Meant.nothing()
        texts = len(w.kinds)
        held = np.zeros(texts, np.float32)
        mask = np.zeros(texts + 1, np.uint16)
        spared = np.zeros(texts, np.float32)
        codes = len(w.codes)
        delta_mask = np.zeros(codes, np.uint16)
        delta_spared = np.zeros(codes, np.float32)
        for i, (found, weight) in enumerate(zip(numbers, weights, strict=True)):
            bit = np.uint16(1 << i if i < _MAX_SLOTS else 0)
            best = np.zeros(texts, np.float32) if len(found) > 1 else None
            for number, strength in found:
                ids, costs = self._texts_with(number)
                if slots[i].denied or slots[i].denies:
                    fitting = (self._denying() if slots[i].denied else self._any_of(slots))[ids]
                    spared[ids[~fitting]] -= _AGAINST if slots[i].denied else 0.0
                    ids, costs = ids[fitting], costs[fitting]
                mask[ids] |= bit
                spared[ids] += costs
                if best is None:
                    held[ids] += weight * strength
                else:
                    best[ids] = np.maximum(best[ids], strength)
                ids = w.deltas[w.delta_starts[number] : w.delta_starts[number + 1]]
                delta_mask[ids] |= bit
                delta_spared[ids] += w.costs[number]
            if best is not None:
                held += weight * best
        for word in against:
            if (number := w.words.get(word)) is not None:
                ids = w.postings[w.word_starts[number] : w.word_starts[number + 1]]
                spared[ids] -= _AGAINST
                ids = w.deltas[w.delta_starts[number] : w.delta_starts[number + 1]]
                delta_spared[ids] -= _AGAINST
        touched = np.flatnonzero(mask[:-1]).astype(np.int32)
        by_mask = _mask_weights(weights[:_MAX_SLOTS])
        got = held[touched]
        extra = np.maximum(w.burden[touched] - spared[touched], 0)
        score = _judge(got, extra, total) * self._factors[w.kinds[touched]]
        if len(touched) > _TEXTS:
            keep = np.argpartition(-score, _TEXTS)[:_TEXTS]
            touched, got, extra, score = touched[keep], got[keep], extra[keep], score[keep]
        # From texts to codes: the best text of each.
        owners, rows = _spread(w.code_starts, w.text_codes, touched)
        usable = allowed[owners]
        owners, rows = owners[usable], rows[usable]
        order = np.argsort(score[rows], kind="stable")
        state: dict[str, NDArray[Any]] = {
            "text": np.full(codes, -1, np.int32),
            "score": np.zeros(codes, np.float32),
            "extra": np.zeros(codes, np.float32),
            "loss": np.zeros(codes, np.float32),
            "mask": np.zeros(codes, np.uint16),
        }
        o, r = owners[order], rows[order]
        state["text"][o] = touched[r]
        state["score"][o] = score[r]
        state["extra"][o] = extra[r]
        state["mask"][o] = mask[touched[r]]
        state["loss"][o] = by_mask[mask[touched[r]]] - got[r]
        direct = np.zeros(codes, np.bool_)
        direct[o] = True
        sources = np.unique(owners)
        if len(sources) > _SOURCES:
            best = sources[np.argpartition(-state["score"][sources], _SOURCES)[:_SOURCES]]
            sources = np.union1d(best, self._promising(sources, state, by_mask, total))
        seen = [sources]
        frontier = sources
        while len(frontier):
            children, above = _spread(self._child_starts, self._children, frontier)
            if not len(children):
                break
            parent = frontier[above]
            m = state["mask"][parent] | delta_mask[children]
            e = state["extra"][parent] + np.maximum(w.delta_burden[children] - delta_spared[children], 0)
            loss = state["loss"][parent]
            s = _judge(by_mask[m] - loss, e, total) * self._factors[w.kinds[state["text"][parent]]]
            better = s > state["score"][children]
            c = children[better]
            direct[c] = False
            state["score"][c] = s[better]
            state["extra"][c] = e[better]
            state["mask"][c] = m[better]
            state["loss"][c] = loss[better]
            state["text"][c] = state["text"][parent[better]]
            if len(children) > _BELOW:
                children = children[np.argpartition(-state["score"][children], _BELOW)[:_BELOW]]
            seen.append(children)
            frontier = children
        pool = np.unique(np.concatenate(seen))
        pool = pool[allowed[pool] & (w.code_texts[pool] >= 0)]
        if not len(pool):
            return Meant.nothing()
        around = mask[w.code_texts[pool]] | state["mask"][pool]
        above = w.parents[pool]
        for _ in range(5):
            real = above >= 0
            around[real] |= mask[w.code_texts[above[real]]]
            above = np.where(real, w.parents[above], -1)
        own = mask[w.code_texts[pool]] | np.where(direct[pool], state["mask"][pool], np.uint16(0))
        final = (
            state["score"][pool] * self._of_system[w.system_of[pool]]
            + _CONTEXT * by_mask[around] / total
            + _OWN_TITLE * by_mask[own] / total
            + _PRIOR * w.priors[pool]
        )
        return Meant(pool, final.astype(np.float32), state["text"][pool], by_mask[around] / np.float32(total))


def _judge(held: Floats, extra: Floats, total: float) -> Floats:
    recall = held / total
    precision = held / (held + extra + 1e-6)
    return (recall * recall * (1 - _BREVITY + _BREVITY * precision)).astype(np.float32)


def _mask_weights(weights: Sequence[float]) -> NDArray[np.float32]:
    out = np.zeros(1, np.float32)
    for weight in weights:
        out = np.concatenate([out, out + np.float32(weight)])
    return out


def _spread(starts: Ints, values: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """The values of all rows, and for each of them the place of its row in `rows`."""
    first, lengths = starts[rows], starts[rows + 1] - starts[rows]
    of = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    ends = np.cumsum(lengths)
    at = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return values[first[of] + at], of


def _below(parents: Ints) -> tuple[Ints, Ints]:
    """The codes right below each, and where each one's begin."""
    order = np.argsort(parents, kind="stable").astype(np.int32)
    order = order[np.searchsorted(parents[order], 0) :]
    starts = np.zeros(len(parents) + 1, np.int32)
    np.cumsum(np.bincount(parents[parents >= 0], minlength=len(parents)), out=starts[1:])
    return order, starts
