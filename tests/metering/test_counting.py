"""Events in, counts out: each once, in its own hour, day and period."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ahead.metering.consumer import Ingest
from ahead.metering.models import ClosedPeriodCorrection, RawEvent, dead_letters, table_of
from ahead.shared.clock import FixedClock
from ahead.shared.db.engine import Database
from ahead.shared.events.envelope import encode


async def count_rows(database: Database, table: Any) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_an_event_is_stored_and_counted_by_hour_and_day(
    database: Database, ingest: Ingest, view: Callable[..., Any], messages: Any, read_counts: Any
) -> None:
    await ingest.handle(messages(view(1), view(2, quantity=3)))
    rest = ("lookup", "code.viewed", "guest", "2026-11")
    assert await read_counts(database) == {
        "usage_hourly": {
            (datetime(2026, 11, 23, 14, tzinfo=UTC), *rest, "g:1", "icd10cm/E11.9"): 1,
            (datetime(2026, 11, 23, 14, tzinfo=UTC), *rest, "g:2", "icd10cm/E11.9"): 3,
        },
        "usage_daily": {
            (date(2026, 11, 23), *rest, "g:1", "icd10cm/E11.9"): 1,
            (date(2026, 11, 23), *rest, "g:2", "icd10cm/E11.9"): 3,
        },
    }
    async with database.read() as session:
        raw = (await session.execute(select(table_of(RawEvent)).order_by(RawEvent.seq))).mappings().first()
    assert raw is not None
    assert raw["body"].encode() == encode(view(1))
    assert raw["type"] == "ahead.events.lookup.code.viewed.v1"
    assert raw["occurred_at"] == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


async def test_the_same_event_counts_once_in_a_batch_and_over_batches(
    ingest: Ingest, view: Callable[..., Any], messages: Any, total: Any
) -> None:
    await ingest.handle(messages(view(1), view(1), view(2)))
    await ingest.handle(messages(view(2), view(1), view(3)))
    assert await total() == 3


async def test_the_same_id_from_another_service_is_another_event(
    ingest: Ingest, view: Callable[..., Any], messages: Any, total: Any
) -> None:
    await ingest.handle(messages(view(1), view(1, service="assistant", event="question.asked")))
    assert await total() == 2


async def test_counts_lie_in_utc_whatever_the_offset_of_the_sender(
    database: Database, ingest: Ingest, view: Callable[..., Any], messages: Any, read_counts: Any
) -> None:
    body = encode(view(1)).replace(b"2026-11-23T14:30:00.000Z", b"2026-11-23T01:30:00.000+05:30")
    assert body != encode(view(1))
    await ingest.handle(messages(body))
    counts = await read_counts(database)
    assert [key[0] for key in counts["usage_hourly"]] == [datetime(2026, 11, 22, 20, tzinfo=UTC)]
    assert [key[0] for key in counts["usage_daily"]] == [date(2026, 11, 22)]


async def test_an_event_of_a_closed_period_counts_there_and_is_recorded_as_a_correction(
    database: Database, ingest: Ingest, view: Callable[..., Any], messages: Any, read_counts: Any
) -> None:
    late = view(1, period="2026-10", at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    await ingest.handle(messages(late, view(2)))
    await ingest.handle(messages(late))
    counts = await read_counts(database)
    assert {(key[0], key[4]): count for key, count in counts["usage_daily"].items()} == {
        (date(2026, 10, 31), "2026-10"): 1,
        (date(2026, 11, 23), "2026-11"): 1,
    }
    async with database.read() as session:
        rows = (await session.execute(select(table_of(ClosedPeriodCorrection)))).mappings().all()
    assert [(row["event_id"], row["period"], row["quantity"]) for row in rows] == [("view-1", "2026-10", 1)]


async def test_what_was_on_its_way_at_midnight_is_no_correction(
    database: Database, clock: FixedClock, ingest: Ingest, view: Callable[..., Any], messages: Any
) -> None:
    clock.advance(datetime(2026, 12, 1, 0, 0, 30, tzinfo=UTC) - clock.now())
    await ingest.handle(messages(view(1, at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))))
    assert await count_rows(database, table_of(ClosedPeriodCorrection)) == 0
    clock.advance(timedelta(hours=2))
    await ingest.handle(messages(view(2, at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))))
    assert await count_rows(database, table_of(ClosedPeriodCorrection)) == 1


POISON: dict[str, Callable[[Any], bytes]] = {
    "broken JSON": lambda view: b'{"specversion": "1.0", ',
    "empty": lambda view: b"",
    "not UTF-8": lambda view: encode(view(99)).replace(b"E11.9", b"\xff\xfe"),
    "one mebibyte": lambda view: encode(view(99))[:-1] + b',"x":"' + b"a" * 1_000_000 + b'"}',
    "no quantity": lambda view: encode(view(99)).replace(b'"quantity":1', b'"amount":1'),
    "quantity zero": lambda view: encode(view(99)).replace(b'"quantity":1', b'"quantity":0'),
    "quantity text": lambda view: encode(view(99)).replace(b'"quantity":1', b'"quantity":"1"'),
    "foreign source": lambda view: encode(view(99)).replace(b"/ahead/lookup", b"/somebody/else"),
    "unknown type": lambda view: encode(view(99)).replace(b"code.viewed.v1", b"CODE"),
    "two days ahead": lambda view: encode(view(99, at=datetime(2026, 11, 25, 15, tzinfo=UTC))),
    "out of the calendar": lambda view: encode(view(99)).replace(
        b"2026-11-23T14:30:00.000Z", b"9999-12-31T23:59:59-23:59"
    ),
    "naive time": lambda view: encode(view(99)).replace(b"14:30:00.000Z", b"14:30:00"),
    "period of next year": lambda view: encode(view(99, period="2027-11")),
    "no period": lambda view: encode(view(99, period="november")),
    "thirteenth month": lambda view: encode(view(99, period="2026-13")),
    "NUL in the thing": lambda view: encode(view(99, thing="E11\0.9")),
    "NUL in the type": lambda view: encode(view(99)).replace(b"ahead.events", b"\\u0000ahead.events"),
    "no subject": lambda view: encode(view(99, subject="")),
    "endless subject": lambda view: encode(view(99, subject="g:" + "x" * 200)),
    "endless plan": lambda view: encode(view(99, plan="p" * 150)),
    "lone surrogate": lambda view: encode(view(99)).replace(b"E11.9", b"\\ud800"),
    "a list": lambda view: b"[1, 2, 3]",
    "deep": lambda view: b"[" * 60_000,
}


@pytest.mark.parametrize("kind", POISON)
async def test_poison_goes_to_the_dead_letters_once_and_the_good_is_counted(
    kind: str, database: Database, ingest: Ingest, view: Callable[..., Any], messages: Any, total: Any
) -> None:
    bad = POISON[kind](view)
    batch = messages(view(1), bad, view(2))
    await ingest.handle(batch)
    await ingest.handle(batch)
    assert await total() == 2
    async with database.read() as session:
        letters = (await session.execute(select(dead_letters))).mappings().all()
    assert [(bytes(letter["body"]), letter["sequence"]) for letter in letters] == [(bad, 2)]
    assert letters[0]["reason"]


async def test_the_longest_keys_that_are_let_in_can_be_stored(
    ingest: Ingest, view: Callable[..., Any], messages: Any, total: Any
) -> None:
    wide = "\N{GRINNING FACE}"
    await ingest.handle(
        messages(view(1, thing=wide * 200, plan=wide * 40, subject="g:" + wide * 98, id="i" * 64))
    )
    assert await total() == 1


async def test_an_event_a_few_hours_ahead_is_counted(
    ingest: Ingest, view: Callable[..., Any], messages: Any, total: Any
) -> None:
    await ingest.handle(messages(view(1, at=datetime(2026, 11, 24, 12, tzinfo=UTC))))
    assert await total() == 1
