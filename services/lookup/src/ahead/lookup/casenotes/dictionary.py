"""What the official books call conditions: phrases as sets of words, each leading to a code.

Built once per set of editions: titles, inclusion terms, the terms of the alphabetic index with all that stands above
them, and the table of neoplasms. Kept small: words are numbers, a phrase is a tuple of them, found by its rarest word.
"""

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, product

from ahead.lookup.catalog.schemas import Document
from ahead.lookup.indexes.codes import key_of
from ahead.lookup.indexes.schemas import Listed

from .words import content_of, word_of, words_of

_LEFT_OPEN = re.compile(r", (?:unspecified\b|except ).*$")
MAX_WORDS = 9
MAX_PHRASES = 400_000
_ALTERNATIVES = 6
INDEX, TERM, TITLE, SITE = range(4)
"""Where a phrase is from: an index term, an inclusion term, a title, the table of neoplasms."""
_STATUS = (
    "absence presence status carrier homelessness smoker noncompliance nonadherence dialysis dependence allergy "
    "pregnancy transplant pacemaker"
)
_VAGUE = (
    "examination admission test observation screening follow-up removal fitting attention encounter aftercare "
    "procedure surgery counseling vaccination consultation donor exposure contact problem care findings result "
    "abnormal newborn complication delivery labor suture maladjustment condition cause person history personal "
    "sequelae late effect maternal birth causing state "
    "external encounter code intervention misadventure place activity old anesthesia hemoglobin reflex reduced cut "
    "evaluation advice"
)
_Z_TERMS = frozenset(words_of(_STATUS))
"""Main terms whose Z codes a note gives reason for; other Z codes are of what a visit is for."""
_VAGUE_TERMS = frozenset(words_of(_VAGUE))
"""Main terms that in a note are ordinary words."""


@dataclass(slots=True)
class Phrase:
    words: tuple[str, ...]
    code: str
    origin: int
    text: str


@dataclass(slots=True)
class Place:
    """What specificity needs of a node."""

    code: str
    dotted: str
    title: str
    parent: str
    billable: bool
    words: frozenset[str]
    below: list[str] = field(default_factory=list)


class Dictionary:
    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.phrases: list[Phrase] = []
        self._seen: set[tuple[str, ...]] = set()
        self._exact: dict[frozenset[str], str] = {}
        self.morphology: dict[str, tuple[str, ...]] = {}
        """Names of tumors that the table of neoplasms codes by site: "myxosarcoma" → malignant neoplasm."""
        self.histories: dict[str, list[tuple[frozenset[str], str]]] = {"personal": [], "family": []}
        self._texts: list[tuple[str, str, int]] = []
        self.by_word: dict[str, array[int]] = {}
        self.weight: dict[str, float] = {}

    @classmethod
    def built(
        cls, documents: Iterable[Document], index: Iterable[Listed], neoplasms: Iterable[Listed]
    ) -> "Dictionary":
        """Takes seconds: for a thread beside the requests."""
        made = cls()
        made.nodes(documents)
        made.index(index)
        made.neoplasms(neoplasms)
        made.finish()
        return made

    # Filling

    def nodes(self, documents: Iterable[Document]) -> None:
        way: list[tuple[int, str]] = []
        for document in documents:
            while way and way[-1][0] >= document.depth:
                way.pop()
            parent = way[-1][1] if way else ""
            way.append((document.depth, document.code))
            if document.kind in ("chapter", "section"):
                continue
            place = Place(
                document.code, document.dotted, document.title, parent if parent in self.places else "",
                document.billable, frozenset(words_of(document.title)),
            )  # fmt: skip
            self.places[document.code] = place
            if place.parent:
                self.places[place.parent].below.append(place.code)
            if document.kind == "extension" or document.code[0] in "VWXYZ":
                continue
            self._texts.append((document.title, document.code, TITLE))
            self._texts += [(term, document.code, TERM) for term in document.inclusion_terms]

    def index(self, terms: Iterable[Listed]) -> None:
        referring: list[tuple[list[list[str]], str, str]] = []
        for term in terms:
            path = (*term.path, term.title)
            main = content_of(path[0])
            if term.codes and len(path) > 1 and path[0].startswith("History"):
                self._history(path, key_of(term.codes[0]))
            if not main or main[0] in _VAGUE_TERMS or _says_other(path):
                continue
            sets = _sets(path)
            text = ", ".join(path)
            if term.codes:
                code = key_of(term.codes[0])
                if code[0] in "VWXY" or (code[0] == "Z" and main[0] not in _Z_TERMS):
                    continue
                for words in sets:
                    self.add(words, code, INDEX, text)
                    self._exact.setdefault(frozenset(words), code)
            elif len(path) == 1 and len(main) == 1 and (kind := _by_site(term.see)):
                self.morphology[main[0]] = kind
            elif term.see:
                referring.append((sets, term.see, text))
        for sets, see, text in referring:
            meant = self._exact.get(frozenset(content_of(_essential(see))))
            for words in sets if meant else ():
                self.add(words, meant or "", INDEX, text)

    def _history(self, path: tuple[str, ...], code: str) -> None:
        """ "History, family (of), malignant neoplasm, breast": what stands for a past finding, or a relative's."""
        kind = path[1].split(" ")[0].rstrip(",")
        words = frozenset(word for part in path[2:] for word in content_of(_essential(part)))
        if kind in self.histories and words and code in self.places and not _says_other(path):
            self.histories[kind].append((words, code))

    def neoplasms(self, terms: Iterable[Listed]) -> None:
        """The table: a site is a phrase with a malignant, secondary, ... neoplasm of it."""
        for term in terms:
            sites = _sets((*term.path, term.title)[1:]) if term.path else [[]]
            # The first row, "Neoplasm", stands above all sites; its own codes are of no site.
            if term.path or not term.title.startswith("Neoplasm"):
                sites = _sets(
                    tuple(part for part in (*term.path, term.title) if not part.startswith("Neoplasm"))
                )
            for printed in term.codes:
                code = key_of(printed)
                kind = _neoplasm_kind(code)
                for site in sites if kind else ():
                    self.add(
                        list(dict.fromkeys((*kind, *site))), code, SITE, f"Table of neoplasms: {term.title}"
                    )

    def add(self, words: list[str], code: str, origin: int, text: str) -> None:
        if not 0 < len(words) <= MAX_WORDS or code not in self.places or len(self.phrases) >= MAX_PHRASES:
            return
        if all(word.isdigit() or len(word) < 3 for word in words):
            return
        key = tuple(sorted(words))
        # The index decides what a phrase means; a second code for the same words comes from a less direct text.
        if key in self._seen:
            return
        self._seen.add(key)
        self.phrases.append(Phrase(tuple(words), code, origin, text))

    def finish(self) -> None:
        """Titles and inclusion terms behind the index, weights of the words, and the phrases by their rarest one."""
        for text, code, origin in sorted(self._texts, key=lambda one: one[2]):
            if not text.startswith("Other "):
                self.add(content_of(_essential(text)), code, origin, text)
        for text, code, origin in self._texts:
            # "Pneumonia, unspecified organism" is what a note calls pneumonia, where no other text is called that.
            if (short := _LEFT_OPEN.sub("", text)) != text and not text.startswith("Other "):
                self.add(content_of(_essential(short)), code, origin, text)
        self._texts = []
        counted = Counter(word for phrase in self.phrases for word in set(phrase.words))
        total = len(self.phrases) or 1
        self.weight = {word: math.log(1 + total / count) for word, count in counted.items()}
        by_word: dict[str, array[int]] = {}
        for number, phrase in enumerate(self.phrases):
            rarest = max(phrase.words, key=lambda word: (self.weight[word], word))
            by_word.setdefault(rarest, array("I")).append(number)
        self.by_word = by_word
        self._seen, self._exact = set(), {}


