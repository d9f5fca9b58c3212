"""All texts that lead to codes, as arrays: made once when the index is built, then only read.

A word's texts lie in one stretch of `postings`, a text's codes in one stretch of `text_codes`. Codes are numbered in
the order of their systems, so that a heading comes before what lies below it.
"""

import math
import re
from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ahead.lookup.search.knowledge import STOP_WORDS
from ahead.lookup.search.texts import GROUP, TITLE
from ahead.shared.search.analysis import analysed, stem, words

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

UNIT, SPARED = 4096, 40
"""Costs are kept in parts of 1 / 4096, so many bits up, where `desk` counts them."""
_OPTIONAL = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
"""By the conventions of the code set: what stands in parentheses may be there or not, what stands in brackets says the
same in other words."""
_SAME_START = 5
_WITH, _WITHOUT = stem("with"), stem("without")
_DENIED = 0.4
"""The part of its cost that a word has where the text says that there is none of it: who says nothing of it, mostly
means that."""
CHEAP = {
    stem(word): cost
    for word, cost in {
        "unspecified": 0.05,
        "nos": 0.03,
        "nec": 0.3,
        "other": 0.8,
        "not": 0.05,
        "site": 0.1,
        "specified": 0.3,
        "initial": 0.1,
        "encounter": 0.05,
        "closed": 0.1,
        "elsewhere": 0.2,
        "classified": 0.2,
        "without": 0.35,
        "due": 0.1,
        "disease": 0.5,
        "disorder": 0.5,
        "syndrome": 0.5,
        "applicable": 0.1,
        "congenital": 1.5,
        "pathological": 2.0,
        "periprosthetic": 2.0,
        "neoplastic": 1.5,
        "newborn": 1.5,
        "neonatal": 1.5,
        "birth": 1.5,
        "fetus": 1.3,
        "pregnancy": 1.5,
        "puerperium": 1.5,
        "childbirth": 1.5,
        "postprocedural": 1.5,
        "suicide": 2.0,
        "suicidal": 2.0,
        "intentional": 2.0,
        "assault": 2.0,
        "military": 2.0,
        "legal": 2.0,
    }.items()
}
"""What words cost a text where the query doesn't hold them: less than their weight where they narrow it little, more
where they tell of circumstances that nobody would leave out who meant them."""


@dataclass(frozen=True, slots=True)
class Wording:
    """words: stems with their numbers; surfaces: the commonest form of each. postings of word i are
    postings[word_starts[i]:word_starts[i+1]], numbers of texts; posting_costs: what the word costs that text,
    nothing where it may be left out, as round(cost * UNIT) << SPARED. deltas: the same for the words that a
    code's title has more than its parent's. burden: what their words cost where a query holds none of them.
    held: a row of bits per release, whether it holds a code."""

    words: dict[str, int]
    surfaces: tuple[str, ...]
    weights: Floats
    costs: Floats
    word_starts: Ints
    postings: Ints
    posting_costs: NDArray[np.int64]
    delta_starts: Ints
    deltas: Ints
    burden: Floats
    delta_burden: Floats
    kinds: NDArray[np.uint8]
    code_starts: Ints
    text_codes: Ints
    code_texts: Ints
    text_ends: Ints
    texts: NDArray[np.uint8]
    codes: tuple[str, ...]
    system_of: NDArray[np.uint8]
    systems: tuple[str, ...]
    chapter_of: NDArray[np.uint16]
    chapters: tuple[str, ...]
    billable: NDArray[np.bool_]
    parents: Ints
    depths: NDArray[np.uint8]
    held: NDArray[np.uint8]
    release_ids: tuple[int, ...]
    priors: Floats

    def text(self, number: int) -> str:
        start = int(self.text_ends[number - 1]) if number else 0
        return bytes(self.texts[start : int(self.text_ends[number])]).decode()

    def in_releases(self, releases: Collection[int]) -> NDArray[np.bool_]:
        """Per code, whether one of these releases holds it."""
        rows = [self.held[i] for i, known in enumerate(self.release_ids) if known in releases]
        if not rows:
            return np.zeros(len(self.codes), np.bool_)
        return np.unpackbits(np.bitwise_or.reduce(rows), count=len(self.codes)).astype(np.bool_)

    def release_of(self, code: int, releases: Sequence[int]) -> int | None:
        """The first of these releases that holds a code."""
        for release in releases:
            if release in self.release_ids:
                packed = self.held[self.release_ids.index(release), code >> 3]
                if packed >> (7 - (code & 7)) & 1:
                    return release
        return None


