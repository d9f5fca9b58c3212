"""The sources of NCCI: what they are called here, and how the publisher's files and calendar name them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Setting = Literal["practitioner", "outpatient_hospital", "dme_supplier"]
Table = Literal["ptp", "mue", "add-on"]


@dataclass(frozen=True)
class Source:
    """One series of editions. `system` is its key among the releases."""

    system: str
    table: Table
    setting: Setting | None
    name: str
    unit: str
    """What its rows are, for counting them."""


SOURCES: dict[str, Source] = {
    source.system: source
    for source in (
        Source("ptp-practitioner", "ptp", "practitioner", "NCCI PTP edits, practitioner", "edits"),
        Source("ptp-hospital", "ptp", "outpatient_hospital", "NCCI PTP edits, outpatient hospital", "edits"),
        Source("mue-practitioner", "mue", "practitioner", "NCCI MUE, practitioner", "values"),
        Source("mue-hospital", "mue", "outpatient_hospital", "NCCI MUE, outpatient hospital", "values"),
        Source("mue-dme", "mue", "dme_supplier", "NCCI MUE, DME supplier", "values"),
        Source("add-on", "add-on", None, "NCCI add-on code edits", "edits"),
    )
}

SETTING_NAMES: dict[Setting, str] = {
    "practitioner": "Practitioner",
    "outpatient_hospital": "Outpatient hospital",
    "dme_supplier": "DME supplier",
}


def in_a_sentence(setting: Setting) -> str:
    """The setting's name where it doesn't begin the sentence: "DME" stays upper case."""
    name = SETTING_NAMES[setting]
    return name if name[:2].isupper() else name.lower()


def system_of(table: Table, setting: Setting | None) -> str:
    """Raises KeyError where nothing is published for the setting."""
    for source in SOURCES.values():
        if source.table == table and source.setting == setting:
            return source.system
    raise KeyError(setting)


_DAY = re.compile(r"(20[0-9]{2})-([0-9]{2})-([0-9]{2})")
_DAY_OF_MONTH = re.compile(r"(?<![0-9])([0-9]{2})-([0-9]{2})-(20[0-9]{2})(?![0-9])")
_QUARTER = re.compile(r"(?<![0-9])(20[0-9]{2})[-_ ]?q([1-4])(?![0-9])", re.IGNORECASE)
_VERSION = re.compile(r"(?<![a-z0-9])v([0-9]{2})([0-3])r[0-9]", re.IGNORECASE)
_FIRST_YEAR = 1994
"""Version 30.2 is the third quarter of 2024."""


@dataclass(frozen=True)
class Quarter:
    """NCCI is published by quarters of the calendar year."""

    year: int
    number: int

    @property
    def label(self) -> str:
        return f"{self.year} Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_named(file_name: str, *, posted: bool = False) -> tuple[Quarter, str] | None:
    """The quarter that a file's name tells, and what has to be said about it.

    Args:
        posted: a date in the name is the day on which the file was posted, in the month before its quarter
            (add-on edits), unless it is a quarter's first day.
    """
    if match := _VERSION.search(file_name):
        return Quarter(_FIRST_YEAR + int(match[1]), int(match[2]) + 1), ""
    if match := _QUARTER.search(file_name):
        return Quarter(int(match[1]), int(match[2])), ""
    file_name = _DAY_OF_MONTH.sub(r"\3-\1-\2", file_name)
    if match := _DAY.search(file_name):
        try:
            day = date.fromisoformat(match[0])
        except ValueError:
            return None
        quarter = quarter_of(day)
        if posted and day != quarter.first:
            return quarter.next, f"Posted on {day}, for the quarter that begins after it."
        return quarter, ""
    return None
