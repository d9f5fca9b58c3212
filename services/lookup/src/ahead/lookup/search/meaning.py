"""Which codes a query means, by all texts that lead to them: worked out on arrays, in a few milliseconds.

A query is a row of slots, each the words that would do there. A text is judged by how much of the query it holds,
weighted by how rare the words are, and by how little else it holds. Codes below the one that a text leads to are judged
by that text and by what their own titles say more: "right", "initial encounter", "stage 3".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahead.lookup.search.desk import SLOTS, Desk, Laid, Places
from ahead.lookup.search.wording import UNIT, Floats, Ints, Wording

_KIND_FACTORS = np.array([1.0, 0.97, 0.97, 0.97, 0.95, 0.95, 0.9, 0.95, 0.9, 0.85], np.float32)
_BREVITY = 0.4
_PRIOR = 0.1
_CONTEXT = 0.12
_TEXTS, _SOURCES, _PROMISING, _BELOW = 500, 100, 60, 500
"""The best texts and codes, the most promising headings, and of each level below them the best codes, that are looked
at: no more than can be paged through by far."""
_FAINT = 0.3
"""Texts that hold less than this part of what the best one holds are left aside."""
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

    codes: Places
    scores: Floats
    texts: Ints
    shares: Floats

    @staticmethod
    def nothing() -> "Meant":
        nought = np.zeros(0, np.float32)
        return Meant(np.zeros(0, np.intp), nought, np.zeros(0, np.int32), nought)


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
        self._desks: list[Desk] = []

    def match(self, slots: Sequence[Slot], allowed: NDArray[np.bool_], against: Sequence[str] = ()) -> Meant:
        """allowed: per code, whether it is in what is searched. against: words that speak against a text."""
        numbers = [[(self._w.words[t], s) for t, s in slot.words if t in self._w.words] for slot in slots]
        weights = [self._weight(slot, found) for slot, found in zip(slots, numbers, strict=True)]
        total = sum(weights)
        if not total or not any(numbers):
            return Meant.nothing()
        try:
            desk = self._desks.pop()
        except IndexError:
            desk = Desk(len(self._w.kinds), len(self._w.codes))
        # Words that no text holds come last: they fill nothing.
        heaviest = sorted(zip(weights, numbers, slots, strict=True), key=lambda one: (not one[1], -one[0]))
        left = sum(weight for weight, found, _ in heaviest if found)
        paid: set[int] = set()
        for place, (weight, found, slot) in enumerate(heaviest):
            # What the rest can bring to a text by itself is told from the best text so far.
            faint = left < _FAINT * desk.best
            self._lay_out(desk, slot, slots, found, weight, place, paid, faint=faint)
            left -= weight
        for word in against:
            if (number := self._w.words.get(word)) is not None:
                desk.spare_texts(self._texts_with(number)[0], -_AGAINST)
                desk.fill_titles(self._saying_more(number), 0, -_AGAINST)
        by_mask = _mask_weights([weight for weight, _, _ in heaviest[:SLOTS]])
        meant = self._weigh(desk, allowed, by_mask, total)
        desk.clear()
        self._desks.append(desk)
        return meant

    def _weight(self, slot: Slot, found: Sequence[tuple[int, float]]) -> float:
        weight = slot.weight
        if weight is None:
            weight = float(self._w.weights[found[0][0]]) if found else _UNKNOWN
        return round(slot.bears * weight * UNIT) / UNIT

    def _texts_with(self, word: int) -> tuple[Places, Laid]:
        """The texts that hold a word, and what it costs each."""
        place = slice(self._w.word_starts[word], self._w.word_starts[word + 1])
        return self._w.postings[place].astype(np.intp), self._w.posting_costs[place]

    def _saying_more(self, word: int) -> Places:
        """The codes whose titles have a word that their parent's has not."""
        place = slice(self._w.delta_starts[word], self._w.delta_starts[word + 1])
        return self._w.deltas[place].astype(np.intp)

    def _denying(self) -> NDArray[np.bool_]:
        """Per text, whether it denies something. Made when the first query asks."""
        if self._denies is None:
            self._denies = np.zeros(len(self._w.kinds), np.bool_)
            for word in _DENYING:
                if (number := self._w.words.get(word)) is not None:
                    self._denies[self._texts_with(number)[0]] = True
        return self._denies

    def _any_of(self, slots: Sequence[Slot]) -> NDArray[np.bool_]:
        """Per text, whether it holds a word that the query denies."""
        held = np.zeros(len(self._w.kinds), np.bool_)
        for slot in slots:
            for word, _ in slot.words if slot.denied else ():
                if (number := self._w.words.get(word)) is not None:
                    held[self._texts_with(number)[0]] = True
        return held

    def _lay_out(
        self,
        desk: Desk,
        slot: Slot,
        slots: Sequence[Slot],
        found: Sequence[tuple[int, float]],
        weight: float,
        place: int,
        paid: set[int],
        *,
        faint: bool,
    ) -> None:
        """Tell which texts and titles fill a slot, how well, and which of their words cost them nothing.

        found: the slot's words by number, with how good each is. place: of the slot among all, the heaviest first.
        paid: words that cost nothing any more, since they would do in a heavier slot too. faint: a text that holds
        nothing but this slot and lighter ones is not worth a look.
        """
        # The heaviest are followed from headings down to codes, a bit for each; the others count for whole texts.
        bit = 1 << place if place < SLOTS else 0
        first = True
        # The best word first: whether a text holds one of the slot is then told by its bit.
        for number, strength in sorted(found, key=lambda one: -one[1])[: None if bit else 1]:
            texts, costs = self._texts_with(number)
            if slot.denied or slot.denies:
                fitting = (self._denying() if slot.denied else self._any_of(slots))[texts]
                if slot.denied:
                    desk.spare_texts(texts[~fitting], -_AGAINST)
                texts, costs = texts[fitting], costs[fitting]
            again = number in paid
            spared = np.zeros_like(costs) if again else costs
            desk.fill_texts(texts, bit, weight * strength, spared, first=first, faint=faint or not bit)
            desk.fill_titles(self._saying_more(number), bit, 0.0 if again else float(self._w.costs[number]))
            paid.add(number)
            first = False

    def _weigh(self, desk: Desk, allowed: NDArray[np.bool_], by_mask: Floats, total: float) -> Meant:
        w = self._w
        touched, got, spared = desk.touched(_FAINT)
        extra = np.maximum(w.burden.take(touched) - spared, 0)
        score = _judge(got, extra, total) * self._factors[w.kinds[touched]]
        if len(touched) > _TEXTS:
            keep = np.argpartition(-score, _TEXTS)[:_TEXTS]
            keep = keep[touched[keep].argsort()]
            touched, got, extra, score = touched[keep], got[keep], extra[keep], score[keep]
        # From texts to codes: the best text of each.
        owners, rows = _spread(w.code_starts, w.text_codes, touched)
        usable = allowed[owners]
        owners, rows = owners[usable], rows[usable]
        order = np.argsort(score[rows], kind="stable")
        o, r = owners[order], rows[order]
        masks = desk.slots_of(touched)
        desk.take(o, touched[r], score[r], extra[r], masks[r], by_mask[masks[r]] - got[r], direct=True)
        sources = _distinct(owners)
        if len(sources) > _SOURCES:
            best = sources[np.argpartition(-desk.score[sources], _SOURCES)[:_SOURCES]]
            promising = self._promising(sources, desk, by_mask, total)
            sources = _distinct(np.concatenate([best, promising]))
        pool = _distinct(np.concatenate(self._follow(desk, sources, by_mask, total)))
        pool = pool[allowed[pool]]
        titles = w.code_texts[pool]
        pool, titles = pool[titles >= 0], titles[titles >= 0]
        if not len(pool):
            return Meant.nothing()
        own, below = desk.slots_of(titles), desk.code_mask[pool]
        around = own | below
        above = w.parents[pool]
        while len(real := np.flatnonzero(above >= 0)):
            around[real] |= desk.slots_of(w.code_texts[above[real]])
            above[real] = w.parents[above[real]]
        own |= np.where(desk.direct[pool], below, 0)
        final = (
            desk.score[pool] * self._of_system[w.system_of[pool]]
            + _CONTEXT * by_mask[around] / total
            + _OWN_TITLE * by_mask[own] / total
            + _PRIOR * w.priors[pool]
        )
        shares = by_mask[around] / np.float32(total)
        return Meant(pool, final.astype(np.float32), desk.text[pool], shares)

    def _promising(self, sources: Places, desk: Desk, by_mask: Floats, total: float) -> Places:
        """Headings that hold hardly anything but what is asked: what they lack, a code below may add."""
        headings = sources[self._child_starts[sources + 1] > self._child_starts[sources]]
        held = by_mask[desk.code_mask[headings]] - desk.loss[headings]
        promise = held / (held + desk.extra[headings] + 1e-6) * (1 + held / total)
        if len(headings) > _PROMISING:
            headings = headings[np.argpartition(-promise, _PROMISING)[:_PROMISING]]
        return headings

    def _follow(self, desk: Desk, sources: Places, by_mask: Floats, total: float) -> list[Places]:
        """Hand down what leads to headings to the codes below, level by level; all codes seen."""
        w = self._w
        frontier = sources[desk.score[sources] > 0]
        seen = [frontier]
        while len(frontier):
            children, above = _spread(self._child_starts, self._children, frontier)
            if not len(children):
                break
            parent = frontier[above]
            more, spared = desk.more_of(children)
            m = desk.code_mask[parent] | more
            e = desk.extra[parent] + np.maximum(w.delta_burden[children] - spared, 0)
            loss = desk.loss[parent]
            text = desk.text[parent]
            s = _judge(by_mask[m] - loss, e, total) * self._factors[w.kinds[text]]
            better = np.flatnonzero(s > desk.score[children])
            desk.take(
                children[better], text[better], s[better], e[better], m[better], loss[better], direct=False
            )
            score = desk.score[children]
            if len(children) > _BELOW:
                children = children[np.argpartition(-score, _BELOW)[:_BELOW]]
            elif not score.all():
                children = children[score > 0]
            seen.append(children)
            frontier = children
        return seen