class WordingBuilder:
    """Collects texts. Add a system's codes in order, headings first; then texts that name codes."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._codes: list[str] = []
        self._systems: dict[str, int] = {}
        self._system_of = array("B")
        self._chapters: dict[str, int] = {}
        self._chapter_of = array("H")
        self._billable = array("B")
        self._depths = array("B")
        self._parents = array("i")
        self._held: list[array[int]] = []
        self._priors = array("f")
        self._delta_words: list[tuple[str, ...]] = []
        self._titles: dict[int, str] = {}
        self._release_ids: list[int] = []
        self._texts: dict[tuple[int, str], int] = {}
        self._text_list: list[tuple[int, str]] = []
        self._text_codes: list[list[int]] = []
        self._code_text: dict[int, int] = {}

    def release(self, release: int) -> None:
        """Begin with the codes of a release. Newest first: titles and places are those of the newest."""
        self._release_ids.append(release)
        self._held.append(array("i"))

    def code(
        self,
        system: str,
        code: str,
        parent: str | None,
        title: str,
        *,
        chapter: str = "",
        billable: bool = True,
        prior: int = 0,
    ) -> int:
        """Add a code, or say that this release holds it as well; returns its number."""
        key = (system, code)
        number = self._numbers.get(key)
        above = self._numbers.get((system, parent), -1) if parent else -1
        if number is None:
            number = self._numbers[key] = len(self._codes)
            self._codes.append(code)
            self._system_of.append(self._systems.setdefault(system, len(self._systems)))
            self._chapter_of.append(self._chapters.setdefault(chapter, len(self._chapters)))
            self._billable.append(billable)
            self._parents.append(above)
            self._depths.append(self._depths[above] + 1 if above >= 0 else 0)
            self._priors.append(prior / 1000)
            known = set(words(self._titles[above])) if above >= 0 else set[str]()
            mine = words(title) if title else ()
            self._delta_words.append(tuple(w for w in dict.fromkeys(mine) if w not in known))
            self._titles[number] = title
        self._held[-1].append(number)
        return number

    def number(self, system: str, code: str) -> int | None:
        return self._numbers.get((system, code))

    def text(self, kind: int, text: str, numbers: Sequence[int]) -> int:
        """Add a text that leads to the codes with these numbers; returns the text's."""
        key = (kind, text)
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = len(self._text_list)
            self._text_list.append(key)
            self._text_codes.append([])
        known = self._text_codes[found]
        known += [n for n in numbers if n not in known]
        if kind in (TITLE, GROUP):  # by a group goes what has no title of its own
            for n in numbers:
                self._code_text.setdefault(n, found)
        return found

    def build(self) -> Wording:
        vocabulary: dict[str, int] = {}
        held: list[tuple[int, ...]] = []
        optional: list[frozenset[int]] = []
        counts: Counter[int] = Counter()
        written: Counter[str] = Counter()
        for _, text in self._text_list:
            written.update(analysed(text)[0])
            numbers = tuple(vocabulary.setdefault(w, len(vocabulary)) for w in dict.fromkeys(words(text)))
            held.append(numbers)
            counts.update(numbers)
            aside = _aside(text)
            plain = words(_OPTIONAL.sub(" ", text)) if aside else words(text)
            beside = {w for w in words(aside) if w not in plain} | _other_forms(plain)
            optional.append(frozenset(vocabulary[w] for w in beside))
        deltas = [tuple(vocabulary.setdefault(w, len(vocabulary)) for w in d) for d in self._delta_words]
        total = max(len(self._text_list), 1)
        names = list(vocabulary)
        commonest: dict[str, str] = {}
        for form, _ in written.most_common():
            commonest.setdefault(stem(form), form)
        weights = np.array(
            [0.1 if w in STOP_WORDS else math.log(1 + total / (counts[i] or 1)) for i, w in enumerate(names)],
            np.float32,
        )
        cheap = np.array([0.0 if w in STOP_WORDS else CHEAP.get(w, 1.0) for w in names], np.float32)
        costs = weights * cheap
        without = vocabulary.get(_WITHOUT, -1)
        paid: list[list[float]] = []
        for ws, o, (_, text) in zip(held, optional, self._text_list, strict=True):
            denied = {vocabulary[w] for w in _denied(words(text))} if without in ws else frozenset[int]()
            paid.append([0.0 if w in o else float(costs[w]) * (_DENIED if w in denied else 1.0) for w in ws])
        burden = np.array(
            [sum(row) for row in paid],
            np.float32,
        )
        delta_burden = np.array([sum(float(costs[w]) for w in ws) for ws in deltas], np.float32)
        starts, postings = _inverted(held, len(names))
        delta_starts, delta_postings = _inverted(deltas, len(names))
        code_starts = np.zeros(total + 1, np.int32)
        np.cumsum([len(c) for c in self._text_codes], out=code_starts[1 : len(self._text_codes) + 1])
        encoded = [text.encode() for _, text in self._text_list]
        n = len(self._codes)
        parents = np.array(self._parents, np.int32)
        depths = np.array(self._depths, np.uint8)
        return Wording(
            words=vocabulary,
            surfaces=tuple(commonest.get(name, name) for name in names),
            weights=weights,
            costs=costs,
            word_starts=starts,
            postings=postings,
            posting_costs=_as_inverted(held, paid),
            delta_starts=delta_starts,
            deltas=delta_postings,
            burden=burden,
            delta_burden=delta_burden,
            kinds=np.array([kind for kind, _ in self._text_list], np.uint8),
            code_starts=code_starts,
            text_codes=np.array([c for cs in self._text_codes for c in cs], np.int32),
            code_texts=np.array([self._code_text.get(i, -1) for i in range(n)], np.int32),
            text_ends=np.cumsum([len(t) for t in encoded]).astype(np.int32),
            texts=np.frombuffer(b"".join(encoded), np.uint8),
            codes=tuple(self._codes),
            system_of=np.array(self._system_of, np.uint8),
            systems=tuple(self._systems),
            chapter_of=np.array(self._chapter_of, np.uint16),
            chapters=tuple(self._chapters),
            billable=np.array(self._billable, np.bool_),
            parents=parents,
            depths=depths,
            held=_packed(self._held, n),
            release_ids=tuple(self._release_ids),
            priors=np.array(self._priors, np.float32),
        )


