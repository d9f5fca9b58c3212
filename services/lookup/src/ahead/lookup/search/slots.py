"""A query as rows of slots for the matcher: as typed, typos with alternatives, and as the lexicon reads it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from rapidfuzz.distance import OSA

from ahead.lookup.search.knowledge import STOP_WORDS
from ahead.lookup.search.lexicon import Expansion, Lexicon
from ahead.lookup.search.marks import OF_DENIED, bears, denied, parted, same_number
from ahead.lookup.search.meaning import Slot
from ahead.shared.search.analysis import raw_words, stem
from ahead.shared.search.spelling import ONE_TYPO_FROM, TWO_TYPOS_FROM

_MAX_WORDS, _LONG, _MAX_MEANT = 40, 16, 60
"""Words of a query that are read, and of one that is read in one way only: an official title, a sentence; and words
that it may come to when its terms are replaced."""
_READINGS = 6
_NEAREST = 6
_ALTERNATIVE, _FAMILY = 0.85, 0.8
_AS_WRITTEN, _DIVIDED = 0.93, 0.97
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_ALIKE = (
    ("disease", "disorder", "syndrome", "condition"),
    ("neoplasm", "tumor", "tumour"),
    ("renal", "kidney", "nephropathy"),
    ("hepatic", "liver"),
    ("cardiac", "heart"),
    ("pulmonary", "lung"),
    ("gastric", "stomach"),
    ("cutaneous", "skin", "dermal"),
    ("ocular", "eye", "ophthalmic"),
    ("cerebral", "brain", "cranial"),
    ("congenital", "hereditary", "familial", "inherited"),
    ("juvenile", "childhood", "infantile", "adolescent", "child"),
    ("benign", "noncancerous"),
    ("obstruction", "obstructive", "blockage", "obstructed"),
    ("deficiency", "deficient"),
    ("infection", "infectious"),
    ("allergy", "allergic"),
    ("gravidarum", "pregnancy", "gestational", "gestation", "gestationis"),
    ("metabolism", "metabolic"),
    ("hemorrhage", "hemorrhagic", "bleeding"),
    ("rupture", "ruptured", "perforation", "perforated"),
    ("chronic", "longstanding"),
    ("neonatal", "newborn", "neonate"),
    ("trunk", "back", "torso"),
    ("second", "2nd"),
    ("third", "3rd"),
)
"""Words of one sense, of which official texts use now one, now another."""
_FORMS = ((r"aemi", "emi"), (r"haem", "hem"), (r"oe(?=[ds])", "e"), (r"our$", "or"), (r"isation", "ization"))


_ENDINGS = re.compile(
    r"(?:osis|otic|itis|itic|emia|emic|oma|omatou|al|ar|ary|ic|iou|ou|um|us|a|ed|ing|ion|ive|ity|ism|ist|ou|y|e|ia|i|s|u)$"
)
_ROOT, _RELATIVES = 4, 3
_WITHOUT = stem("without")
_PARTS = ("post", "pre", "non")
_SPELLED = (
    (re.compile(r"(?<!\w)(?:w/o|w/out|wo|no|without any)(?!\w)", re.IGNORECASE), " without "),
    (re.compile(r"(?<!\w)(?:w/|c/)", re.IGNORECASE), " with "),
    (re.compile(r"\b1st\b", re.IGNORECASE), "first"),
    (re.compile(r"\b2nd\b", re.IGNORECASE), "second"),
    (re.compile(r"\b3rd\b", re.IGNORECASE), "third"),
)


def _spelled_out(typed: str) -> str:
    """Signs and figures that stand for words."""
    for pattern, instead in _SPELLED:
        typed = pattern.sub(instead, typed)
    return typed


def _letters(word: str) -> int:
    """The letters that a word has, a bit for each."""
    bits = 0
    for sign in word:
        bits |= 1 << (ord(sign) & 31)
    return bits


def _families(vocabulary: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Words of one root that differ by an ending of adjectives and nouns, the commonest first: sacrum, sacral."""
    by_root: dict[str, list[str]] = defaultdict(list)
    for word in vocabulary:
        root = _ENDINGS.sub("", word).rstrip("aeiou")
        if len(root) >= _ROOT and word.isalpha():
            by_root[root].append(word)
    families: dict[str, tuple[str, ...]] = {}
    for words in by_root.values():
        words.sort(key=lambda word: -vocabulary[word])
        for word in words:
            families[word] = tuple(other for other in words if other != word)[:_RELATIVES]
    return families


