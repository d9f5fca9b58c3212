"""Words of a text that a query holds, marked."""

import re

from markupsafe import Markup, escape

from ahead.lookup.search.knowledge import STOP_WORDS
from ahead.shared.search.analysis import words

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def marked(text: str, query: str) -> Markup:
    """The text, escaped, with every word of the query in <mark>; plurals and accents make no difference."""
    wanted = {word for word in words(query) if word not in STOP_WORDS}
    if not wanted:
        return escape(text)
    out: list[Markup] = []
    end = 0
    for match in _WORD.finditer(text):
        if set(words(match[0])) & wanted:
            out.append(escape(text[end : match.start()]))
            out.append(Markup("<mark>{}</mark>").format(match[0]))
            end = match.end()
    out.append(escape(text[end:]))
    return Markup("").join(out)
