"""The numbering of the guidelines: Section I. – A. – 1. – a. – 1) – (a) – (i)."""

import re

_TOKENS = (
    re.compile(r"Section ([IVX]+)\.\s*"),
    re.compile(r"([A-Z])\.\s*(?=\S)"),
    re.compile(r"([0-9]{1,2})\.\s*(?=\S)"),
    re.compile(r"([a-z])\.\s*(?=\S)"),
    re.compile(r"([0-9]{1,2})\)\s*(?=\S)"),
    re.compile(r"\(([a-z])\)\s*(?=\S)"),
    re.compile(r"\(([ivx]{1,5})\)\s*(?=\S)"),
)
DEPTHS = len(_TOKENS)
APPENDIX = re.compile(r"Appendix ([IVX]+)\b\s*")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def read(text: str) -> list[tuple[int, int, str]]:
    """(depth, place from 1, the rest of the line) for each way in which a line can begin with a number."""
    found: list[tuple[int, int, str]] = []
    for depth, token in enumerate(_TOKENS):
        match = token.match(text)
        if match is None:
            continue
        place = _place(depth, match[1])
        if place:
            found.append((depth, place, text[match.end() :]))
    return found


def _place(depth: int, printed: str) -> int:
    if depth in (2, 4):
        return int(printed)
    if depth in (0, 6):
        word = printed.lower()
        return _ROMAN.index(word) + 1 if word in _ROMAN else 0
    return ord(printed.lower()) - ord("a") + 1


def label(depth: int, place: int) -> str:
    """As it stands in a citation: 3 at depth 3 is "c"."""
    if depth in (2, 4):
        return str(place)
    if depth in (0, 6):
        word = _ROMAN[place - 1]
        return word.upper() if depth == 0 else word
    letter = chr(ord("a") + place - 1)
    return letter.upper() if depth == 1 else letter


class Counter:
    """Where in the numbering a reader is: says which numbers can come next."""

    def __init__(self) -> None:
        self._places: list[int] = []

    def follows(self, depth: int, place: int) -> bool:
        if depth > len(self._places):
            return False
        return place == (self._places[depth] + 1 if depth < len(self._places) else 1)

    def take(self, depth: int, place: int) -> str:
        """The whole number, "I.C.4.a.3"."""
        self._places[depth:] = [place]
        return ".".join(label(n, p) for n, p in enumerate(self._places))
