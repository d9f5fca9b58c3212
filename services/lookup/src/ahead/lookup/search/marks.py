"""Words of a query that say which of its kind is meant, and little about what it is: numbers and letters of types,
ways of inheritance. And numbered symbols, as reports of laboratories name kinds of inherited disease: CMT1B."""

import re
from collections.abc import Callable, Iterator, Sequence

from ahead.shared.search.analysis import stem

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ARABIC = {roman: str(number) for number, roman in enumerate(_ROMAN, 1)}
_WRITTEN = {number: roman for roman, number in _ARABIC.items()}
_PLAIN = frozenset(("i", "v", "x"))
"""Letters before they are figures."""
_BEFORE = frozenset(
    map(stem, ("type", "stage", "grade", "class", "factor", "group", "phase", "zone", "category"))
)
_MARK = re.compile(
    r"(?P<number>\d{1,3})(?P<letters>[a-z]{1,2}\d?)?"
    r"|(?P<roman>i{1,3}|i?v|vi{1,3}|i?x|xi{1,2})(?P<sub>[a-f])?"
)
_SYMBOL = re.compile(r"(?P<family>[a-z]{2,7}?)(?P<kind>\d[0-9a-z]{0,4})")
_INHERITED = frozenset(
    map(
        stem,
        (
            "autosomal", "recessive", "dominant", "inherited", "familial", "hereditary", "nonsyndromic", "syndromic",
            "susceptibility", "onset", "related", "linked", "associated", "isolated", "classic", "classical", "form",
            "multiple", "types",
        ),
    )
)  # fmt: skip
_OF_INHERITED, _OF_MARKS, _OF_UNKNOWN_MARKS = 0.35, 0.6, 0.2
_DENYING = frozenset(("without", "denies", "denied", "denying"))
_ENDING_DENIAL = frozenset(("with", "and", "or", "but", "initial", "subsequent", "sequela", "left", "right"))
_DENIED_AT_ONCE = 2
_LOOKED_BACK = 6
_WITH_OR_WITHOUT = frozenset(map(stem, ("with", "without", "no", "not", "non")))
OF_DENIED = 0.7
SAME_NUMBER, ITS_NUMBER = 0.95, 0.7


def is_mark(word: str, before: str = "") -> bool:
    """Whether a word is the number of a type. before: the word before it."""
    found = _MARK.fullmatch(word)
    return found is not None and (word not in _PLAIN or stem(before) in _BEFORE)


def bears(word: str, known: bool) -> float:
    """How much of a stem's weight counts. known: some text holds it."""
    if _MARK.fullmatch(word):
        return _OF_MARKS if known else _OF_UNKNOWN_MARKS
    return _OF_INHERITED if word in _INHERITED else 1.0


def same_number(word: str, before: str = "") -> Iterator[tuple[str, float]]:
    """Other ways to write the number of a type: II for 2, and 2 for 2D."""
    found = _MARK.fullmatch(word)
    if found is None or not is_mark(word, before):
        return
    number = found["number"] or _ARABIC.get(found["roman"] or "", "")
    part = found["letters"] or found["sub"] or ""
    roman = _WRITTEN.get(number, "")
    for base in (number, roman):
        if base and base + part != word:
            yield base + part, SAME_NUMBER
        if base and part:
            yield base, ITS_NUMBER


def denied(words: Sequence[str]) -> frozenset[str]:
    """The stems of which a query says that there is none: up to two words behind "without", or behind a "no"."""
    stems: set[str] = set()
    left = 0
    for word in words:
        if word in _DENYING:
            left = _DENIED_AT_ONCE
        elif word in _ENDING_DENIAL:
            left = 0
        elif left:
            stems.add(stem(word))
            left -= 1
    return frozenset(stems)


def affirms(title: Sequence[str], none_of: frozenset[str]) -> bool:
    """Whether a title, in stems, says that there is what a query says that there is none of."""
    for at, word in enumerate(title):
        if word in none_of:
            before = [w for w in title[max(0, at - _LOOKED_BACK) : at] if w in _WITH_OR_WITHOUT]
            if not before or before[-1] == stem("with"):
                return True
    return False


def parted(words: Sequence[str], is_family: Callable[[str], bool], known: Callable[[str], bool]) -> list[str]:
    """The words with each numbered symbol in two, where its letters name a family of diseases: CMT1B is CMT, 1B.

    known: whether a text holds the word as it is.
    """
    out: list[str] = []
    for word in words:
        found = None if known(word) else _SYMBOL.fullmatch(word)
        if found is not None and is_family(found["family"]):
            out += [found["family"], found["kind"]]
        else:
            out.append(word)
    return out
