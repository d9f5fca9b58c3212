"""Words that people type, turned into the words that official titles use."""

from dataclasses import dataclass

from ahead.lookup.search.lexicon import Lexicon
from ahead.shared.search.analysis import raw_words, stem

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


def replace_known(written: list[str]) -> tuple[list[str], list[Replaced]]:
    """The words with every term of the lexicon replaced by what it most likely stands for, and what was replaced."""
    out: list[str] = []
    replaced: list[Replaced] = []
    end = 0
    for found in sorted(Lexicon.load().expand(written, written), key=lambda one: one.start):
        out += written[end : found.start]
        out += raw_words(found.replacements[0])
        replaced.append(Replaced(" ".join(written[found.start : found.end]), found.replacements[0]))
        end = found.end
    return out + written[end:], replaced
