"""Reads the lexicon and finds its terms in a query.

A line says: kind, term, replacements, systems, cues, expects, note. Replacements are divided by " | "; systems, cues
and expected codes then stand for all of them, or for each in turn, divided alike ("-" for none). The tests hold every
line to the official texts: the words of a replacement stand in them, under the codes that are expected.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ahead.shared.search.analysis import raw_words, stem

DATA = Path(__file__).parent / "data"
COLUMNS = 7
_NONE = "-"
_BETWEEN = " | "

_WHY = {
    "abbreviation": "short for",
    "anatomy": "another name of this part of the body",
    "brand": "brand of",
    "device": "another name of this device",
    "eponym": "known by a name",
    "form": "another form of this word",
    "lay": "everyday words for",
    "procedure": "another name of this procedure",
    "shorthand": "written short for",
    "spelling": "British spelling of",
    "synonym": "another name of",
}
KINDS = frozenset(_WHY)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a term may stand for.

    text: in words of the official texts. systems: code systems whose texts hold these words. expects: beginnings of
    undotted codes that it leads to, may be empty. cues: stems that speak for this meaning of several.
    """

    text: str
    systems: tuple[str, ...]
    expects: tuple[str, ...] = ()
    cues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    kind: str
    term: str
    meanings: tuple[Meaning, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A term that stands in the words of a query.

    start, end: its place, `words[start:end]`. replacements: what it may stand for, likeliest first.
    decided: it has one meaning, or the context speaks for the first one.
    """

    kind: str
    start: int
    end: int
    replacements: tuple[str, ...]
    why: str
    meanings: tuple[Meaning, ...] = ()
    decided: bool = True


class Lexicon:
    """Immutable; `Lexicon.load()` gives the same one each time."""

    __slots__ = ("_entries", "_longest")

    def __init__(self, entries: Mapping[tuple[str, ...], Entry]) -> None:
        """entries: by the stems of their term."""
        self._entries = MappingProxyType(dict(entries))
        longest: dict[str, int] = {}
        for first, *others in self._entries:
            longest[first] = max(longest.get(first, 0), 1 + len(others))
        self._longest = MappingProxyType(longest)

    @staticmethod
    def load() -> "Lexicon":
        """Raises ValueError, naming the line, when a file of the lexicon is damaged."""
        return _load()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def expand(self, words: Sequence[str], context: Sequence[str]) -> tuple[Expansion, ...]:
        """The terms in a query: the longest first, none inside or across another.

        Args:
            words: of the query in their order, folded (`analysis.raw_words`), or stemmed.
            context: words that tell which meaning of an ambiguous term is meant; the query itself will do. The words
                of the term say nothing about it.
        """
        stems = [stem(word) for word in words]
        found: list[tuple[int, int, Entry]] = []
        for start, first in enumerate(stems):
            for length in range(min(self._longest.get(first, 0), len(stems) - start), 0, -1):
                entry = self._entries.get(tuple(stems[start : start + length]))
                if entry is not None:
                    found.append((start, start + length, entry))
        if not found:
            return ()
        found.sort(key=lambda match: match[0] - match[1])
        around = {stem(word) for word in context}
        taken: set[int] = set()
        expansions: list[Expansion] = []
        for start, end, entry in found:
            place = range(start, end)
            if taken.isdisjoint(place):
                taken.update(place)
                expansions.append(_expansion(entry, start, end, around.difference(stems[start:end])))
        return tuple(expansions)


def _expansion(entry: Entry, start: int, end: int, around: Collection[str]) -> Expansion:
    meanings, decided = entry.meanings, True
    if len(meanings) > 1:
        votes = [len(meaning.cues.intersection(around)) for meaning in meanings]
        ranked = sorted(range(len(meanings)), key=lambda i: -votes[i])
        meanings = tuple(meanings[i] for i in ranked)
        decided = votes[ranked[0]] > votes[ranked[1]]
    texts = tuple(meaning.text for meaning in meanings)
    why = f"“{entry.term}”: {_WHY[entry.kind]} “{texts[0]}”"
    return Expansion(entry.kind, start, end, texts, why, meanings, decided)


@lru_cache(maxsize=1)
def _load() -> Lexicon:
    entries: dict[tuple[str, ...], Entry] = {}
    for path in sorted(DATA.glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line or line.startswith("#"):
                continue
            try:
                entry = parse(line)
            except ValueError as error:
                raise ValueError(f"{path.name} line {number}: {error}") from None
            key = tuple(map(stem, raw_words(entry.term)))
            if key in entries:
                raise ValueError(f"{path.name} line {number}: {entry.term} stands there twice")
            entries[key] = entry
    return Lexicon(entries)


def parse(line: str) -> Entry:
    """Raises ValueError."""
    cells = line.split("\t")
    if len(cells) != COLUMNS:
        raise ValueError(f"{len(cells)} columns instead of {COLUMNS}")
    kind, term, texts, systems, cues, expects, note = cells
    if kind not in KINDS:
        raise ValueError(f"no such kind: {kind}")
    replacements = texts.split(_BETWEEN)
    count = len(replacements)
    if not term or not all(replacements):
        raise ValueError("a term or its replacement is missing")
    each = zip(replacements, _each(systems, count), _each(cues, count), _each(expects, count), strict=True)
    meanings = tuple(
        Meaning(text, tuple(held.split(",")), _codes(codes), frozenset(map(stem, hints.split())))
        for text, held, hints, codes in each
    )
    return Entry(kind, term, meanings, note)


def _each(cell: str, count: int) -> list[str]:
    """A cell of one value stands for all meanings."""
    values = ["" if value == _NONE else value for value in cell.split(_BETWEEN)]
    if len(values) == 1:
        return values * count
    if len(values) != count:
        raise ValueError(f"{len(values)} values for {count} replacements: {cell}")
    return values


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(",")) if cell else ()
