"""Finds the codes that a note names."""

import re

_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?|[A-Z]{2}[0-9](?:\.[0-9A-Z]{1,4})?"
_REFERENCE = re.compile(
    rf"(?<![0-9A-Za-z.])({_CODE})(\.?-)?(?:\s*(?:-|–|to)\s*({_CODE})(\.?-)?)?(?![0-9A-Za-z])"
)


def find(text: str) -> list[tuple[str, str, str, bool]]:
    """(as written, first key, last key, everything below) for each code or range in a note.

    Only what stands in brackets is a reference; outside, "T3" is a thyroid hormone. Tails without a category
    ("with .17") are not resolved.
    """
    found: list[tuple[str, str, str, bool]] = []
    for bracket in re.findall(r"[(\[]([^()\[\]]*)[)\]]?", text):
        for match in _REFERENCE.finditer(bracket):
            first, below, last, last_below = match.groups()
            first_key = first.replace(".", "")
            last_key = (last or first).replace(".", "")
            if last is not None and last_key < first_key:
                continue
            item = (match[0].strip(), first_key, last_key, bool(below or last_below or last))
            if item not in found:
                found.append(item)
    return found
