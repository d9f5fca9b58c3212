"""An account is erased: totals and numbers of people stay as they were, and nothing tells who it was."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import LargeBinary, func, select

from ahead.metering.consumer import Ingest
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.erasure.service import REMEMBERED, Erasure
from ahead.metering.ingest import service
from ahead.metering.models import ErasedPrincipal, RawEvent, UsageDaily, UsageHourly, metadata, table_of
from ahead.metering.rebuild import repository as rebuilding
from ahead.metering.rebuild.service import Rebuilder
from ahead.shared.clock import FixedClock
from ahead.shared.db.engine import Database
from ahead.shared.events.envelope import Event, encode, make_event
from ahead.shared.ids import deterministic_id

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
ACCOUNT = "a:0193f1c2-7a10-7c3e-9d2b-5a1c0f7e4b21"
GUEST = "g:0193f1c2-1111-7c3e-8d2b-5a1c0f7e4b22"
OTHER = "a:0193f1c2-2222-7c3e-8d2b-5a1c0f7e4b23"
BLINDING = Blinding("e" * 40)
HIDDEN = {ACCOUNT: BLINDING.subject(ACCOUNT), GUEST: BLINDING.subject(GUEST)}


def view(subject: str, thing: str, at: datetime = NOW, **data: Any) -> Event:
    """A grant as Case2Code records it: its id can be reckoned by whoever knows the subject."""
    period = data.pop("period", at.strftime("%Y-%m"))
    return make_event(
        "lookup",
        "code.viewed",
        id=deterministic_id("code.viewed", subject, thing, period),
        subject=subject,
        plan="guest" if subject.startswith("g:") else "free",
        period=period,
        thing=thing,
        at=at,
        **data,
    )


def of_account(name: str, subject: str = ACCOUNT, **data: Any) -> Event:
    return make_event(
        "accounts",
        name,
        id=deterministic_id(name, subject),
        subject=subject,
        plan="free",
        period="2026-11",
        thing="account",
        at=NOW,
        **data,
    )


def erased(subject: str = ACCOUNT, guest: str | None = GUEST) -> Event:
    return of_account("account.erased", subject, guest=guest, reason="owner")


def history() -> list[Event]:
    """A guest looks at a code, registers and looks at more; two others do the like."""
    return [
        view(GUEST, "icd10cm/E11.9"),
        view(GUEST, "icd10cm/E11.9", datetime(2026, 10, 30, 8, tzinfo=UTC)),
        of_account("account.registered", guest=GUEST),
        view(ACCOUNT, "icd10cm/I10"),
        view(ACCOUNT, "icd10cm/J45.909", NOW - timedelta(hours=5), quantity=3),
        of_account("account.registered", OTHER, guest=None),
        view(OTHER, "icd10cm/I10"),
        view("g:stranger", "icd10cm/I10"),
    ]


async def everything(database: Database) -> str:
    """All that the database holds, as one text to look for names in."""
    found: list[str] = []
    async with database.read() as session:
        for table in metadata.tables.values():
            for row in (await session.execute(select(table))).all():
                found += [
                    bytes(value).decode("latin-1") if isinstance(column.type, LargeBinary) else str(value)
                    for column, value in zip(table.c, row, strict=True)
                ]
    return "\n".join(found)


async def shown(database: Database, *names: str) -> Counter[tuple[Any, ...]]:
    """The daily counts added up by these columns."""
    daily = table_of(UsageDaily)
    columns = [daily.c[name] for name in names]
    async with database.read() as session:
        rows = await session.execute(select(*columns, func.sum(daily.c.count)).group_by(*columns))
        return Counter({tuple(row)[:-1]: int(row[-1]) for row in rows.all()})


def no_trace(text: str, *subjects: str) -> bool:
    """Neither the names nor their numbers, nor ids of events that can be reckoned from them."""
    ids = [subject.partition(":")[2] for subject in subjects]
    of_grants = [event.id for event in history() if event.subject in subjects]
    return not any(word in text for word in (*ids, *of_grants))


async def test_totals_and_people_stay_and_the_name_is_gone(
    database: Database, ingest: Ingest, messages: Any, read_counts: Any
) -> None:
    await ingest.handle(messages(*history()))
    before = await shown(database, "product", "metric", "plan", "period", "thing", "bucket")
    people = len(await shown(database, "principal"))
    await ingest.handle(messages(erased()))
    after = await shown(database, "product", "metric", "plan", "period", "thing", "bucket")
    assert after - before == Counter(
        {("accounts", "account.erased", "free", "2026-11", "account", NOW.date()): 1}
    )
    assert not before - after
    assert len(await shown(database, "principal")) == people
    assert no_trace(await everything(database), ACCOUNT, GUEST)
    assert OTHER in await everything(database)
    # The guest is still a guest, and still the one that registered.
    async with database.read() as session:
        raw = table_of(RawEvent)
        registered = select(raw.c.principal, raw.c.detail).where(raw.c.metric == "account.registered")
        assert {tuple(row) for row in await session.execute(registered)} == {
            (HIDDEN[ACCOUNT], HIDDEN[GUEST]),
            (OTHER, ""),
        }


async def test_a_rebuild_gives_equal_totals_and_brings_nobody_back(
    database: Database, ingest: Ingest, messages: Any, read_counts: Any
) -> None:
    await ingest.handle(messages(*history(), erased()))
    before = await read_counts(database)
    await Rebuilder(database, chunk=2).run()
    assert await read_counts(database) == before
    assert no_trace(await everything(database), ACCOUNT, GUEST)


@pytest.mark.parametrize("seed", range(12))
async def test_order_repetition_and_batches_make_no_difference(
    seed: int, database: Database, messages: Any, read_counts: Any
) -> None:
    chance = random.Random(seed)
    arriving = [*history(), erased(), of_account("session.started")]
    arriving += chance.choices(arriving, k=12)
    chance.shuffle(arriving)
    # Two consumers that share the work.
    consumers = [Ingest(database, BLINDING, FixedClock(NOW)) for _ in range(2)]
    while arriving:
        size = chance.randint(1, 6)
        await chance.choice(consumers).handle(messages(*arriving[:size]))
        arriving = arriving[size:]
    hidden = [
        (HIDDEN.get(event.subject, event.subject), event.name, event.data["thing"], event.data["quantity"])
        for event in [*history(), erased(), of_account("session.started")]
    ]
    totals: Counter[tuple[Any, ...]] = Counter()
    for *keys, quantity in hidden:
        totals[tuple(keys)] += quantity
    assert await shown(database, "principal", "metric", "thing") == totals
    assert no_trace(await everything(database), ACCOUNT, GUEST)
    before = await read_counts(database)
    await Rebuilder(database, chunk=3).run()
    assert await read_counts(database) == before


async def test_what_comes_late_gets_the_same_name_and_counts_once(
    database: Database, ingest: Ingest, messages: Any, total: Any
) -> None:
    await ingest.handle(messages(*history(), erased()))
    before = await total()
    late = view(ACCOUNT, "icd10cm/R05.9")
    await ingest.handle(messages(late, view(GUEST, "icd10cm/R05.9")))
    await ingest.handle(messages(late, *history(), erased()))
    # A process that has just started knows it from the database.
    await Ingest(database, BLINDING, FixedClock(NOW)).handle(messages(late, *history()))
    assert await total() == before + 2
    assert (await shown(database, "principal", "thing"))[HIDDEN[ACCOUNT], "icd10cm/R05.9"] == 1
    assert no_trace(await everything(database), ACCOUNT, GUEST)
    assert late.id not in await everything(database)


async def test_a_correction_of_a_closed_month_loses_the_name_too(
    database: Database, ingest: Ingest, messages: Any
) -> None:
    await ingest.handle(messages(view(ACCOUNT, "icd10cm/I10", datetime(2026, 10, 1, tzinfo=UTC))))
    await ingest.handle(messages(erased()))
    text = await everything(database)
    assert no_trace(text, ACCOUNT, GUEST)
    assert deterministic_id("code.viewed", ACCOUNT, "icd10cm/I10", "2026-10") not in text


async def test_dead_letters_lose_the_name_and_can_still_be_counted(
    database: Database,
    ingest: Ingest,
    messages: Any,
    clock: FixedClock,
    operator: httpx.AsyncClient,
    total: Any,
) -> None:
    ahead = view(ACCOUNT, "icd10cm/I10", NOW + timedelta(days=2), period="2026-11")
    await ingest.handle(messages(ahead, encode(view(ACCOUNT, "icd10cm/I10"))[:-3]))
    await ingest.handle(messages(erased(), first=10))
    assert no_trace((await everything(database)).replace(ahead.id, ""), ACCOUNT, GUEST)
    clock.advance(timedelta(days=2))
    letters = (await operator.get("/api/metering/v1/ops/dead-letters")).json()["rows"]
    outcomes = [
        (await operator.post(f"/api/metering/v1/ops/dead-letters/{letter['id']}/retry")).status_code
        for letter in letters
    ]
    assert sorted(outcomes) == [200, 409]
    assert await total() == 2
    assert (await shown(database, "principal", "thing"))[HIDDEN[ACCOUNT], "icd10cm/I10"] == 1


async def test_a_dead_letter_that_is_retried_after_the_erasure_is_counted_under_the_new_name(
    database: Database, ingest: Ingest, messages: Any, clock: FixedClock, operator: httpx.AsyncClient
) -> None:
    await ingest.handle(messages(erased()))
    ahead = view(ACCOUNT, "icd10cm/I10", NOW + timedelta(days=2), period="2026-11")
    await ingest.handle(messages(ahead, first=5))
    clock.advance(timedelta(days=2))
    letter = (await operator.get("/api/metering/v1/ops/dead-letters")).json()["rows"][0]
    await operator.post(f"/api/metering/v1/ops/dead-letters/{letter['id']}/retry")
    assert (await shown(database, "principal", "thing"))[HIDDEN[ACCOUNT], "icd10cm/I10"] == 1
    assert no_trace(await everything(database), ACCOUNT, GUEST)


async def test_what_a_rebuild_under_way_has_counted_is_renamed_with_the_rest(
    database: Database, ingest: Ingest, messages: Any, read_counts: Any
) -> None:
    await ingest.handle(messages(*history()))
    erasing: list[asyncio.Task[None]] = []

    def erase_meanwhile(_done: int, _all: int) -> None:
        if not erasing:
            erasing.append(asyncio.create_task(ingest.handle(messages(erased(), first=20))))

    class Slow(Rebuilder):
        """Lets the erasure in between two of its transactions."""

        async def _add(self, session: Any, rows: Any) -> None:
            await super()._add(session, rows)
            await asyncio.sleep(0)

    await Slow(database, chunk=1, progress=erase_meanwhile).run()
    await erasing[0]
    counts = await read_counts(database)
    assert no_trace(str(counts), ACCOUNT, GUEST)
    await Rebuilder(database).run()
    assert await read_counts(database) == counts


async def test_leftovers_of_a_killed_rebuild_lose_the_name(
    database: Database, ingest: Ingest, messages: Any
) -> None:
    await ingest.handle(messages(*history()))

    class Killed(Exception):
        pass

    def die(_done: int, _all: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        await Rebuilder(database, chunk=5, progress=die).run()
    await ingest.handle(messages(erased()))
    for model in (UsageHourly, UsageDaily):
        async with database.read() as session:
            rows = (await session.execute(select(rebuilding.shadow_of(model)))).all()
        assert rows
        assert no_trace(str(rows), ACCOUNT, GUEST)


async def test_consumers_and_erasures_at_once_leave_no_name_and_lose_no_event(
    metering_url: str, messages: Any, read_counts: Callable[..., Any]
) -> None:
    people = [f"a:0193f1c2-0000-7000-8000-{number:012x}" for number in range(6)]
    databases = [Database(metering_url) for _ in range(3)]

    async def consume(database: Database, number: int) -> None:
        ingest = Ingest(database, BLINDING, FixedClock(NOW))
        for turn in range(12):
            events = [view(person, f"icd10cm/A{number}{turn:02d}") for person in people]
            if turn == 4 + number:
                events += [erased(people[number], None), erased(people[number + 3], None)]
            await ingest.handle(messages(*events, first=1000 * number + 20 * turn))

    try:
        await asyncio.gather(*(consume(database, number) for number, database in enumerate(databases)))
        counts = await read_counts(databases[0])
        text = await everything(databases[0])
    finally:
        for database in databases:
            await database.close()
    for table in counts.values():
        assert sum(table.values()) == 3 * 12 * 6 + 6
        assert {key[5] for key in table} == {BLINDING.subject(person) for person in people}
    assert not any(person in text for person in people)


async def test_who_is_erased_is_forgotten_itself_when_nothing_can_come_any_more(
    database: Database, clock: FixedClock, ingest: Ingest, messages: Any
) -> None:
    await ingest.handle(messages(erased()))
    clock.advance(REMEMBERED + timedelta(days=1))
    await ingest.handle(messages(erased(OTHER, None), first=2))
    async with database.read() as session:
        names = (await session.execute(select(table_of(ErasedPrincipal).c.name))).scalars().all()
    assert names == [BLINDING.subject(OTHER)]


async def test_names_without_the_key_are_others(database: Database, ingest: Ingest, messages: Any) -> None:
    assert Blinding("f" * 40).subject(ACCOUNT) != HIDDEN[ACCOUNT]
    assert Blinding("f" * 40).event_id("/ahead/lookup", "1") != BLINDING.event_id("/ahead/lookup", "1")
    assert BLINDING.subject(GUEST).startswith("g:erased-")


async def test_an_erasure_that_is_rolled_back_has_erased_nobody(
    database: Database, ingest: Ingest, messages: Any
) -> None:
    await ingest.handle(messages(*history()))
    erasure = Erasure(BLINDING)

    class Killed(Exception):
        pass

    async def store(*events: Event, die: bool = False) -> None:
        reader = service.Reader(NOW)
        async with database.write() as session:
            await service.store(session, [reader.read(encode(event)) for event in events], NOW, erasure)
            if die:
                raise Killed

    with pytest.raises(Killed):
        await store(erased(), die=True)
    await store(view(ACCOUNT, "icd10cm/R05.9"))
    assert (await shown(database, "principal", "thing"))[ACCOUNT, "icd10cm/R05.9"] == 1
    await store(erased())
    assert no_trace(await everything(database), ACCOUNT, GUEST)
