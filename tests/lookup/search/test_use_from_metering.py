"""Counts of use come from metering's own interface, to the database, to the web processes."""

import asyncio
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from ahead.accounts.db import upgrade as upgrade_accounts
from ahead.accounts.settings import Settings as AccountsSettings
from ahead.lookup.codes.events import code_revisited, code_viewed
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.scheduler import scheduler_part
from ahead.lookup.search.use import LEAST, keep_uses, read_uses
from ahead.lookup.settings import Settings
from ahead.metering.consumer import Ingest
from ahead.metering.db import upgrade as upgrade_metering
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.settings import Settings as MeteringSettings
from ahead.shared.auth.principal import Principal
from ahead.shared.clock import SystemClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.events.consumer import Message
from ahead.shared.events.envelope import Event, encode
from ahead.shared.settings import load
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.waiting import eventually
from ahead.shared.testing.web_server import WebServer

CLOCK = SystemClock()
MANY = 1_050
"""Things in use: more than metering answers on one page."""


def guest(number: int) -> Principal:
    return Principal(kind="guest", id=str(number), plan="guest")


def views(thing: str, people: int, at: datetime) -> list[Event]:
    return [code_viewed(guest(number), thing, at) for number in range(people)]


def events() -> list[Event]:
    now = datetime.now(UTC)
    long_ago, last_month = now - timedelta(days=200), now - timedelta(days=32)
    found = views("icd10cm/M25.561", 9, now) + views("icd10cm/M25.561", 9, last_month)  # the same nine people
    found += views("icd10cm/M25.562", LEAST - 1, now) + views("icd10cm/A00.0", 30, long_ago)
    found += views("hcpcs/J0897", 7, now) + views("careers/a-job", 20, now)
    found += [code_revisited(guest(1), "icd10cm/R51.9", now)] * 50
    for number in range(MANY):
        found += views(f"icd10pcs/{number:07}", LEAST, now)
    return found


@dataclass(frozen=True)
class Peers:
    metering: WebServer
    env: dict[str, str]


@pytest.fixture(scope="module")
def peers(nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> Generator[Peers]:
    """Accounts and metering as they really run, with views counted."""
    folder = tmp_path_factory.mktemp("peers")
    env = {
        "AHEAD_DATA": str(folder / "data"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_NATS_URL": nats_server.url,
        "AHEAD_ACCOUNTS_KEY_SECRET": "s" * 40,
        "AHEAD_METERING_ERASURE_KEY": "e" * 40,
        "AHEAD_LOOKUP_SERVICE_KEY": "l" * 43,
    }
    accounts = WebServer(folder / "accounts", "ahead.accounts.asgi:app", env)
    env["AHEAD_URL_ACCOUNTS"] = accounts.url
    metering = WebServer(folder / "metering", "ahead.metering.asgi:app", env)
    env["AHEAD_URL_METERING"] = metering.url
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        upgrade_accounts(load(AccountsSettings))
        upgrade_metering(load(MeteringSettings))
        asyncio.run(count(events()))
    with accounts, metering:
        yield Peers(metering, env)


async def count(counted: list[Event]) -> None:
    """Store and count, as metering's consumer does."""
    database = Database(load(MeteringSettings).database)
    ingest = Ingest(database, Blinding("e" * 40))
    try:
        for start in range(0, len(counted), 500):
            batch = enumerate(counted[start : start + 500], start + 1)
            await ingest.handle([Message("ahead.events.test", encode(one), n, 1) for n, one in batch])
    finally:
        await database.close()


@pytest.fixture
async def database(database_url: str, peers: Peers, monkeypatch: pytest.MonkeyPatch):
    """Of lookup, on each engine in turn, in the environment of the peers."""
    for name, value in peers.env.items():
        monkeypatch.setenv(name, value)
    migrations.upgrade(database_url, MIGRATIONS)
    database = Database(database_url)
    yield database
    await database.close()


async def test_people_are_counted_once_over_the_days_asked_for_and_a_few_not_at_all(database) -> None:
    await keep_uses(load(Settings), database, CLOCK)
    held = await read_uses(database)
    assert held["icd10cm", "M25561"] == 9, "the same nine in two months"
    assert held["hcpcs", "J0897"] == 7
    assert sum(system == "icd10pcs" for system, _ in held) == MANY, "all pages"
    assert set(held.values()) == {9, 7, LEAST}
    assert {code for system, code in held if system != "icd10pcs"} == {"M25561", "J0897"}


async def test_fewer_days_hold_fewer_counts_and_none_hold_none(database, monkeypatch) -> None:
    monkeypatch.setenv("AHEAD_LOOKUP_USE_DAYS", "300")
    await keep_uses(load(Settings), database, CLOCK)
    assert (await read_uses(database))["icd10cm", "A000"] == 30
    monkeypatch.setenv("AHEAD_LOOKUP_USE_DAYS", "1")
    await keep_uses(load(Settings), database, CLOCK)
    assert ("icd10cm", "A000") not in await read_uses(database)
    monkeypatch.setenv("AHEAD_LOOKUP_USE_DAYS", "0")
    await keep_uses(load(Settings), database, CLOCK)
    assert await read_uses(database) == {}


async def test_while_metering_is_away_the_counts_stay(database, monkeypatch) -> None:
    await keep_uses(load(Settings), database, CLOCK)
    held = await read_uses(database)
    assert held
    for name, value in (
        ("AHEAD_URL_METERING", "http://127.0.0.1:1"),  # nobody listens
        ("AHEAD_LOOKUP_SERVICE_KEY", "w" * 43),  # accounts give no token for it
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            await keep_uses(load(Settings), database, CLOCK)
            assert await read_uses(database) == held, name


async def test_where_metering_is_not_installed_there_is_no_use(database, monkeypatch) -> None:
    await keep_uses(load(Settings), database, CLOCK)
    monkeypatch.delenv("AHEAD_URL_METERING")
    await keep_uses(load(Settings), database, CLOCK)
    assert await read_uses(database) == {}


async def test_the_scheduler_asks_and_a_web_process_serves_their_order(
    settings, searching, peers: Peers, nats_server: NatsServer
) -> None:
    values = {**peers.env, "AHEAD_DATA": str(settings().shared.data), "AHEAD_NATS_URL": nats_server.url}
    values.pop("AHEAD_GUEST_KEY")
    database, stop = Database(settings().database), asyncio.Event()
    scheduler = asyncio.create_task(scheduler_part(database, settings=settings(**values))(stop))
    await eventually(lambda: read_uses(database), what="counts of metering in the database")
    stop.set()
    await scheduler
    await database.close()
    browser = await searching(**values)

    async def right_before_left() -> bool:
        answer = await browser.get("/api/lookup/v1/search", params={"q": "knee pain", "limit": 20})
        codes = [hit["code"] for hit in answer.json()["hits"]]
        return codes.index("M25.561") < codes.index("M25.562")

    await eventually(right_before_left, what="the order of use, once the process has read it")
