"""Words of notes and of the official books, brought to one form.

Adjectives of organs, spellings and inflections become one word on both sides ("renal" and "kidney"); phrases that
clinicians write become the words that the books use. Both tables are the project's own, from general knowledge.
"""

import re
from functools import lru_cache
from pathlib import Path

from ahead.shared.search.analysis import fold, stem

_DATA = Path(__file__).parent / "data"
WORD = re.compile(r"[^\W_]+")

_SAYS_NOTHING = (
    "a an and are as at be been by due for from had has have he her his in into is it its not of on or other over per "
    "she s so such than that the their them they this those to unspecified specified nos nec was were which who whom "
    "with within without elsewhere classified type other's also any site sites part parts origin cause case"
)
SAYS_NOTHING = frozenset(_SAYS_NOTHING.split(" "))
"""Words of a title or an index term that don't tell which code is meant; in a note they are skipped."""


@lru_cache(maxsize=1)
def _canonical() -> dict[str, str]:
    """Stem of a word → the stem it stands for."""
    known: dict[str, str] = {}
    for line in _DATA.joinpath("words.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            meant, _, forms = line.partition("\t")
            for form in forms.split():
                known[stem(form)] = stem(meant)
    return known


@lru_cache(maxsize=65536)
def word_of(written: str) -> str:
    """One folded word in the form that is compared."""
    found = stem(written[:40])
    return _canonical().get(found, found)


def words_of(text: str) -> list[str]:
    return [word_of(one) for one in WORD.findall(fold(text))]


def content_of(text: str) -> list[str]:
    """The words of an official text that tell which code is meant, in their order, each once."""
    return list(dict.fromkeys(w for w in _rewritten(words_of(text)) if w not in SAYS_NOTHING))


@lru_cache(maxsize=1)
def phrases() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """By the first word: what is written and what the books call it, the longest first."""
    known: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for line in _DATA.joinpath("phrases.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            written, _, meant = line.partition("\t")
            left, right = tuple(words_of(written)), tuple(words_of(meant))
            known.setdefault(left[0], []).append((left, right))
    for several in known.values():
        several.sort(key=lambda one: -len(one[0]))
    return known


def _rewritten(words: list[str]) -> list[str]:
    return [word for word, _, _ in rewritten([(word, 0, 0) for word in words])]


def rewritten(tokens: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """(word, start, end) with every known phrase replaced; a replacement has the place of what was written."""
    known, out, at = phrases(), [], 0
    while at < len(tokens):
        for left, right in known.get(tokens[at][0], ()):
            if tuple(token[0] for token in tokens[at : at + len(left)]) == left:
                start, end = tokens[at][1], tokens[at + len(left) - 1][2]
                out += [(word, start, end) for word in right]
                at += len(left)
                break
        else:
            out.append(tokens[at])
            at += 1
    return out
