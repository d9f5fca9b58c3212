"""A query made ready for an engine: its words, cut to what counts and corrected where that was asked for."""

from dataclasses import dataclass, field

from ahead.shared.search.analysis import raw_words, stem
from ahead.shared.search.index import MAX_QUERY_WORDS, Query
from ahead.shared.search.spelling import Vocabulary

_ENOUGH_TEXT = 2000
"""Characters of a query that are looked at: far more than its ten words need."""


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """`prefix` holds only when there is a last word to complete."""

    words: tuple[str, ...]
    prefix: bool
    corrected: dict[str, str] = field(default_factory=dict[str, str])
    nothing_to_find: bool = False


def read(query: Query, vocabulary: Vocabulary | None) -> ReadQuery:
    """vocabulary: needed only when the query asks for tolerance of typos.

    A text without a single word (only signs) finds nothing, while an empty text finds everything.
    """
    typed = raw_words(query.text[:_ENOUGH_TEXT])
    # A blank after the last word says that it is finished.
    prefix = query.prefix and bool(typed) and not query.text[:_ENOUGH_TEXT][-1:].isspace()
    unique = list(dict.fromkeys(typed))[:MAX_QUERY_WORDS]
    corrected: dict[str, str] = {}
    searched: list[str] = []
    for i, word in enumerate(unique):
        stemmed = stem(word)
        open_ended = prefix and i == len(unique) - 1
        if query.typos and vocabulary is not None and not _known(vocabulary, stemmed, open_ended=open_ended):
            better = vocabulary.nearest(stemmed) or vocabulary.completed(stemmed)
            if better is not None:
                corrected[word] = vocabulary.surface(better)
                stemmed = better
        searched.append(stemmed)
    return ReadQuery(
        tuple(searched), prefix, corrected, nothing_to_find=bool(query.text.strip()) and not searched
    )


def _known(vocabulary: Vocabulary, word: str, *, open_ended: bool) -> bool:
    return vocabulary.knows_prefix(word) if open_ended else word in vocabulary
