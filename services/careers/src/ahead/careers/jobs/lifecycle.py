"""The one truth about a job: what may happen to it, and whether it is open at a moment.

Every change computes one half-open window of whole seconds, `[open_from, open_until)`, which is stored with the
job. `is_open`, its twin in SQL and its twin for the search engine all compare a moment with those two numbers, so
pages, search, feeds, sitemap, JSON-LD, alerts and applications can't disagree. What ends by the clock alone (the
employer's last day, an unconfirmed job) is in the window from the beginning: no sweep has to come by in time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import msgspec
from sqlalchemy import ColumnElement, and_

from ahead.shared.errors import Conflict
from ahead.shared.search.index import Filter, Range

LONGEST = timedelta(days=90)
"""How far ahead an employer's last day may lie."""

CLOSE_REASONS = {
    "filled": "The position was filled.",
    "cancelled": "The employer no longer hires for it.",
    "expired": "Its last day for applications has passed.",
    "unconfirmed": "Its employer did not confirm that it is still open.",
    "removed": "It was removed by our moderators.",
    "merged": "It is the same job as another one on this board.",
}

# From which states an action may start.
_ALLOWED = {
    "submit": ("draft", "rejected"),
    "approve": ("review", "held", "rejected"),
    "hold": ("review", "open", "paused"),
    "reject": ("review", "held", "open", "paused"),
    "pause": ("open",),
    "resume": ("paused",),
    "confirm": ("open", "paused"),
    "renew": ("open", "paused", "closed"),
    "close": ("open", "paused", "review", "held"),
    "edit": ("draft", "review", "held", "rejected", "open", "paused"),
    "appeal": ("rejected", "held"),
}


class Windowed(Protocol):
    @property
    def open_from(self) -> int: ...

    @property
    def open_until(self) -> int: ...


class Standing(msgspec.Struct, frozen=True):
    """Where a job stands. Times are UTC; `valid_through` and `confirmed_at` matter once it was published."""

    status: str = "draft"
    reason: str = ""
    published_at: datetime | None = None
    confirmed_at: datetime | None = None
    valid_through: datetime | None = None
    open_from: int = 0
    open_until: int = 0


def seconds(at: datetime) -> int:
    """Whole seconds since 1970, rounded down: the unit of windows."""
    return int((at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1))


def is_open(job: Windowed, at: datetime) -> bool:
    """Whether somebody may see this job and apply for it at that moment."""
    return job.open_from <= seconds(at) < job.open_until


def open_clause(table: Any, at: datetime) -> ColumnElement[bool]:
    """`is_open` for the database; ``table`` has the columns open_from and open_until."""
    now = seconds(at)
    return and_(table.open_from <= now, table.open_until > now)


def open_filters(at: datetime) -> tuple[Filter, ...]:
    """`is_open` for the search engine."""
    now = seconds(at)
    return (Range("open_from", le=now), Range("open_until", ge=now + 1))


def act(
    standing: Standing,
    action: str,
    at: datetime,
    *,
    confirm_days: int,
    reason: str = "",
    valid_through: datetime | None = None,
    review: bool = False,
) -> Standing:
    """What a job is after an action.

    Args:
        review: "submit" and "appeal" wait for a moderator instead of opening the job.
        valid_through: the last moment to apply, for "submit" and "renew"; at most `LONGEST` ahead.

    Raises:
        Conflict: the job's state doesn't allow it.
    """
    if standing.status not in _ALLOWED.get(action, ()):
        raise Conflict(f"A job that is {SAID[standing.status]} can't do that: {action}.")
    change = msgspec.structs.replace
    if action == "submit":
        end = _end(at, valid_through)
        after = change(standing, status="review" if review else "open", reason="", valid_through=end)
    elif action == "renew":
        end = _end(at, valid_through)
        after = change(standing, status="open", reason="", valid_through=end, confirmed_at=at)
    elif action == "edit":
        status = "review" if review and standing.status in ("open", "paused") else standing.status
        after = change(standing, status=status)
    elif action == "confirm":
        after = change(standing, confirmed_at=at)
    else:
        status = {
            "approve": "open", "hold": "held", "reject": "rejected", "pause": "paused", "resume": "open",
            "close": "closed", "appeal": "review",
        }[action]  # fmt: skip
        after = change(standing, status=status, reason=reason)
    return _windowed(standing, after, at, confirm_days)


def _end(at: datetime, wanted: datetime | None) -> datetime:
    latest = at + LONGEST
    return min(wanted, latest) if wanted is not None else latest


def _windowed(before: Standing, after: Standing, at: datetime, confirm_days: int) -> Standing:
    change = msgspec.structs.replace
    if after.status != "open":
        return change(after, open_from=0, open_until=0)
    if before.status != "open" and before.published_at is None:
        after = change(after, published_at=at)
    if before.status in ("draft", "review", "held", "rejected"):
        after = change(after, confirmed_at=at)
    assert after.valid_through is not None
    assert after.confirmed_at is not None
    until = min(after.valid_through, after.confirmed_at + timedelta(days=confirm_days))
    # A job that goes on being open keeps its beginning, also when the clock was put back meanwhile.
    begins = before.open_from if before.status == "open" and before.open_from else seconds(at)
    return change(after, open_from=begins, open_until=seconds(until))


def ended_by_clock(standing: Standing, at: datetime) -> str:
    """Why a job that nobody closed is over: "expired", "unconfirmed", or "" when it isn't."""
    if standing.status != "open" or seconds(at) < standing.open_until:
        return ""
    assert standing.valid_through is not None
    return "expired" if seconds(standing.valid_through) <= seconds(at) else "unconfirmed"


def replay(actions: Sequence[tuple[str, datetime, dict[str, Any]]], *, confirm_days: int) -> Standing:
    """A job's standing from its history alone."""
    standing = Standing()
    for action, at, more in actions:
        standing = act(standing, action, at, confirm_days=confirm_days, **more)
    return standing


SAID = {
    "draft": "a draft", "review": "being reviewed", "held": "held back", "rejected": "rejected",
    "open": "open", "paused": "paused", "closed": "closed",
}  # fmt: skip
