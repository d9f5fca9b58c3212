"""Time as a dependency: aware UTC everywhere, so that tests can hold and move it."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol, runtime_checkable


@runtime_checkable  # Litestar checks what it injects
class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is told to move."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def advance(self, delta: timedelta) -> None:
        self._at += delta


def period_of(at: datetime) -> str:
    """The allowance period of a moment: its calendar month in UTC, such as ``2026-11``."""
    at = at.astimezone(UTC)
    return f"{at.year:04}-{at.month:02}"


def isoformat(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and ``Z``, sortable as text."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def next_month(at: datetime) -> date:
    """The first day of the month after, in UTC: when counts start again."""
    at = at.astimezone(UTC)
    return date(at.year + at.month // 12, at.month % 12 + 1, 1)