_KINDS = (
    (("C77", "C78", "C79", "C7B"), ("secondary", "malignant", "neoplasm")),
    (("C",), ("malignant", "neoplasm")),
    (("D0",), ("situ", "neoplasm")),
    (("D1", "D2", "D30", "D31", "D32", "D33", "D34", "D35", "D36", "D3A"), ("benign", "neoplasm")),
    (("D37", "D38", "D39", "D4"), ("uncertain", "behavior", "neoplasm")),
)  # fmt: skip


def _neoplasm_kind(code: str) -> tuple[str, ...]:
    """What a note calls the column that a code of the table stands in."""
    if code.startswith("D49"):
        return tuple(words_of("neoplasm"))
    for beginnings, words in _KINDS:
        if code.startswith(beginnings):
            return tuple(word_of(word) for word in words)
    return ()


def _essential(text: str) -> str:
    """Without what stands in brackets."""
    out, depth = [], 0
    for character in text:
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif not depth:
            out.append(character)
    return "".join(out)


def _sets(path: tuple[str, ...]) -> list[list[str]]:
    """The words of an index term with what stands above it, for each name that a term has."""
    parts = [_names(title) or [[]] for title in path]
    return [
        list(dict.fromkeys(word for part in combination for word in part))
        for combination in islice(product(*parts), _ALTERNATIVES)
    ]


def _names(title: str) -> list[list[str]]:
    """ "Hypertension, hypertensive" has two names, "Satiety, early" one of two words: a name that begins like the first
    one is another form of it."""
    names = [words for name in _essential(title).split(",") if (words := content_of(name))]
    if len(names) < 2:
        return names
    begins = names[0][0][:4]
    forms = [words for words in names if len(words) == 1 and words[0][:4] == begins]
    if len(forms) == len(names):
        return forms[:3]
    return [list(dict.fromkeys(word for words in names if words not in forms[1:] for word in words))]


def _says_other(path: tuple[str, ...]) -> bool:
    """ "specified NEC" means what no other term says, and the words of a note never say that."""
    return "(o)" in path[0] or any("specified" in part.casefold() for part in path[1:])


def _by_site(see: str) -> tuple[str, ...]:
    """The kind of neoplasm in "Neoplasm, malignant, by site"."""
    text = see.casefold()
    if not text.startswith("neoplasm") or "by site" not in text:
        return ()
    kind = next((k for k in ("malignant", "benign", "uncertain behavior", "in situ") if k in text), "")
    return tuple(words_of(f"{kind} neoplasm".replace("in situ", "situ")))
