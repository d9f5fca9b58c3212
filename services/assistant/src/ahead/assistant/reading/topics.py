"""What a question wants to know, by the words that ask it."""

import re

from .wordlists import patterns

TOPICS = patterns("topics")
"""Each topic with the words that ask for it, in the order in which topics are answered."""
_WORDS = patterns("words")
_TRAILING = re.compile(r"\b(?:with|and|or|on|by|due|of|for)\s*$", re.IGNORECASE)
_MOST_CHARACTERS = 200


def topics_in(text: str) -> tuple[str, ...]:
    return tuple(name for name, words in TOPICS.items() if words.search(text))


def follows(text: str) -> bool:
    """Whether it may lean on what was asked before."""
    return bool(_WORDS["follows"].search(text.strip()))


def points(text: str) -> bool:
    """Whether it speaks of something that it doesn't name: "can I bill these together?"."""
    return bool(_WORDS["points"].search(text))


def asks_for_code(text: str) -> bool:
    return bool(_WORDS["asks_for_code"].search(text))


def words_of(text: str) -> str:
    """What is left to search for, without the words that ask."""
    words = " ".join(_WORDS["fillers"].sub(" ", text).split())
    return _TRAILING.sub("", words).strip()[:_MOST_CHARACTERS]