def _denied(in_text: Sequence[str]) -> frozenset[str]:
    """The words of which a text says that there is none: those behind "without", up to a "with"."""
    none_of: set[str] = set()
    denying = False
    for word in in_text:
        denying = word == _WITHOUT or (denying and word != _WITH)
        if denying and word != _WITHOUT:
            none_of.add(word)
    return frozenset(none_of)


def _aside(text: str) -> str:
    """What a text says in parentheses and brackets."""
    if "(" not in text and "[" not in text:
        return ""
    return " ".join(one or other for one, other in _OPTIONAL.findall(text))


def _other_forms(in_text: Sequence[str]) -> set[str]:
    """Words that begin like one before them: an index names a term in all its forms ("Infection, infected")."""
    begun: set[str] = set()
    others: set[str] = set()
    for word in dict.fromkeys(in_text):
        start = word[:_SAME_START]
        if len(start) == _SAME_START and start in begun:
            others.add(word)
        begun.add(start)
    return others


def _packed(rows: Sequence[Sequence[int]], count: int) -> NDArray[np.uint8]:
    """A row of bits for each list of numbers."""
    bits = np.zeros((len(rows), count), np.bool_)
    for row, numbers in zip(bits, rows, strict=True):
        row[np.array(numbers, np.int64)] = True
    return np.packbits(bits, axis=1)


def _as_inverted(rows: Sequence[Sequence[int]], costs: Sequence[Sequence[float]]) -> NDArray[np.int64]:
    """One cost per place of a row, in the order of postings."""
    flat = np.array([w for r in rows for w in r], np.int64)
    in_units = np.rint(np.array([c for r in costs for c in r], np.float32) * UNIT).astype(np.int64)
    return (in_units << SPARED)[np.argsort(flat, kind="stable")]


def _inverted(rows: Sequence[Sequence[int]], vocabulary: int) -> tuple[Ints, Ints]:
    lengths = np.array([len(r) for r in rows], np.int64)
    flat = np.array([w for r in rows for w in r], np.int64)
    owners = np.repeat(np.arange(len(rows), dtype=np.int64), lengths)
    order = np.argsort(flat, kind="stable")
    starts = np.zeros(vocabulary + 1, np.int64)
    np.cumsum(np.bincount(flat, minlength=vocabulary), out=starts[1:])
    return starts.astype(np.int32), owners[order].astype(np.int32)
