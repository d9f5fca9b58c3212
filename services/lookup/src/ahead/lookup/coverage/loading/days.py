"""Days and diagnosis codes as coverage files write them."""

import re
from datetime import date

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T].*)?")
_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DIAGNOSIS = re.compile(
    r"([A-Z][0-9][0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?|[A-Z]{2}[0-9](?:\.?[0-9A-Z]{1,4})?|XX000"
)
_PROCEDURE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")


class BadCell(ValueError):
    """What is wrong with a cell; file and line are known further up."""


def day(text: str, *, may_be_empty: bool = True) -> int | None:
    """A day such as "2025-08-14 00:00:00" or "08/14/2025" as 20250814; None for "" and "N/A".

    Raises:
        BadCell: it is no day.
    """
    bare = text.strip()
    if bare in ("", "N/A"):
        if may_be_empty:
            return None
        raise BadCell("a date is missing")
    try:
        if match := _ISO.fullmatch(bare):
            found = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := _US.fullmatch(bare):
            found = date(int(match[3]), int(match[1]), int(match[2]))
        else:
            raise ValueError(bare)
    except ValueError:
        raise BadCell(f"{bare[:40]!r} is not a date") from None
    return found.year * 10_000 + found.month * 100 + found.day


def diagnosis(text: str) -> str:
    """A diagnosis code without its dot; "XX000" is the export's way to say that a list is not by codes.

    Raises:
        BadCell: it is none.
    """
    bare = text.strip().upper()
    if not _DIAGNOSIS.fullmatch(bare):
        raise BadCell(f"{bare[:40]!r} is not a diagnosis code")
    return bare.replace(".", "")


def procedure(text: str) -> str:
    """Raises BadCell for what is no CPT or HCPCS code."""
    bare = text.strip().upper()
    if not _PROCEDURE.fullmatch(bare):
        raise BadCell(f"{bare[:40]!r} is not a HCPCS or CPT code")
    return bare


def number(text: str) -> int:
    """The number of a list; an empty cell is the only list there is."""
    bare = text.strip()
    if not bare:
        return 1
    if not re.fullmatch(r"[0-9]{1,4}", bare):
        raise BadCell(f"{bare[:40]!r} is not the number of a list")
    return int(bare)
