"""Reading an event into a row, and counting rows: the same for the live stream and for a rebuild."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.erasure.service import ERASED, Erasure
from ahead.metering.ingest import repository
from ahead.metering.models import UsageDaily, UsageHourly
from ahead.shared.events.envelope import InvalidEvent, decode

# bucket, product, metric, plan, period, principal, thing; the bucket as the database writes it.
Key = tuple[str, str, str, str, str, str, str]


class Row(NamedTuple):
    """One row of raw_events, its columns in order but for the number the database gives.

    Moments are text already, as `moment` writes them: that is what goes to the database, and their beginnings
    are the hour and the day.
    """

    source: str
    event_id: str
    type: str
    product: str
    metric: str
    plan: str
    period: str
    principal: str
    thing: str
    quantity: int
    occurred_at: str
    received_at: str
    detail: str
    results: int | None
    body: str


class Counted(NamedTuple):
    """What of an event goes into the counts."""

    product: str
    metric: str
    plan: str
    period: str
    principal: str
    thing: str
    quantity: int
    occurred_at: str


# A clock may be off by a day between machines; what lies further ahead is a broken sender.
MAX_AHEAD = timedelta(days=1)
# A period stays open this long after its month, for what was still on its way at midnight.
GRACE = timedelta(hours=1)

# Which member of `data` a report reads: metric -> (text, whole number).
DETAILS: Mapping[str, tuple[str, str]] = {
    "search.performed": ("query", "results"),
    "account.registered": ("guest", ""),
    "account.erased": ("guest", ""),
}

_PERIOD = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])")
# The columns' widths. On PostgreSQL all keys together have to fit an index row of 2,704 bytes.
_MOST = (
    ("source", 100),
    ("event_id", 64),
    ("type", 200),
    ("product", 64),
    ("metric", 100),
    ("plan", 40),
    ("principal", 100),
)
_BIGINT = 2**63 - 1
_FULL_HOUR = ":00:00.000000"


def moment(at: datetime) -> str:
    """A moment in UTC as SQLAlchemy writes it into SQLite; PostgreSQL is told that it is UTC."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


class Reader:
    """Reads the messages of one batch: what depends on the time of receipt is reckoned once."""

    def __init__(self, received_at: datetime) -> None:
        self._received_at = moment(received_at)
        self._latest = received_at + MAX_AHEAD
        self._last_period = self._latest.strftime("%Y-%m")

    def read(self, body: bytes) -> Row:
        """A row of raw_events from a message.

        Raises:
            InvalidEvent: it can't be read, can't be stored, or lies more than a day ahead of its receipt.
        """
        event = decode(body)
        data = event.data
        try:
            text = body.decode()
            occurred_at = datetime.fromisoformat(event.time).astimezone(UTC)
        except UnicodeDecodeError as error:
            raise InvalidEvent("not UTF-8") from error
        except (ValueError, OverflowError) as error:
            raise InvalidEvent(f"time {event.time[:40]!r} is out of range") from error
        if "\\u0000" in text or "\0" in text:
            # PostgreSQL can't hold it, and one such message must not stop a whole batch.
            raise InvalidEvent("holds a NUL character")
        period = data["period"]
        if not _PERIOD.fullmatch(period):
            raise InvalidEvent(f"data.period {period[:40]!r} is no calendar month such as 2026-11")
        if occurred_at > self._latest:
            raise InvalidEvent(f"time {event.time[:40]} lies more than a day in the future")
        if period > self._last_period:
            raise InvalidEvent(f"data.period {period} lies in the future")
        metric = event.name
        detail, results = _details(metric, data) if metric in DETAILS else ("", None)
        row = Row(
            event.source,
            event.id,
            event.type,
            event.service,
            metric,
            data["plan"],
            period,
            event.subject,
            data["thing"],
            data["quantity"],
            moment(occurred_at),
            self._received_at,
            detail,
            results,
            text,
        )
        _check_widths(row)
        if not event.subject:
            raise InvalidEvent("subject is empty")
        return row


def _check_widths(row: Row) -> None:
    for name, most in _MOST:
        if len(getattr(row, name)) > most:
            raise InvalidEvent(f"{name} has more than {most} characters")


def _details(metric: str, data: Mapping[str, Any]) -> tuple[str, int | None]:
    text_key, number_key = DETAILS[metric]
    text = data.get(text_key, "")
    number = data.get(number_key)
    whole = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _BIGINT
    return (text[:200] if isinstance(text, str) else ""), (number if whole else None)


def counted(rows: Iterable[Row | Counted]) -> tuple[dict[Key, int], dict[Key, int]]:
    """Hourly and daily counts of rows that are each counted once."""
    hourly: dict[Key, int] = {}
    daily: dict[Key, int] = {}
    for row in rows:
        at = row.occurred_at
        rest = (row.product, row.metric, row.plan, row.period, row.principal, row.thing)
        hour: Key = (at[:13] + _FULL_HOUR, *rest)
        day: Key = (at[:10], *rest)
        hourly[hour] = hourly.get(hour, 0) + row.quantity
        daily[day] = daily.get(day, 0) + row.quantity
    return hourly, daily


def closed_at(period: str) -> datetime:
    """When a period is settled: what is counted in it later is recorded as a correction."""
    year, month = int(period[:4]), int(period[5:])
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return following + GRACE


async def store(session: AsyncSession, rows: Sequence[Row], received_at: datetime, erasure: Erasure) -> int:
    """Store what is new and count it, in the caller's transaction; returns how many events were new.

    Sorted, so that two consumers that meet wait for each other instead of blocking each other for good.
    """
    unique: dict[tuple[str, str], Row] = {}
    for row in rows:
        unique.setdefault((row.source, row.event_id), row)
    if not unique:
        return 0
    unique = await _without_the_erased(session, unique, received_at, erasure)
    new = await repository.insert_new(session, [unique[key] for key in sorted(unique)])
    fresh = [unique[key] for key in new]
    if not fresh:
        return 0
    hourly, daily = counted(fresh)
    await repository.add_counts(session, UsageHourly, hourly)
    await repository.add_counts(session, UsageDaily, daily)
    closed = {period for period in {row.period for row in fresh} if received_at >= closed_at(period)}
    if closed:
        await repository.add_corrections(session, [row for row in fresh if row.period in closed])
    return len(fresh)


async def _without_the_erased(
    session: AsyncSession, rows: dict[tuple[str, str], Row], received_at: datetime, erasure: Erasure
) -> dict[tuple[str, str], Row]:
    """The rows, those about somebody erased under the names that they have now."""
    principals: set[str] = set()
    erased: list[set[str]] = []
    for row in rows.values():
        principals.add(row.principal)
        if row.product == "accounts" and row.detail:
            principals.add(row.detail)  # the guest that an account comes from
        if row.metric == ERASED and row.product == "accounts":
            erased.append({row.principal, row.detail} - {""})
    names = await erasure.names(session, principals, erased, received_at)
    if not names:
        return rows
    changed = (
        row._replace(**erasure.hide(row, names)._asdict())
        if row.principal in names or row.detail in names
        else row
        for row in rows.values()
    )
    return {(row.source, row.event_id): row for row in changed}
