"""Finds the term that a reference or somebody's words mean: "Fracture, pathological, due to, osteoporosis".

The first part is a main term, each further one a term below; a part may skip a level that only connects ("with",
"due to"). What says that the reader has to choose ("by site") ends the way.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .spelling import alternatives, searched

Below = Callable[[int], list[tuple[int, int | None, int, str]]]
"""(ordinal, parent, level, word) of everything below a term, in order."""

_CHOOSE = re.compile(r"by (site|type|drug|substance|cause|trimester|histology)|as to|specified|by .*")
_CONNECTING = {"with", "due to", "in", "of", "by", "and", "to", "from", "on", "following", "involving"}
_TOKEN = re.compile(r"[a-z0-9]+")
_JOINED = re.compile(r" (with|due to|complicated by|in|by) ")
_LEADING = re.compile(r"^(with|due to|in|of|by|not|on) ")
MAX_PARTS = 12
MAX_MAINS = 8


@dataclass(frozen=True)
class Way:
    """`ordinal` is None where not even the main term was found; `rest` is what was not followed."""

    ordinal: int | None
    rest: str


class Mains:
    """Main terms by what they may be called."""

    def __init__(self, rows: Iterable[tuple[int, str]]) -> None:
        self.words: list[tuple[int, str]] = list(rows)
        self._whole: dict[str, int] = {}
        self._parts: dict[str, list[int]] = {}
        self._loose: dict[str, list[int]] = {}
        self._first: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for ordinal, word in self.words:
            self._whole.setdefault(word, ordinal)
            for name in alternatives(word)[1:]:
                self._parts.setdefault(name, []).append(ordinal)
            for name in alternatives(word):
                self._loose.setdefault(_stem(name), []).append(ordinal)
            if tokens := _TOKEN.findall(word):
                self._first.setdefault(_stem(tokens[0]), []).append((ordinal, _tokens(word)))

    def called(self, name: str) -> list[int]:
        """Main terms of that name: the one whose whole title it is, else those whose title has it as a part
        ("fracture" of "fracture, pathological" and "fracture, traumatic"), else those that differ in their end."""
        if (whole := self._whole.get(name)) is not None:
            return [whole]
        return self._parts.get(name) or self._loose.get(_stem(name), [])

    def beginning(self, name: str) -> list[int]:
        """The first main term that begins with the same word and has the others too: "misadventure" is
        "misadventure to patient during surgical care"."""
        wanted = _tokens(name)
        first = _TOKEN.findall(name)[:1]
        held = self._first.get(_stem(first[0]), ()) if first else ()
        return [ordinal for ordinal, tokens in held if wanted <= tokens][:1]


def resolve(text: str, mains: Mains, below: Below) -> Way:
    parts = _parts(searched(text))
    if not parts:
        return Way(None, "")
    for get in (mains.called, mains.beginning):
        for tried in (parts, _parts(_JOINED.sub(r", \1, ", ", ".join(parts)))):
            for taken in range(len(tried), 0, -1):
                found = get(", ".join(tried[:taken]))[:MAX_MAINS]
                if found:
                    ways = [_down(main, tried[taken:], below) for main in found]
                    return min(ways, key=lambda way: len(way.rest.split(", ")) if way.rest else 0)
    return Way(None, ", ".join(parts))


def _parts(text: str) -> list[str]:
    return [part for part in (p.strip(" -.") for p in text.split(",")) if part][:MAX_PARTS]


def _down(main: int, parts: Sequence[str], below: Below) -> Way:
    place, at = main, 0
    rows = below(main) if parts else []
    while at < len(parts):
        if _CHOOSE.fullmatch(parts[at]):
            break
        step = _step(place, parts, at, rows)
        if step is None:
            break
        place, at = step
    return Way(place, ", ".join(parts[at:]))


def _step(
    place: int, parts: Sequence[str], at: int, rows: list[tuple[int, int | None, int, str]]
) -> tuple[int, int] | None:
    """The next term and how many parts are used up; several parts may be one title ("specified site, other")."""
    for called in (_called, _contained):
        for last in range(len(parts), at, -1):
            name = ", ".join(parts[at:last])
            for wanted in dict.fromkeys((name, name.removesuffix(" nec"), _LEADING.sub("", name))):
                found = _below(place, wanted, rows, called)
                if found is not None:
                    return found, last
    return None


def _below(
    place: int, name: str, rows: list[tuple[int, int | None, int, str]], called: Callable[[str, str], bool]
) -> int | None:
    """The nearest term below by that name: a child, else one below a connecting word, else any deeper one."""
    words = {ordinal: word for ordinal, _, _, word in rows}
    parents = {ordinal: parent for ordinal, parent, _, _ in rows}
    best: tuple[int, int] | None = None
    for ordinal, parent, _, word in rows:
        if not called(word, name):
            continue
        distance = 0
        while parent is not None and parent != place:
            distance += 1 if _connects(words.get(parent, "")) else 10
            parent = parents.get(parent)
        if parent == place and (best is None or (distance, ordinal) < best):
            best = (distance, ordinal)
    return best[1] if best else None


def _called(word: str, name: str) -> bool:
    if word == name:
        return True
    names = alternatives(word)
    return name in names or _stem(name) in {_stem(one) for one in names}


def _contained(word: str, name: str) -> bool:
    """Every word of the name is in the title: "construction vehicle" in "construction vehicle occupant"."""
    return _tokens(name) <= _tokens(word)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_stem(token) for token in _TOKEN.findall(text))


def _connects(word: str) -> bool:
    return all(part in _CONNECTING for part in alternatives(word)[1:] or (word,))


def _stem(name: str) -> str:
    """Without the end that tells one from many: "complications" and "complication" are one."""
    if len(name) <= 4:
        return name
    bare = name.removesuffix(" nec").rstrip("es")
    return f"{bare[:-1]}i" if bare.endswith("y") else bare
