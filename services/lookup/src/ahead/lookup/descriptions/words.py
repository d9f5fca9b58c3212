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


@cache
def places() -> dict[str, str]:
    """What a chapter or section is about: "infections of the bowels"."""
    return {key: text for key, text in rows("places.tsv")}


@cache
def seventh_characters() -> dict[str, str]:
    """A 7th character's meaning as printed → what it says, as a clause."""
    return {meaning: text for meaning, text in rows("seventh_characters.tsv")}


@dataclass(frozen=True)
class Term:
    rank: int
    """1 a condition, event or reason; 2 a part of the body; 3 a quality; 4 too general to say much."""
    position: int
    meaning: str


class Glossary:
    """Finds terms in titles; longer terms win over the shorter ones inside them."""

    def __init__(self, entries: list[list[str]]) -> None:
        # Longest first, so that "otitis media" is tried before "otitis".
        ordered = sorted(entries, key=lambda row: -len(row[1]))
        self._entries = [(int(rank), meaning) for rank, _, meaning in ordered]
        self._pattern = re.compile(
            "|".join(rf"(?P<t{n}>(?<![\w-]){word}(?![\w]))" for n, (_, word, _) in enumerate(ordered)),
            re.IGNORECASE,
        )

    def find(self, title: str) -> list[Term]:
        """Terms in order of appearance, each once."""
        found: list[Term] = []
        for match in self._pattern.finditer(title):
            rank, meaning = self._entries[int((match.lastgroup or "t0")[1:])]
            if all(term.meaning != meaning for term in found):
                found.append(Term(rank, match.start(), meaning))
        return found


@cache
def glossary() -> Glossary:
    return Glossary(rows("glossary.tsv"))
