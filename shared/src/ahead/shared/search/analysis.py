"""Text to words, once, for documents and queries and for every engine.

Engines differ in how they split, fold and stem. They are therefore given words that are already made here:
lower case, without accents, plural endings removed. Both then see the same words, and a difference between
them can only be one of ranking.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MAX_WORD = 40
"""Letters of a word that count; a longer one is cut."""

_WORD = re.compile(r"[^\W_]+")
# The same for what is ASCII, several times faster: what becomes of each of its characters.
_ASCII_WORD = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))
_FOLD = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "µ": "u", "’": "'", "‘": "'"}
)
# It begins with what is rare, and looks behind that only then.
_POSSESSIVE = re.compile(r"'(?<=\w')s\b")

_SIS = re.compile(r"(?<=s)(?:is|es|e)$")
_Y = re.compile(r"(?:ies|ie|y|i)$")
_SIBILANT = re.compile(r"(?<=[xz])(?:es|e)$|(?<=ch)(?:es|e)$|(?<=sh)(?:es|e)$")
_PLURAL = re.compile(r"(?<![siu])s$")


def fold(text: str) -> str:
    """Lower case without accents, ligatures and possessives. Control characters become blanks."""
    if text.isascii():
        lower = text.lower()
        return _POSSESSIVE.sub("", lower) if "'s" in lower else lower
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_FOLD))
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _POSSESSIVE.sub("", kept)


def raw_words(text: str) -> list[str]:
    """The words of a text as written, folded: letters and digits, everything else divides."""
    folded = fold(text)
    found = folded.translate(_ASCII_WORD).split() if folded.isascii() else _WORD.findall(folded)
    return found if max(map(len, found), default=0) <= MAX_WORD else [w[:MAX_WORD] for w in found]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Remove the endings of plurals and of Greek singulars.

    Only ever shortens, so that a stem is a prefix of every form of its word and a search while typing, which
    matches by prefix, finds a word at each of its letters: diagnosis, diagnoses → diagnos; injury, injuries →
    injur; abscess, abscesses → abscess. What holds a figure is no plural: S29099S is not S29099.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    for pattern, least in ((_SIS, 4), (_Y, 3), (_SIBILANT, 3), (_PLURAL, 3)):
        shorter = pattern.sub("", word)
        if shorter != word and len(shorter) >= least:
            return shorter
    return word


@lru_cache(maxsize=32768)
def analysed(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A text's words as written and as indexed, in order. Cached: headings stand above thousands of codes."""
    written = tuple(raw_words(text))
    return written, tuple(stem(word) for word in written)


def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are indexed and searched."""
    return analysed(text)[1]


def indexed(texts: Iterable[str]) -> str:
    """What is given to an engine for a field with these texts."""
    return " ".join(" ".join(words(text)) for text in texts)
