"""Finds the codes that a section of the guidelines names: "Z79.4", "I50.-", "category O09", "E08-E13"."""

import re
from dataclasses import dataclass

_CODE = r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.[0-9A-Z]{1,4})?"
_FOUND = re.compile(
    rf"(?<![0-9A-Za-z.])({_CODE})(?:(\.?-)(?!\s*[A-Z][0-9])|(?:\s*(?:-|–|through|to)\s*({_CODE})(\.?-)?))?"
    r"(?![0-9A-Za-z])"
)
_PULLED_APART = re.compile(r"\b([A-Z]) ([0-9]{2}\.[0-9])")
"""One code of FY2026 is set with a space in it: "Z 91.14-"."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Keys without dots. A range takes in what is below its last code."""

    first: str
    last: str
    below: bool
    printed: str


def find(text: str) -> list[Reference]:
    """Every code or range named, once each, in the order of the text."""
    found: dict[tuple[str, str], Reference] = {}
    for match in _FOUND.finditer(_PULLED_APART.sub(r"\1\2", text)):
        first, dash, last, last_dash = match.groups()
        first_key = first.replace(".", "")
        last_key = (last or first).replace(".", "")
        if last_key < first_key:
            continue
        printed = " ".join(match[0].split())
        found.setdefault(
            (first_key, last_key), Reference(first_key, last_key, bool(dash or last_dash), printed[:40])
        )
    return list(found.values())
