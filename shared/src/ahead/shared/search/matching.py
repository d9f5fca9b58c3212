"""Which of a document's texts a query matched. Worked out here, so that both engines explain a hit alike."""

from collections.abc import Mapping, Sequence

from ahead.shared.search.analysis import words
from ahead.shared.search.index import IndexSchema, MatchedField


def matched_fields(
    schema: IndexSchema, texts: Mapping[str, Sequence[str]], query_words: Sequence[str], *, prefix: bool
) -> tuple[MatchedField, ...]:
    """Per field the text that holds most of the query's words; fields in the schema's order of weight.

    query_words: as indexed and searched, corrections made. prefix: the last one is a beginning.
    """
    if not query_words:
        return ()
    found: list[MatchedField] = []
    for text_field in sorted(schema.text, key=lambda f: -f.weight):
        best: MatchedField | None = None
        for text in texts.get(text_field.name, ()):
            in_text = words(text)
            here = _held(query_words, in_text, prefix=prefix)
            if here and (best is None or len(here) > len(best.words)):
                best = MatchedField(text_field.name, text, here, whole=len(set(in_text)) == len(here))
        if best is not None:
            found.append(best)
    return tuple(found)


def _held(query_words: Sequence[str], in_text: Sequence[str], *, prefix: bool) -> tuple[str, ...]:
    known = set(in_text)
    last = len(query_words) - 1
    return tuple(
        word
        for i, word in enumerate(query_words)
        if word in known or (prefix and i == last and any(other.startswith(word) for other in in_text))
    )
