"""Reading an event into a row, and counting rows: the same for the live stream and for a rebuild."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.ingest import repository
from ahead.metering.models import UsageDaily, UsageHourly
from ahead.shared.events.envelope import InvalidEvent, decode

Row = dict[str, Any]
# bucket, product, metric, plan, period, principal, thing
Key = tuple[date, str, str, str, str, str, str]

# A clock may be off by a day between machines; what lies further ahead is a broken sender.
MAX_AHEAD = timedelta(days=1)
# A period stays open this long after its month, for what was still on its way at midnight.
GRACE = timedelta(hours=1)

# Which member of `data` a report reads: metric -> (text, whole number).
DETAILS: Mapping[str, tuple[str, str]] = {
    "search.performed": ("query", "results"),
    "account.registered": ("guest", ""),
}

_PERIOD = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])")
# The columns' widths. On PostgreSQL all keys together have to fit an index row of 2,704 bytes.
_MOST = {
    "source": 100,
    "event_id": 64,
    "type": 200,
    "product": 64,
    "metric": 100,
    "plan": 40,
    "principal": 100,
}
_BIGINT = 2**63 - 1


def read(body: bytes, received_at: datetime) -> Row:
    """A row of raw_events from a message.

    Raises:
        InvalidEvent: it can't be read, can't be stored, or lies more than a day ahead of `received_at`.
    """
    event = decode(body)
    data = event.data
    metric = event.name
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
    if occurred_at > received_at + MAX_AHEAD:
        raise InvalidEvent(f"time {event.time[:40]} lies more than a day in the future")
    if period > (received_at + MAX_AHEAD).strftime("%Y-%m"):
        raise InvalidEvent(f"data.period {period} lies in the future")
    detail, results = _details(metric, data)
    row: Row = {
        "source": event.source,
        "event_id": event.id,
        "type": event.type,
        "product": event.service,
        "metric": metric,
        "plan": data["plan"],
        "period": period,
        "principal": event.subject,
        "thing": data["thing"],
        "quantity": data["quantity"],
        "occurred_at": occurred_at,
        "received_at": received_at,
        "detail": detail,
        "results": results,
        "body": text,
    }
    for name, most in _MOST.items():
        if len(row[name]) > most:
            raise InvalidEvent(f"{name} has more than {most} characters")
    if not event.subject:
        raise InvalidEvent("subject is empty")
    return row


def _details(metric: str, data: Mapping[str, Any]) -> tuple[str, int | None]:
    if metric not in DETAILS:
        return "", None
    text_key, number_key = DETAILS[metric]
    text = data.get(text_key, "")
    number = data.get(number_key)
    whole = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _BIGINT
    return (text[:200] if isinstance(text, str) else ""), (number if whole else None)


def hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def counted(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[Key, int], dict[Key, int]]:
    """Hourly and daily counts of rows that are each counted once."""
    hourly: dict[Key, int] = {}
    daily: dict[Key, int] = {}
    for row in rows:
        at: datetime = row["occurred_at"]
        rest = (row["product"], row["metric"], row["plan"], row["period"], row["principal"], row["thing"])
        hour: Key = (hour_of(at), *rest)
        day: Key = (at.date(), *rest)
        hourly[hour] = hourly.get(hour, 0) + row["quantity"]
        daily[day] = daily.get(day, 0) + row["quantity"]
    return hourly, daily


def closed_at(period: str) -> datetime:
    """When a period is settled: what is counted in it later is recorded as a correction."""
    year, month = int(period[:4]), int(period[5:])
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return following + GRACE


async def store(session: AsyncSession, rows: Sequence[Row]) -> int:
    """Store what is new and count it, in the caller's transaction; returns how many events were new.

    Sorted, so that two consumers that meet wait for each other instead of blocking each other for good.
    """
    unique: dict[tuple[str, str], Row] = {}
    for row in rows:
        unique.setdefault((row["source"], row["event_id"]), row)
    if not unique:
        return 0
    new = await repository.insert_new(session, [unique[key] for key in sorted(unique)])
    fresh = [unique[key] for key in sorted(new)]
    if not fresh:
        return 0
    hourly, daily = counted(fresh)
    await repository.add_counts(session, UsageHourly, hourly)
    await repository.add_counts(session, UsageDaily, daily)
    late = [row for row in fresh if row["received_at"] >= closed_at(row["period"])]
    if late:
        await repository.add_corrections(session, late)
    return len(fresh)
