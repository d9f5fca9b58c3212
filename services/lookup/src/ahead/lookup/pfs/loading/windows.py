"""When the files are in force: what they and their names say, and the calendar of the releases.

The relative values are released four times a year (RVU25A to RVU25D), each for a quarter; the conversion factor and
the geographic indices hold for the year.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_NAMES = {1: "January", 4: "April", 7: "July", 10: "October"}
_TITLE = re.compile(
    r"(20[0-9]{2}) +National +Physician +Fee +Schedule +Relative +Value +File(?: +(\w+) +Release)?",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:PPRRVU|OPPSCAP)_?(20[0-9]{2}|[0-9]{2})?_?V?[0-9]*_?(JAN|APR|JUL|OCT)", re.IGNORECASE)
_RELEASE = re.compile(r"(?<![a-z0-9])RVU([0-9]{2})([A-D])", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")


@dataclass(frozen=True)
class Window:
    """`edition` is as the publisher calls it: "CY2025 October"."""

    edition: str
    start: date
    end: date


def quarter(year: int, month: int) -> Window:
    end = date(year + 1, 1, 1) if month == 10 else date(year, month + 3, 1)
    return Window(f"CY{year} {_NAMES[month]}", date(year, month, 1), end - timedelta(days=1))


def calendar_year(year: int) -> Window:
    return Window(f"CY{year}", date(year, 1, 1), date(year, 12, 31))


def titled(text: str) -> tuple[int, int | None] | None:
    """Year and month (None: not said) of the title line of the relative value file."""
    if (match := _TITLE.search(text)) is None:
        return None
    return int(match[1]), _MONTHS.get((match[2] or "")[:3].lower())


def named(file_name: str) -> tuple[int | None, int | None]:
    """Year and month that the name of a file tells: "PPRRVU2025_Oct.csv", "OPPSCAP_Oct.csv", "RVU25D.zip/..."."""
    year: int | None = None
    month: int | None = None
    if match := _RELEASE.search(file_name):
        year, month = 2000 + int(match[1]), {"A": 1, "B": 4, "C": 7, "D": 10}[match[2].upper()]
    if match := _NAMED.search(file_name):
        month = _MONTHS[match[2].lower()]
        if match[1] is not None:
            year = int(match[1]) if len(match[1]) == 4 else 2000 + int(match[1])
    return year, month


def year_in(text: str) -> int | None:
    match = _YEAR.search(text)
    return int(match[1]) if match else None
