"""What the databases hold, read by nothing of the product's own."""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

VIEWED = "ahead.events.lookup.code.viewed.v1"


@dataclass(frozen=True)
class Books:
    """Views as granted, as recorded for sending, as received, and as counted: (principal, thing) each."""

    granted: Counter[tuple[str, str]]
    recorded: Counter[tuple[str, str]]
    unsent: int
    received: Counter[tuple[str, str]]
    hourly: Counter[tuple[str, str]]
    daily: Counter[tuple[str, str]]
    dead_letters: int


def _rows(path: Path, query: str, *values: str) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def _counted(metering: Path, table: str) -> Counter[tuple[str, str]]:
    query = f"SELECT principal, thing, SUM(count) FROM {table} WHERE metric = ? GROUP BY principal, thing"
    return Counter({(row[0], row[1]): int(row[2]) for row in _rows(metering, query, "code.viewed")})


def read(data: Path) -> Books:
    lookup, metering = data / "lookup" / "lookup.db", data / "metering" / "metering.db"
    bodies = [
        json.loads(row[0]) for row in _rows(lookup, "SELECT body FROM outbox WHERE subject = ?", VIEWED)
    ]
    received = _rows(metering, "SELECT principal, thing FROM raw_events WHERE type = ?", VIEWED)
    return Books(
        granted=Counter((row[0], row[1]) for row in _rows(lookup, "SELECT principal, thing FROM grants")),
        recorded=Counter((body["subject"], body["data"]["thing"]) for body in bodies),
        unsent=int(_rows(lookup, "SELECT COUNT(*) FROM outbox WHERE published_at IS NULL")[0][0]),
        received=Counter((row[0], row[1]) for row in received),
        hourly=_counted(metering, "usage_hourly"),
        daily=_counted(metering, "usage_daily"),
        dead_letters=int(_rows(metering, "SELECT COUNT(*) FROM dead_letters")[0][0]),
    )
