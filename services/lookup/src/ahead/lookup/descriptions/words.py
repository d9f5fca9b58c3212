"""The project's own words: what terms, places and 7th characters mean. Read once from the data files."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DATA = "data"


def rows(name: str) -> list[list[str]]:
    """Rows of a tab-separated data file, without comments and header."""
    text = (files(__package__ or "") / DATA / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in rows(name)]


@cache
def places() -> dict[str, str]:
    """What a chapter or section is about: "infections of the bowels"."""
    return dict(_pairs("places.tsv"))


@cache
def seventh_characters() -> dict[str, str]:
    """A 7th character's meaning as printed → what it says, as a clause."""
    return dict(_pairs("seventh_characters.tsv"))


@dataclass(frozen=True)
class Term:
    rank: int
    """1 a condition, event or reason; 2 a part of the body; 3 a quality; 4 for want of a better one."""
    position: int
    meaning: str


class Glossary:
    """Finds terms in titles; a longer term wins over the shorter ones inside it.

    Terms are looked for at the beginnings of words only, by their first two letters: a thousand alternatives
    in one expression took 80 ms a title.
    """

    def __init__(self, entries: list[list[str]]) -> None:
        self._by_start: dict[str, list[_Entry]] = {}
        for row in entries:
            entry = _Entry(
                re.compile(rf"{row[1]}(?![\w-])", re.IGNORECASE),
                int(row[0]),
                row[2],
                _Where(row[3] if len(row) > 3 else ""),
            )
            start = row[1][:2].lower()
            self._by_start.setdefault(start if start.isalpha() else "", []).append(entry)
        self._anywhere = self._by_start.pop("", [])

    def find(self, title: str, code: str) -> list[Term]:
        """Terms in order of appearance, each once, of those that hold for the code (by its key)."""
        found: list[Term] = []
        position = 0
        for word in _WORD.finditer(title):
            start = word.start()
            if start < position:
                continue
            best: _Entry | None = None
            for entry in (*self._by_start.get(title[start : start + 2].lower(), ()), *self._anywhere):
                match = entry.pattern.match(title, start)
                if match is not None and match.end() > position and entry.where.holds(code):
                    best, position = entry, match.end()
            if best is not None and all(term.meaning != best.meaning for term in found):
                found.append(Term(best.rank, start, best.meaning))
        return found


_WORD = re.compile(r"(?<![\w-])\w")


class _Where:
    """A word may mean different things in different places: a ventricle is of the heart or of the brain."""

    def __init__(self, text: str) -> None:
        self._not = text.startswith("!")
        self._beginnings = tuple(text.removeprefix("!").split("|")) if text else ()

    def holds(self, code: str) -> bool:
        if not self._beginnings:
            return True
        return code.startswith(self._beginnings) != self._not


@dataclass(frozen=True)
class _Entry:
    pattern: re.Pattern[str]
    rank: int
    meaning: str
    where: _Where


@cache
def glossary() -> Glossary:
    return Glossary(rows("glossary.tsv"))
