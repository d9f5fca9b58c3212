"""How codes and keywords of an account are written: each in one way, whatever was typed."""

import re
import unicodedata

from ahead.lookup.catalog import spelling
from ahead.shared.errors import BadInput


def keyword_of(typed: str) -> str:
    """How a keyword is compared: without case and with one blank between words."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    return re.sub(r"\s+", " ", folded).strip()


def code_of(system: str, code: str) -> tuple[str, str]:
    """System and printed form.

    Raises:
        BadInput: there is no such system, or this can't be one of its codes.
    """
    printed = spelling.read(system, code).dotted
    if "-" in printed:
        raise BadInput("That is a range of codes, not a code.", slug="malformed-code")
    return system, printed
