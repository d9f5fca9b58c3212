"""How terms of an index are written, and looked for."""

import re
import unicodedata

_BRACKETS = re.compile(r"\([^()]*\)")


def searched(title: str, tail: str = "") -> str:
    """A title as it is looked for: lower case, without brackets, accents and double spaces."""
    text = unicodedata.normalize("NFKD", f"{title} {tail}".casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.replace("’", "'").replace("\u2013", "-")
    return " ".join(_BRACKETS.sub(" ", text).split()).strip(" ,;:")


def alternatives(word: str) -> tuple[str, ...]:
    """What a term is called besides its whole title: "abdomen, abdominal" is found by either word."""
    parts = [part.strip() for part in word.split(",") if part.strip()]
    return tuple(dict.fromkeys((word, *parts)))
