"""What addresses carry: the date of service, and the number of a page."""

from datetime import date
from typing import Annotated

from litestar.params import QueryParameter

from ahead.shared.errors import BadInput

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)

AsOf = Annotated[
    str | None,
    QueryParameter(description="Date of service, YYYY-MM-DD; for inpatient claims the date of discharge."),
]


PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=10_000, description="From 1.")]


def read_as_of(text: str | None) -> date | None:
    """None where no date was given (today holds).

    Raises:
        BadInput: not a date as YYYY-MM-DD, or outside 1900 to 2100.
    """
    if text is None or not text.strip():
        return None
    text = text.strip()
    try:
        if len(text) != len("2026-01-31"):
            raise ValueError
        value = date.fromisoformat(text)
    except ValueError:
        raise _bad(text, "is not a date") from None
    if not EARLIEST <= value <= LATEST:
        raise _bad(text, "is too far away")
    return value


def _bad(text: str, why: str) -> BadInput:
    return BadInput(
        f"The date of service {text[:20]!r} {why}.",
        slug="bad-date",
        title="That date can't be read",
        hint="Write it as YYYY-MM-DD, from 1900-01-01 to 2100-12-31, such as 2026-11-23.",
    )
