"""Whatever the order, the repetitions and the batches: the totals are those of the distinct events.

The fault matrix asks for 10,000 cases; the short form runs fewer, with the same strategies.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from ahead.metering.consumer import Ingest
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.models import (
    ClosedPeriodCorrection,
    RawEvent,
    UsageDaily,
    UsageHourly,
    dead_letters,
    table_of,
)
from ahead.metering.rebuild.service import Rebuilder
from ahead.shared.clock import FixedClock, period_of
from ahead.shared.db.engine import Database
from ahead.shared.events.consumer import Message
from ahead.shared.events.envelope import Event, encode, make_event

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)

# Moments around the ends of hours, days and months, some late by a period and more.
moments = st.one_of(
    st.integers(0, 115 * 86_400).map(lambda seconds: NOW - timedelta(seconds=seconds)),
    st.sampled_from(
        [
            datetime(2026, 10, 31, 23, 59, 59, 999000, tzinfo=UTC),
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC),
            datetime(2026, 11, 23, tzinfo=UTC),
            NOW + timedelta(hours=23),
        ]
    ),
)
kinds = st.sampled_from(
    [
        ("lookup", "code.viewed"),
        ("lookup", "code.denied"),
        ("lookup", "search.performed"),
        ("accounts", "session.started"),
    ]
)


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    numbers = draw(st.lists(st.integers(0, 60), min_size=1, max_size=40, unique=True))
    found: list[Event] = []
    for number in numbers:
        service, name = draw(kinds)
        at = draw(moments)
        found.append(
            make_event(
                service,
                name,
                subject=draw(st.sampled_from(["g:1", "g:2", "a:1"])),
                plan=draw(st.sampled_from(["guest", "free"])),
                period=period_of(at),
                thing=draw(st.sampled_from(["", "icd10cm/E11.9", "ü/\N{GRINNING FACE}"])),
                quantity=draw(st.integers(1, 5)),
                at=at,
                id=f"e{number}",
            )
        )
    return found


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Event], list[list[Event | bytes]]]:
    """Distinct events, and the batches that they arrive in: shuffled, repeated, with poison between."""
    distinct = draw(events())
    arriving: list[Event | bytes] = list(distinct)
    arriving += draw(st.lists(st.sampled_from(distinct), max_size=30))
    arriving += draw(st.lists(st.sampled_from([b"{", b'{"specversion":"1.0"}']), max_size=2))
    arriving = draw(st.permutations(arriving))
    batches: list[list[Event | bytes]] = []
    while arriving:
        size = draw(st.integers(1, len(arriving)))
        batches.append(arriving[:size])
        arriving = arriving[size:]
    return distinct, batches


def expected(distinct: list[Event]) -> Counter[tuple[Any, ...]]:
    """Totals per day, reckoned without any of metering's code."""
    totals: Counter[tuple[Any, ...]] = Counter()
    for event in distinct:
        _, _, service, *name, _ = event.type.split(".")
        data = event.data
        totals[
            event.time[:10],
            service,
            ".".join(name),
            data["plan"],
            data["period"],
            event.subject,
            data["thing"],
        ] += data["quantity"]
    return totals


async def run_case(database: Database, distinct: list[Event], batches: list[list[Event | bytes]]) -> None:
    async with database.write() as session:
        for table in (RawEvent, UsageHourly, UsageDaily, ClosedPeriodCorrection):
            await session.execute(delete(table_of(table)))
        await session.execute(delete(dead_letters))
    ingest = Ingest(database, Blinding("e" * 40), FixedClock(NOW))
    sequence = 0
    poison = 0
    for batch in batches:
        arriving: list[Message] = []
        for one in batch:
            sequence += 1
            poison += isinstance(one, bytes)
            arriving.append(
                Message("ahead.events.x", one if isinstance(one, bytes) else encode(one), sequence, 1)
            )
        await ingest.handle(arriving)
    counted = await totals_of(database)
    assert counted == expected(distinct)
    async with database.read() as session:
        late = (
            await session.execute(select(func.count()).select_from(table_of(ClosedPeriodCorrection)))
        ).scalar_one()
        buried = (await session.execute(select(func.count()).select_from(dead_letters))).scalar_one()
        hourly = (await session.execute(select(func.sum(UsageHourly.count)))).scalar_one()
    assert late == sum(event.data["period"] < "2026-11" for event in distinct)
    assert buried == poison
    assert hourly == sum(counted.values())
    before = await all_counts(database)
    await Rebuilder(database, chunk=7).run()
    assert await all_counts(database) == before


async def totals_of(database: Database) -> Counter[tuple[Any, ...]]:
    async with database.read() as session:
        rows = (await session.execute(select(table_of(UsageDaily)))).all()
    return Counter({(row[0].isoformat(), *tuple(row)[1:-1]): row[-1] for row in rows})


async def all_counts(database: Database) -> set[tuple[Any, ...]]:
    async with database.read() as session:
        return {
            tuple(row)
            for model in (UsageHourly, UsageDaily)
            for row in (await session.execute(select(table_of(model)))).all()
        }


def test_any_order_repetition_and_batching_gives_equal_totals(metering_url: str, long_run: bool) -> None:
    with asyncio.Runner() as runner:
        database = Database(metering_url)

        @settings(
            max_examples=10_000 if long_run else 60,
            deadline=None,
            derandomize=not long_run,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(deliveries())
        def case(delivery: tuple[list[Event], list[list[Event | bytes]]]) -> None:
            runner.run(run_case(database, *delivery))

        try:
            case()
        finally:
            runner.run(database.close())
