"""Words that people type, turned into the words that official titles use."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ahead.shared.search.analysis import raw_words, stem

_FILE = Path(__file__).parent / "data" / "synonyms.tsv"

_SAYS_NOTHING = (
    "a an and are as at by due for from has her his in is it of on or per pt patient pts the to w was with"
)
STOP_WORDS = frozenset(stem(word) for word in _SAYS_NOTHING.split(" "))
"""Words that say nothing about which code is meant. They are not searched for and cost a title nothing."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """`typed` was taken for `meant`."""

    typed: str
    meant: str


@lru_cache(maxsize=1)
def synonyms() -> dict[tuple[str, ...], Replaced]:
    """By the stems of what is typed."""
    known: dict[tuple[str, ...], Replaced] = {}
    for line in _FILE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            typed, meant = line.split("\t")
            if typed != meant:
                known[tuple(map(stem, raw_words(typed)))] = Replaced(typed, meant)
    return known


def replace_synonyms(written: list[str]) -> tuple[list[str], list[Replaced]]:
    """The words with every known phrase replaced, the longest first, and what was replaced."""
    known = synonyms()
    longest = max(map(len, known), default=0)
    out: list[str] = []
    replaced: list[Replaced] = []
    i = 0
    while i < len(written):
        for length in range(min(longest, len(written) - i), 0, -1):
            found = known.get(tuple(map(stem, written[i : i + length])))
            if found is not None:
                out += raw_words(found.meant)
                replaced.append(found)
                i += length
                break
        else:
            out.append(written[i])
            i += 1
    return out, replaced
