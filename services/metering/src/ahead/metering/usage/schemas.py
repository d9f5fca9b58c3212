"""What may be asked about usage, and how an answer is paged through."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from ahead.shared.errors import BadInput

FILTERS = ("product", "metric", "plan", "period", "principal", "thing")
TIMES = ("period", "day", "hour")
GROUPS = ("product", "metric", "plan", "period", "principal", "thing", "day", "hour")
MAX_VALUES = 50
MAX_LENGTH = 200
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 100
DEFAULT_DAYS = 30
MAX_DAYS = 1_100
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class Span(msgspec.Struct, frozen=True):
    """A stretch of time from `start` (included) to `end` (not included), both whole hours in UTC."""

    start: datetime
    end: datetime

    @property
    def whole_days(self) -> bool:
        return self.start.time() == time(0) and self.end.time() == time(0)

    def document(self) -> dict[str, str]:
        return {"from": text_of(self.start), "to": text_of(self.end)}


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: the question it belongs to, the last row's count and group values in order."""

    question: str
    count: int
    values: list[str]


class UsageQuery(msgspec.Struct, frozen=True):
    span: Span
    filters: dict[str, list[str]]
    group_by: tuple[str, ...]
    limit: int
    cursor: Cursor | None

    @property
    def question(self) -> str:
        """A short name of everything but the page."""
        named = msgspec.json.encode(
            [self.span.document(), sorted(self.filters.items()), self.group_by], order="sorted"
        )
        return hashlib.sha256(named).hexdigest()[:16]


def text_of(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(name: str, value: str, *, end: bool) -> datetime:
    """A day (as an end: up to and including it) or a moment with an offset, widened to the whole hour."""
    problem = BadInput(
        f"{name}={value[:40]!r} is neither a day such as 2026-11-23 nor a time such as 2026-11-23T14:00:00Z.",
        slug="bad-time",
    )
    try:
        if len(value) == 10:
            day = date.fromisoformat(value)
            at = datetime(day.year, day.month, day.day, tzinfo=UTC)
            at = at + timedelta(days=1) if end else at
        else:
            # A "+" that wasn't percent-encoded arrives as a blank.
            at = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
            if at.tzinfo is None:
                raise problem
            at = at.astimezone(UTC)
            whole = at.replace(minute=0, second=0, microsecond=0)
            at = whole + timedelta(hours=1) if end and whole != at else whole
    except (ValueError, OverflowError) as error:
        raise problem from error
    if at < _EARLIEST or at.year > 9000:
        raise BadInput(f"{name}={value[:40]!r} lies outside of what is kept.", slug="bad-time")
    return at


def read_span(start: str | None, end: str | None, now: datetime) -> Span:
    """The stretch asked about; by default the last 30 days with today.

    Raises:
        BadInput: unreadable, the wrong way round, or longer than three years.
    """
    if end is not None:
        until = _moment("to", end, end=True)
    else:
        until = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    since = _moment("from", start, end=False) if start is not None else until - timedelta(days=DEFAULT_DAYS)
    if since >= until:
        raise BadInput("'from' has to lie before 'to'.", slug="bad-time")
    if until - since > timedelta(days=MAX_DAYS):
        raise BadInput(f"At most {MAX_DAYS} days can be asked about at once.", slug="bad-time")
    return Span(since, until)


def read_limit(value: str | None, *, default: int = DEFAULT_LIMIT, most: int = MAX_LIMIT) -> int:
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 6 and 1 <= int(value) <= most):
        raise BadInput(f"limit={value[:20]!r} has to be a whole number from 1 to {most:,}.", slug="bad-limit")
    return int(value)


def read_filters(values: dict[str, Sequence[str] | None]) -> dict[str, list[str]]:
    """Filters by name; several values of one name mean any of them. An empty value is not a filter."""
    filters: dict[str, list[str]] = {}
    for name, given in values.items():
        wanted = sorted({value for value in given or () if value})
        if len(wanted) > MAX_VALUES:
            raise BadInput(f"At most {MAX_VALUES} values of {name} can be asked for at once.")
        for value in wanted:
            if len(value) > MAX_LENGTH or not value.isprintable():
                raise BadInput(f"{name} has to be printable text of at most {MAX_LENGTH} characters.")
        if wanted:
            filters[name] = wanted
    return filters


def read_groups(given: Sequence[str] | None) -> tuple[str, ...]:
    """Group keys, in the order given: repeated, or separated by commas."""
    names = [part.strip() for value in given or () for part in value.split(",") if part.strip()]
    for name in names:
        if name not in GROUPS:
            raise BadInput(f"group_by={name[:40]!r} is not one of {', '.join(GROUPS)}.", slug="bad-group")
    if len(set(names)) != len(names):
        raise BadInput("A group_by is given twice.", slug="bad-group")
    return tuple(names)


def check_names(given: Sequence[str], known: Sequence[str]) -> None:
    """Refuse parameters that would silently be without effect."""
    for name in given:
        if name not in known:
            raise BadInput(
                f"There is no parameter {name[:40]!r} here; there are {', '.join(known)}.",
                slug="unknown-parameter",
            )


def write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Raises BadInput when it isn't one of ours."""
    try:
        if len(text) > 4_000 or not text.isascii():
            raise ValueError
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        cursor = msgspec.json.decode(raw, type=Cursor)
        if not 0 <= cursor.count < 2**63 or any("\0" in value for value in cursor.values):
            raise ValueError
    except (ValueError, msgspec.MsgspecError) as error:
        raise _bad_cursor() from error
    return cursor


def _bad_cursor() -> BadInput:
    return BadInput(
        "next is not the one that this question was answered with. Ask again without it.", slug="bad-next"
    )


def check_cursor(query: UsageQuery) -> None:
    if query.cursor and (
        query.cursor.question != query.question or len(query.cursor.values) != len(query.group_by)
    ):
        raise _bad_cursor()


class UsagePage(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """Counts. Each row has the group_by keys, `count` (the sum of quantities) and `principals` (how many)."""

    from_: str
    to: str
    rows: list[dict[str, Any]]
    next: str | None