def _judge(held: Floats, extra: Floats, total: float) -> Floats:
    recall = held / total
    precision = held / (held + extra + 1e-6)
    return (recall * recall * (1 - _BREVITY + _BREVITY * precision)).astype(np.float32)


def _mask_weights(weights: Sequence[float]) -> NDArray[np.float32]:
    """Of every set of slots, what they weigh together."""
    out = np.zeros(1, np.float32)
    for weight in weights:
        out = np.concatenate([out, out + np.float32(weight)])
    return out


def _distinct(numbers: Places) -> Places:
    """Each once, in order."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def _spread(starts: Ints, values: Ints | Places, rows: Places) -> tuple[Places, Places]:
    """The values of all rows, and for each of them the place of its row in `rows`."""
    first = starts.take(rows).astype(np.intp)
    lengths = starts.take(rows + 1) - first
    ends = lengths.cumsum()
    of = np.arange(len(rows)).repeat(lengths)
    at = np.arange(int(ends[-1]) if len(ends) else 0) + (first - ends + lengths).take(of)
    return values.take(at).astype(np.intp, copy=False), of


def _below(parents: Ints) -> tuple[Places, Ints]:
    """The codes right below each, and where each one's begin."""
    order = np.argsort(parents, kind="stable")
    order = order[np.searchsorted(parents[order], 0) :]
    starts = np.zeros(len(parents) + 1, np.int32)
    np.cumsum(np.bincount(parents[parents >= 0], minlength=len(parents)), out=starts[1:])
    return order, starts