@dataclass(frozen=True, slots=True)
class Row:
    """A way to read a query.

    quality: 1 as typed; less where a reading is one of several. written: its words as typed. words: as read. read:
    what the lexicon replaced, and by which of its replacements. spare: of use only where the rows before it find
    nothing that says just what they ask for.
    """

    slots: tuple[Slot, ...]
    quality: float
    written: tuple[str, ...]
    words: tuple[str, ...]
    read: tuple[tuple[Expansion, int], ...] = ()
    spare: bool = False

    @property
    def against(self) -> tuple[str, ...]:
        """Words that speak against a text: who says with what, or on which side, means no other."""
        said = set(map(stem, self.words))
        against = ["without"] if "with" in said and "without" not in said else []
        for one, others in _SIDES.items():
            if one in said and said.isdisjoint(others):
                against += others
        return tuple(against)

    def asks_for_all(self, words: Iterable[str]) -> bool:
        """Whether none of these words, as indexed, is more than what the query asks for."""
        return {word for slot in self.slots for word, _ in slot.words}.issuperset(words)


_SIDES = {
    "left": ("right", "bilateral"),
    "right": ("left", "bilateral"),
    "bilateral": ("left", "right", "unilateral"),
    "initial": ("subsequent", "sequela"),
    "subsequent": ("initial", "sequela"),
}


