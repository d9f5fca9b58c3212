"""Guests: minted without limit, admitted within the cap of their network."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import MetaData, func, select

from ahead.shared.auth.guests import GuestKeys, GuestTables, admit_guest, forget_networks, guest_tables
from ahead.shared.auth.network import network_bucket, network_prefix
from ahead.shared.auth.principal import ANONYMOUS, Principal
from ahead.shared.db.engine import Database
from ahead.shared.ids import uuid7

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
KEY = "g" * 40
BUCKET = network_bucket("203.0.113.9", NOON, KEY)


@pytest.fixture
async def guests(database_url: str) -> AsyncGenerator[tuple[Database, GuestTables]]:
    metadata = MetaData()
    tables = guest_tables(metadata)
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database, tables
    await database.close()


def new_guest() -> Principal:
    return Principal(kind="guest", id=uuid7())


async def admit(
    guests: tuple[Database, GuestTables], guest: Principal, *, bucket: str = BUCKET, cap: int = 40
) -> bool:
    database, tables = guests
    async with database.write() as session:
        return await admit_guest(session, tables, guest, bucket, NOON, cap)


async def test_a_network_brings_as_many_new_guests_a_day_as_the_cap_says(guests: Any) -> None:
    answers = [await admit(guests, new_guest(), cap=3) for _ in range(5)]
    assert answers == [True, True, True, False, False]


async def test_fifty_new_guests_at_once_are_capped_exactly(guests: Any) -> None:
    answers = await asyncio.gather(*(admit(guests, new_guest(), cap=17) for _ in range(50)))
    assert sum(answers) == 17


async def test_a_guest_counts_once_however_often_and_at_once(guests: Any) -> None:
    guest = new_guest()
    assert all(await asyncio.gather(*(admit(guests, guest, cap=1) for _ in range(20))))
    assert not await admit(guests, new_guest(), cap=1)


async def test_a_guest_once_admitted_stays_so_when_its_network_is_full(guests: Any) -> None:
    first = new_guest()
    assert await admit(guests, first, cap=1)
    assert not await admit(guests, new_guest(), cap=1)
    assert await admit(guests, first, cap=1)


async def test_one_turned_away_isn_t_counted_and_may_come_from_another_network(guests: Any) -> None:
    guest = new_guest()
    assert await admit(guests, new_guest(), cap=1)
    assert not await admit(guests, guest, cap=1)
    elsewhere = network_bucket("198.51.100.1", NOON, KEY)
    assert await admit(guests, guest, bucket=elsewhere, cap=1)


async def test_accounts_and_services_are_not_counted_and_strangers_not_admitted(guests: Any) -> None:
    assert await admit(guests, Principal(kind="account", id="one"), cap=1)
    assert await admit(guests, Principal(kind="service", id="lookup"), cap=1)
    assert not await admit(guests, ANONYMOUS, cap=1)
    assert await admit(guests, new_guest(), cap=1)


async def test_an_admission_goes_with_the_grant_that_failed(guests: Any) -> None:
    database, tables = guests

    class Failed(Exception):
        pass

    with pytest.raises(Failed):
        async with database.write() as session:
            assert await admit_guest(session, tables, new_guest(), BUCKET, NOON, 1)
            raise Failed
    assert await admit(guests, new_guest(), cap=1)


async def test_past_days_are_forgotten(guests: Any) -> None:
    database, tables = guests
    guest = new_guest()
    assert await admit(guests, guest, cap=1)
    async with database.write() as session:
        await forget_networks(session, tables, NOON + timedelta(days=1))
        assert await session.scalar(select(func.count()).select_from(tables.networks)) == 0
        assert await session.scalar(select(func.count()).select_from(tables.admitted)) == 1
        await forget_networks(session, tables, NOON + timedelta(days=500))
        assert await session.scalar(select(func.count()).select_from(tables.admitted)) == 0


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_48(address: str, prefix: str) -> None:
    assert network_prefix(address) == prefix


def test_a_bucket_says_nothing_and_changes_daily() -> None:
    assert network_bucket("203.0.113.200", NOON, KEY) == BUCKET
    assert network_bucket("203.0.113.9", NOON + timedelta(days=1), KEY) != BUCKET
    assert network_bucket("203.0.113.9", NOON, "h" * 40) != BUCKET
    assert network_bucket("203.0.114.9", NOON, KEY) != BUCKET
    assert "203" not in BUCKET


def test_a_replaced_key_still_knows_the_guests_of_before() -> None:
    old = GuestKeys("a" * 40)
    guest_id, cookie = old.mint()
    both = GuestKeys(f"{'b' * 40},{'a' * 40}")
    assert both.verify(cookie) == guest_id
    assert GuestKeys("b" * 40).verify(both.cookie_for(guest_id)) == guest_id
    assert GuestKeys("b" * 40).verify(cookie) is None


def test_without_a_key_guests_last_as_long_as_the_process() -> None:
    keys = GuestKeys("")
    assert keys.ephemeral
    guest_id, cookie = keys.mint()
    assert keys.verify(cookie) == guest_id
    assert GuestKeys("").verify(cookie) is None
