"""Sentences out of a stream of pieces.

A dot ends a sentence when what follows begins one; not within a code (E11.9), a figure ($1.50), an abbreviation
(e.g., No. 5, Dr.), a section (I.C.4.a) or initials. Marks such as `[f3]` behind the dot belong to the sentence.
"""

import re

from ahead.assistant.gate.patterns import words

MOST_CHARACTERS = 700
_ABBREVIATIONS = words(
    "e.g i.e vs cf no nos dr mr mrs ms st approx incl excl max min fig sec sect subsec par ch vol pp ed eds al etc inc"
    " corp ltd co dept est resp spec temp u.s a.m p.m ph.d m.d d.o jan feb mar apr jun jul aug sep sept oct nov dec"
    " def esp ext fn pt pts art para"
)
_END = re.compile(r"[.!?…]+[\"'”’)\]»]*")
_MARKS = re.compile(r"(?:\s*\[[^\[\]\n]{0,80}\])+")
_LAST_WORD = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]+$")
_BULLET = re.compile(r"^\s*(?:[-*•]+|\d{1,2}[.)])\s+")
_SECTION = re.compile(r"(?:^|[\s(\[“\"])(?:[IVX]{1,4}|[A-Z])(?:\.[A-Za-z0-9]{1,2})*$")


class Sentences:
    """Feed pieces as they come; each call gives the sentences that are complete by then.

    What gets longer than `MOST_CHARACTERS` without an end is given as it is then: nothing waits without bound.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> list[str]:
        self._held += piece
        found: list[str] = []
        while (end := _end_of_first(self._held, closed=False)) is not None:
            found += _clean(self._held[:end])
            self._held = self._held[end:]
        if len(self._held) > MOST_CHARACTERS:
            found += _clean(self._held)
            self._held = ""
        return found

    def rest(self) -> list[str]:
        """What is left when the stream has ended."""
        found: list[str] = []
        while (end := _end_of_first(self._held, closed=True)) is not None:
            found += _clean(self._held[:end])
            self._held = self._held[end:]
        found += _clean(self._held)
        self._held = ""
        return found


def sentences_of(text: str) -> list[str]:
    splitter = Sentences()
    return [*splitter.feed(text), *splitter.rest()]


def _clean(text: str) -> list[str]:
    text = _BULLET.sub("", " ".join(text.split()))
    return [text] if text else []


def _end_of_first(text: str, *, closed: bool) -> int | None:
    """Where the first sentence ends; None where that can't be told yet."""
    start = 0
    while True:
        line = text.find("\n", start)
        found = _END.search(text, start)
        if line != -1 and (found is None or line < found.end()):
            if text[:line].strip():
                return line + 1
            start = line + 1
            continue
        if found is None:
            return None
        end = found.end()
        marks = _MARKS.match(text, end)
        if marks:
            end = marks.end()
        following = text[end:].lstrip(" \t")
        if not following or (following[0] == "[" and "]" not in following[:80]):
            # More may belong to it: a mark, the digits of a code, a small letter.
            if not following and closed and not text[:end].strip():
                return None
            return end if closed and not following else None
        spaced = text[end] in " \t\n" or marks is not None
        if spaced and _begins(following) and not _goes_on(text[: found.start()], found.group()):
            return end
        start = max(end, found.start() + 1)


def _begins(following: str) -> bool:
    """Whether a sentence can begin like this."""
    first = following[0]
    return first == "\n" or first.isupper() or first.isdigit() or not (first.isalnum() or first in ",;:)-–/")


def _goes_on(before: str, stop: str) -> bool:
    """Whether the dot belongs to an abbreviation, a section or initials."""
    if not stop.startswith(".") or stop.startswith(".."):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    text = word.group()
    known = text.lower() in _ABBREVIATIONS or (len(text) == 1 and text.isupper())
    return known or (_SECTION.search(before) is not None and len(text) <= 2 and text.isupper())
