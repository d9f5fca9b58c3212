"""What the visit-level tool is asked and answers."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt

Mdm = Literal["straightforward", "low", "moderate", "high"]
Family = Literal[
    "office-new",
    "office-established",
    "hospital-initial",
    "hospital-subsequent",
    "hospital-same-day",
    "emergency",
    "nursing-initial",
    "nursing-subsequent",
    "home-new",
    "home-established",
]
Element = Literal["", "minimal", "low", "limited", "moderate", "high", "extensive"]


class EmAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`family`, or a `code` of it. The elements of decision making: `problems` and `risk` minimal to high, `data`
    minimal, limited, moderate or extensive; two of them decide. `minutes`: total time on the date of the visit."""

    family: Family | None = None
    code: str = ""
    problems: Element = ""
    data: Element = ""
    risk: Element = ""
    minutes: int | None = None
    as_of: str | None = None


class EmLevel(msgspec.Struct, frozen=True):
    """One level of a family. `minutes` is None where time is never used."""

    code: str
    mdm: Mdm
    minutes: int | None
    receipt: Receipt


class EmVerdict(msgspec.Struct, frozen=True):
    """By one way of choosing. `status` "too_short": below the lowest level; "not_by_time": never chosen by time;
    "not_checked": an element is missing, and `why` says which."""

    way: Literal["mdm", "time"]
    status: Literal["level", "too_short", "not_by_time", "not_checked"]
    level: EmLevel | None
    why: str


class EmAnswer(msgspec.Struct, frozen=True):
    """`status` "no_edition": no rules are held for the date. `best` is the highest level that a way supports."""

    as_of: date
    status: Literal["held", "no_edition"]
    why: str
    family: str
    family_name: str
    verdicts: tuple[EmVerdict, ...]
    best: EmLevel | None
    levels: tuple[EmLevel, ...]
    sources: tuple[str, ...]
