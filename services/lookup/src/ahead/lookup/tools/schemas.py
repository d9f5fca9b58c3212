"""What checks answer, whichever tool was asked: per rule and line, with the reason and what would fix it."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt

Status = Literal["pass", "fail", "bypassed", "not_checked"]


class ToolResult(msgspec.Struct, frozen=True):
    """One answer of a check. `lines` and `diagnoses` count from 1; "not_checked" says in `why` what is missing."""

    rule: str
    status: Status
    lines: tuple[int, ...]
    why: str
    fix: str
    receipts: tuple[Receipt, ...]
    diagnoses: tuple[int, ...] = ()


class ToolAnswer(msgspec.Struct, frozen=True):
    as_of: date
    results: tuple[ToolResult, ...]


# For pages: the word, and the kind of badge.
STATUSES: dict[Status, tuple[str, str]] = {
    "pass": ("Pass", "success"),
    "fail": ("Fail", "danger"),
    "bypassed": ("Bypassed", "warning"),
    "not_checked": ("Not checked", "info"),
}
