"""Numbers and letters that are written as words, as digits and letters: what is said in words is checked too."""

import re
from collections.abc import Sequence

from ahead.assistant.gate.patterns import words

_SMALL = {
    word: number
    for number, word in enumerate(
        str.split(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen"
        )
    )
} | {"oh": 0, "nought": 0, "naught": 0}
_TENS = {
    word: 10 * number
    for number, word in enumerate(str.split("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
_LETTERS = dict(
    zip(
        str.split(
            "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec"
            " romeo sierra tango uniform victor whiskey xray yankee zulu alfa juliett"
        ),
        "ABCDEFGHIJKLMNOPQRSTUVWXYZAJ",
        strict=True,
    )
)
_UNITS = re.compile(
    r"(?:units?|days?|weeks?|months?|years?|minutes?|mins?|hours?|percent|dollars?|cents?|rvus?|times|visits?|points?"
    r"|elements?|edits?|procedures?|services?|lines?|codes?|modifiers?|characters?)\b",
    re.I,
)
_WORD = re.compile(r"[A-Za-z]+|[^A-Za-z]+")
# Said of anything; a figure only before a unit or beside another number.
_FREE = words("one two three oh")


def with_digits(text: str) -> str:
    """The text with number words as digits: `E eleven point nine` is `E 11.9`, `ninety-nine two fourteen` `99 2 14`."""
    if not _MAY_HAVE.search(text):
        return text
    parts = _WORD.findall(text)
    written: list[str] = []
    at = 0
    while at < len(parts):
        number, end = _number(parts, at)
        if number is None:
            letter = _LETTERS.get(parts[at].lower())
            spelt = letter is not None and _numeric(parts, at + 2)
            if _joins(parts, at, written):
                written[-1] = ""
                written.append(".")
                at += 2  # the gap behind the word too
                continue
            written.append(letter if spelt and letter else parts[at])
            at += 1
            continue
        alone = end == at + 1 and parts[at].lower() in _FREE
        behind = "".join(parts[end : end + 2]).lstrip(" -")
        beside = _numeric(parts, end + 1) or (len(written) > 1 and written[-2][-1:].isdigit())
        beside = beside or (len(written) > 1 and len(written[-2]) == 1 and written[-2].isupper())
        named = len(written) > 1 and written[-2].lower().rstrip("s") in _NAMED
        if alone and not (_UNITS.match(behind) or beside or named or (written and written[-1] == ".")):
            written.append(parts[at])
        else:
            written.append(number)
        at = end
    return "".join(written)


# Behind these even a small number names something.
_NAMED = words("modifier code drg pos section level group indicator status column grade stage class")
_MAY_HAVE = re.compile(rf"\b(?:{'|'.join([*_SMALL, *_TENS, *_LETTERS, 'hundred', 'thousand'])})\b", re.I)


def _joins(parts: Sequence[str], at: int, written: Sequence[str]) -> bool:
    """Whether this is the "point" between two numbers."""
    if parts[at].lower() not in ("point", "dot", "decimal", "period") or len(written) < 2:
        return False
    return written[-1].isspace() and written[-2][-1:].isalnum() and _numeric(parts, at + 2)


def _numeric(parts: Sequence[str], at: int) -> bool:
    if at >= len(parts):
        return False
    word = parts[at].lower()
    # A gap between words may itself hold digits: `E 11`.
    return word in _SMALL or word in _TENS or parts[at - 1].strip(" -")[:1].isdigit()


def _number(parts: Sequence[str], at: int) -> tuple[str | None, int]:
    """The number that begins at a word, and where it ends; None where none begins."""
    total, current, end, seen = 0, 0, at, False
    last = ""
    place = at
    while place < len(parts):
        word = parts[place].lower()
        if word in _TENS and not (seen and last in ("small", "tens")):
            current += _TENS[word]
            last = "tens"
        elif word in _SMALL and not (
            seen and (last == "small" or (last == "tens" and not 0 < _SMALL[word] < 10))
        ):
            current += _SMALL[word]
            last = "small"
        elif word == "hundred" and seen and 0 < current < 100:
            current *= 100
            last = "hundred"
        elif word == "thousand" and seen and current:
            total, current = total + current * 1000, 0
            last = "thousand"
        elif word == "and" and last in ("hundred", "thousand") and _numeric(parts, place + 2):
            pass
        else:
            break
        seen, end = True, place + 1
        if place + 1 >= len(parts) or parts[place + 1] not in (" ", "-"):
            break
        place += 2
    return (str(total + current), end) if seen else (None, at)