class Slots:
    """vocabulary: words as indexed, with how often texts hold each."""

    def __init__(self, vocabulary: Mapping[str, int], lexicon: Lexicon) -> None:
        self._vocabulary = vocabulary
        self._lexicon = lexicon
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for word in vocabulary:
            self._by_start[word[:1]].append(word)
        self._letters = {
            start: np.array([[_letters(word), len(word)] for word in words], np.int64)
            for start, words in self._by_start.items()
        }
        self._alike: dict[str, tuple[str, ...]] = {}
        for words in _ALIKE:
            stems = tuple(dict.fromkeys(stem(word) for word in words))
            for word in stems:
                self._alike[word] = tuple(other for other in stems if other != word)
        self._family = _families(vocabulary)
        self._close: dict[str, tuple[tuple[str, float], ...]] = {}

    def rows(self, typed: str, *, as_typed: bool = False) -> tuple[Row, ...]:
        """Readings of a query, the one with all known terms replaced first, those that are spare last. as_typed:
        correct nothing."""
        written = parted(raw_words(_spelled_out(typed))[:_MAX_WORDS], self._is_term, self._is_known)
        corrected = written if as_typed else [self._respelled(word) for word in written]
        found = sorted(self._lexicon.expand(corrected, corrected), key=lambda one: one.start)
        rows: list[Row] = []
        # Where the query itself tells which meaning it is, the others are offered and not searched for.
        choices = [[(e, text) for text in e.replacements[: 1 if e.decided else 3]] for e in found]
        most = _READINGS if len(written) <= _LONG else 1
        for places in islice(product(*(range(len(c)) for c in choices)), most):
            words: list[str] = []
            at = 0
            for choice, place in zip(choices, places, strict=True):
                expansion, text = choice[place]
                words += corrected[at : expansion.start]
                words += raw_words(text)
                at = expansion.end
            words += corrected[at:]
            read = tuple(zip(found, places, strict=True))
            rows.append(self._row(words, 1.0 - 0.02 * sum(places), written, read, as_typed))
        if found:
            rows.append(self._row(corrected, _AS_WRITTEN, written, (), as_typed, spare=True))
        if (divided := self._divided(rows[0].words)) is not None:
            rows.append(self._row(divided, _DIVIDED, written, rows[0].read, as_typed, spare=True))
        return tuple(rows)

    def _divided(self, words: Sequence[str]) -> list[str] | None:
        """Words of two parts written as the texts mostly write them, in one or in two: preeclampsia, pre-eclampsia."""
        out: list[str] = []
        for given in words:
            word = given if stem(given) in self._vocabulary else self._meant(given)
            if out and (joined := out[-1] + word) and out[-1] in _PARTS and self._count(joined):
                out[-1] = joined
                continue
            part = next((p for p in _PARTS if word.startswith(p) and len(word) > len(p) + 3), None)
            if part and self._count(word[len(part) :]) > 3 * self._count(word):
                out += [part, word[len(part) :]]
            else:
                out.append(given)
        return out if out != list(words) else None

    def _meant(self, word: str) -> str:
        """A word nobody's text holds, as the likeliest that it may be a typo of."""
        near = self._nearest(stem(word), word)
        return near[0][0] if near else word

    def _is_term(self, word: str) -> bool:
        return bool(self._lexicon.expand([word], []))

    def _is_known(self, word: str) -> bool:
        return stem(word) in self._vocabulary or self._is_term(word)

    def _count(self, word: str) -> int:
        return self._vocabulary.get(stem(word), 0)

    def _row(
        self,
        words: Sequence[str],
        quality: float,
        written: Sequence[str],
        read: tuple[tuple[Expansion, int], ...],
        as_typed: bool,
        *,
        spare: bool = False,
    ) -> Row:
        words = words[:_MAX_MEANT]
        return Row(self._slots(words, as_typed), quality, tuple(written), tuple(words), read, spare)

    def _respelled(self, word: str) -> str:
        """A word nobody's text holds, in American spelling or as the one word it can be a typo of."""
        if self._is_known(word):
            return word
        for pattern, instead in _FORMS:
            other = re.sub(pattern, instead, word)
            if other != word and stem(other) in self._vocabulary:
                return other
        return word

    def _slots(self, words: Sequence[str], as_typed: bool) -> tuple[Slot, ...]:
        stems = {stem(word): word for word in reversed(words)}
        distinct = list(dict.fromkeys(map(stem, words)))
        slots: list[Slot] = []
        none_of = denied(words)
        before = dict(zip(distinct[1:], distinct, strict=False))
        for word in [w for w in distinct if w not in STOP_WORDS] or distinct:
            numbers = tuple(same_number(word, before.get(word, "")))
            if word in self._vocabulary:
                others = tuple((other, _ALTERNATIVE) for other in self._alike.get(word, ()))
                others += tuple((other, _FAMILY) for other in self._family.get(word, ()))
                denies = bool(none_of) and word == _WITHOUT
                counts = bears(word, known=True) * (OF_DENIED if word in none_of or denies else 1.0)
                slots.append(
                    Slot(
                        ((word, 1.0), *others, *numbers),
                        bears=counts,
                        denied=word in none_of,
                        denies=denies,
                    )
                )
            else:
                near = () if as_typed else self._nearest(word, stems[word])
                near = near or ((word, 1.0), *numbers)
                slots.append(
                    Slot(near, typed=word, written=stems[word], bears=bears(word, known=bool(numbers)))
                )
        return tuple(slots)

    def _similar(self, word: str, written: str, most: int) -> Iterable[str]:
        """Words that may be within `most` edits: of about as many letters, about the same ones. An edit changes at
        most two of the letters that a word has."""
        known = self._by_start.get(word[:1], [])
        if not known:
            return ()
        table = self._letters[word[:1]]
        near = np.zeros(len(known), np.bool_)
        for form in {word, written}:
            other = np.bitwise_count(table[:, 0] ^ _letters(form)) <= 2 * most
            near |= other & (np.abs(table[:, 1] - len(form)) <= most)
        return (known[i] for i in np.flatnonzero(near).tolist())

    def _nearest(self, word: str, written: str) -> tuple[tuple[str, float], ...]:
        """Words that it may be a typo of, or the beginning of, the likeliest first."""
        if (known := self._close.get(word)) is not None:
            return known
        if len(word) < ONE_TYPO_FROM - 1 or any(c.isdigit() for c in word):
            return ()
        most = 2 if len(word) >= TWO_TYPOS_FROM else 1
        close = [
            (min(OSA.distance(form, other, score_cutoff=most) for form in {word, written}), other)
            for other in self._similar(word, written, most)
        ]
        close = [(d, o) for d, o in close if d <= most]
        close.sort(key=lambda one: (one[0], -self._vocabulary[one[1]]))
        least = close[0][0] if close else 0
        answer = tuple((o, 0.97 - 0.12 * (d - least)) for d, o in close[:_NEAREST])
        if not answer:
            longer = [o for o in self._by_start[word[:1]] if o.startswith(word)]
            longer.sort(key=lambda o: -self._vocabulary[o])
            answer = tuple((o, 0.9) for o in longer[:_NEAREST])
        if len(self._close) > 10_000:
            self._close.clear()
        self._close[word] = answer
        return answer
