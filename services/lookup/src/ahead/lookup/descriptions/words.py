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
    """Finds terms in titles; longer terms win over the shorter ones inside them."""

    def __init__(self, entries: list[list[str]]) -> None:
        # Longest first, so that "otitis media" is tried before "otitis".
        ordered = sorted(entries, key=lambda row: -len(row[1]))
        self._entries = [(int(row[0]), row[2], _Where(row[3] if len(row) > 3 else "")) for row in ordered]
        self._pattern = re.compile(
            "|".join(rf"(?P<t{n}>(?<![\w-]){row[1]}(?![\w-]))" for n, row in enumerate(ordered)),
            re.IGNORECASE,
        )

    def find(self, title: str, code: str) -> list[Term]:
        """Terms in order of appearance, each once, of those that hold for the code (by its key)."""
        found: list[Term] = []
        for match in self._pattern.finditer(title):
            rank, meaning, where = self._entries[int((match.lastgroup or "t0")[1:])]
            if where.holds(code) and all(term.meaning != meaning for term in found):
                found.append(Term(rank, match.start(), meaning))
        return found


class _Where:
    """A word may mean different things in different places: a ventricle is of the heart or of the brain."""

    def __init__(self, text: str) -> None:
        self._not = text.startswith("!")
        self._beginnings = tuple(text.removeprefix("!").split("|")) if text else ()

    def holds(self, code: str) -> bool:
        if not self._beginnings:
            return True
        return code.startswith(self._beginnings) != self._not


@cache
def glossary() -> Glossary:
    return Glossary(rows("glossary.tsv"))
