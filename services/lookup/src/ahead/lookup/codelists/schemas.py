"""What a list of codes is asked for, and what it answers."""

from datetime import date

import msgspec

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.tools.schemas import Status

MOST = 5_000


class ListAsked(msgspec.Struct, frozen=True):
    """Codes one by one, or pasted as text with blanks, commas, semicolons or lines between; `system`: of all of them,
    or empty for whichever has it."""

    codes: tuple[str, ...] = ()
    text: str = ""
    system: str = ""
    as_of: str | None = None


class ListResult(msgspec.Struct, frozen=True):
    """One code of the list. `lines` has its place, from 1. `also_in`: other code systems with a code written so."""

    rule: str
    status: Status
    lines: tuple[int, ...]
    why: str
    fix: str
    receipts: tuple[Receipt, ...]
    typed: str
    system: str
    code: str
    title: str
    also_in: tuple[str, ...] = ()


class ListAnswer(msgspec.Struct, frozen=True):
    as_of: date
    total: int
    passed: int
    failed: int
    not_checked: int
    results: tuple[ListResult, ...]
