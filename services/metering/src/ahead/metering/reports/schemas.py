"""Answers of the reports."""

import msgspec

from ahead.shared.errors import BadInput


class Funnel(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """The way from guest to registered account in a stretch of time. All figures count people, not events.

    Attributes:
        guests: guests of whom anything was heard.
        guests_viewed: guests who were granted a code page.
        guests_denied: guests who met the limit.
        registered: accounts registered.
        registered_from_guests: of those, accounts that were a guest before.
        registered_viewed: of the accounts registered, those that then were granted a code page.
    """

    from_: str
    to: str
    guests: int
    guests_viewed: int
    guests_denied: int
    registered: int
    registered_from_guests: int
    registered_viewed: int


class SearchRow(msgspec.Struct, frozen=True):
    """One wording, as it was masked by the service that was searched."""

    query: str
    count: int
    principals: int
    last_at: str


class Searches(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    from_: str
    to: str
    rows: list[SearchRow]


class CorrectionRow(msgspec.Struct, frozen=True):
    """What a closed period has gained: events and the sum of their quantities."""

    period: str
    product: str
    metric: str
    plan: str
    events: int
    count: int
    last_recorded_at: str


class Corrections(msgspec.Struct, frozen=True):
    rows: list[CorrectionRow]


def read_flag(name: str, value: str | None) -> bool | None:
    """None when it isn't given. Raises BadInput for anything but true and false."""
    if value is None:
        return None
    if value not in ("true", "false"):
        raise BadInput(f"{name} is either true or false.")
    return value == "true"
