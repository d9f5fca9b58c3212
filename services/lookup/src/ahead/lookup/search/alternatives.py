"""Where else a query may lead: its words as they are known, and known words that begin like them."""

from ahead.lookup.search.knowledge import STOP_WORDS
from ahead.shared.search.analysis import raw_words, stem
from ahead.shared.search.spelling import Vocabulary

_LOOKED_AT = 10
_BEGINNING = 4
_NEAREST = 5


def respelled(typed: str, vocabulary: Vocabulary) -> str | None:
    """The query with every word that is not known replaced by the nearest that is; None when there is nothing to
    replace."""
    written = raw_words(typed)[:_LOOKED_AT]
    better = [_nearest(word, vocabulary) or word for word in written]
    return " ".join(better) if better != written else None


def near_words(typed: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Known words near those of the query: corrected first, then the commonest with the same beginning."""
    found: list[str] = []
    for word in raw_words(typed)[:_LOOKED_AT]:
        if stem(word) in STOP_WORDS or word.isdigit():
            continue
        near = word if stem(word) in vocabulary else _nearest(word, vocabulary)
        for end in range(len(word) - 1, _BEGINNING - 1, -1):
            if near is not None:
                break
            begun = vocabulary.completed(word[:end])
            near = vocabulary.surface(begun) if begun else None
        if near is not None and near not in found:
            found.append(near)
    return tuple(found[:_NEAREST])


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    stemmed = stem(word)
    if stemmed in vocabulary or stemmed in STOP_WORDS:
        return None
    better = vocabulary.nearest(stemmed)
    return vocabulary.surface(better) if better else None
