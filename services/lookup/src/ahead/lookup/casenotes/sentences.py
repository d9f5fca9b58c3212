"""A note cut into sections and sentences, with the place of each in the text.

Clinicians head sections with a short line ("Family history:", "ASSESSMENT"); a sentence ends at a full stop, a line's
end or a semicolon, not at an abbreviation or inside a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

Section = Literal["", "complaint", "history", "past", "family", "findings", "assessment", "plan"]

_HEADINGS: tuple[tuple[Section, str], ...] = (
    ("family", r"family history|fh|fhx|family hx"),
    ("past", r"(?:past|previous|prior)(?: medical| surgical)? (?:history|hx)|pmh|pmhx|psh|surgical history"),
    ("complaint", r"chief complaint|cc|reason for (?:visit|consultation|admission|encounter)|presenting complaint"),
    ("history", r"hpi|history of (?:the )?present(?:ing)? illness|present illness|history|subjective|interval history"),
    ("findings", r"physical exam(?:ination)?|exam(?:ination)?|objective|labs?|laboratory|imaging|results|ros|"
                 r"review of systems|vitals|vital signs"),
    ("assessment", r"assessment(?: (?:and|&) plan)?|a/p|impression|diagnos[ie]s|final diagnos[ie]s|"
                   r"(?:discharge|admission|principal|primary|secondary|"
                   r"postoperative|preoperative) diagnos[ie]s|problem list|problems"),
    ("plan", r"plan|recommendations?|disposition|medications?|allergies"),
)  # fmt: skip
_HEADING = re.compile(
    r"^[ \t]*(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _HEADINGS) + r")[ \t]*(?::|-(?= )|$)",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_END = re.compile(r"(?:(?<!\d)[.!?]|(?<=\d)\.(?!\d)|[!?;•])(?=\s|$|[)\]\"'”])|;")
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|st|vs|no|approx|e\.g|i\.e|etc|fig|resp|hx|pt|y\.o|a\.m|p\.m)|\b[A-Z])\.$", re.I
)
MAX_SENTENCE = 1_000
"""Characters; what is longer is cut at a blank: a text without full stops is no reason to search it as one."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start` and `end` are places in the note, in characters."""

    number: int
    start: int
    end: int
    section: Section
    text: str


def sentences(note: str) -> list[Sentence]:
    found: list[Sentence] = []
    section: Section = ""
    for line in _LINE.finditer(note):
        start = line.start()
        if heading := _HEADING.match(line[0]):
            section = cast("Section", heading.lastgroup or "")
            start += heading.end()
        for begin, end in _cut(note, start, line.end()):
            found.append(Sentence(len(found), begin, end, section, note[begin:end]))
    return found


def _cut(note: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _END.finditer(note, start, end):
        if stop[0] == "." and _ABBREVIATION.search(note[max(begin, stop.end() - 12) : stop.end()]):
            continue
        yield from _bounded(note, begin, stop.end())
        begin = stop.end()
    yield from _bounded(note, begin, end)


def _bounded(note: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while True:
        while start < end and note[start].isspace():
            start += 1
        while end > start and note[end - 1].isspace():
            end -= 1
        if end <= start:
            return
        if end - start <= MAX_SENTENCE:
            if any(c.isalpha() for c in note[start:end]):
                yield start, end
            return
        blank = note.rfind(" ", start + 1, start + MAX_SENTENCE)
        cut = blank if blank > start else start + MAX_SENTENCE
        yield start, cut
        start = cut
