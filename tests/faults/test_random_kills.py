"""Whatever is killed, every view is granted once, sent once and counted once, and nobody has to help."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
import totals
from ledger import Books, read
from load import Visitors
from platform_process import PlatformProcess, ahead

from ahead.shared.testing.waiting import NotInTime, eventually, wait_until

TARGETS = ("lookup-web", "lookup-background", "nats", "metering-background")
KILLS, KILLS_LONG = 20, 200
ACCOUNTS = 4
DRAINED_WITHIN_S = 60.0
TOTAL = "random kills"
GUEST_LIMIT, FREE_LIMIT = 1, 5
UNLIMITED = {
    "AHEAD_GUESTS_PER_NETWORK_PER_DAY": "1000000",
    "AHEAD_ACCOUNTS_NEW_PER_NETWORK_PER_DAY": "1000000",
    "AHEAD_RATE_LIMIT_ADDRESS_PER_MINUTE": "0",
    "AHEAD_RATE_LIMIT_PRINCIPAL_PER_MINUTE": "0",
}

pytestmark = [pytest.mark.fault, pytest.mark.e2e]


def register(platform: PlatformProcess, number: int) -> dict[str, str]:
    """A fresh account's cookies, and below "subject" who it is in grants and events."""
    with platform.client() as client:
        form = client.get("/account/register").text
        token = form.partition('name="_csrf_token" value="')[2].partition('"')[0]
        fields = {
            "_csrf_token": token,
            "next": "",
            "email": f"coder{number}@example.org",
            "password": "seven green lanterns at dusk",
        }
        assert client.post("/account/register", data=fields).status_code == 303
        session = client.get("/api/accounts/v1/session").json()
        return {**dict(client.cookies.items()), "subject": f"a:{session['account'].removeprefix('a:')}"}


async def kill_at_random(
    platform: PlatformProcess, visitors: Visitors, chance: random.Random, kills: int
) -> Counter[str]:
    """SIGKILL one process after the other, each after new questions came; one that is down is waited for."""
    killed: Counter[str] = Counter()
    last: dict[str, int] = {}
    for _ in range(kills):
        name = chance.choice(TARGETS)
        asked = len(visitors.told.asked) + chance.randint(3, 30)
        await eventually(lambda asked=asked: len(visitors.told.asked) >= asked, within_s=90, what="questions")

        def fresh_pid(name: str = name) -> int:
            pid = platform.pid_of(name)
            os.kill(pid, 0)
            return pid if pid != last.get(name) else 0

        pid = await eventually(fresh_pid, within_s=60, what=f"{name} to be started again")
        os.kill(pid, signal.SIGKILL)
        last[name] = pid
        killed[name] += 1
    return killed


async def chaos(
    platform: PlatformProcess, visitors: Visitors, accounts: dict[str, dict[str, str]], kills: int, seed: int
):
    stop = asyncio.Event()
    load = asyncio.create_task(visitors.run(stop, accounts=accounts))
    try:
        return await kill_at_random(platform, visitors, random.Random(seed), kills)
    finally:
        stop.set()
        await load


def drained(platform: PlatformProcess) -> Books | None:
    books = read(platform.data)
    return books if books.unsent == 0 and books.received.total() == books.recorded.total() else None


def test_random_kills_lose_nothing_double_nothing_and_overgrant_nobody(tmp_path: Path, long_run: bool):
    """Rounds of twenty kills, each on a fresh platform with a seed of its own; a long run is ten of them."""
    seed = int(os.environ.get("AHEAD_FAULT_SEED", "20261123"))
    done = totals.kept(TOTAL) % KILLS_LONG if long_run else 0
    while done < (KILLS_LONG if long_run else KILLS):
        one_round(tmp_path / f"round-{done}", seed + done // KILLS)
        done += KILLS
        if long_run:
            totals.keep(TOTAL, done)


def one_round(folder: Path, seed: int) -> None:
    folder.mkdir()
    platform = PlatformProcess(folder / "data", UNLIMITED)
    platform.start()
    try:
        accounts: dict[str, dict[str, str]] = {}
        for number in range(ACCOUNTS):
            cookies = register(platform, number)
            accounts[cookies.pop("subject")] = cookies
        visitors = Visitors(platform.url, platform.secret("AHEAD_GUEST_KEY"), seed)
        killed = asyncio.run(chaos(platform, visitors, accounts, KILLS, seed))
        healed_at = time.monotonic()
        try:
            books = wait_until(lambda: drained(platform), within_s=DRAINED_WITHIN_S, what="all views counted")
        except NotInTime:
            books = read(platform.data)
        drained_s = time.monotonic() - healed_at
        told = visitors.told
        print(
            f"seed {seed}: {killed.total()} kills {dict(killed)}, {len(told.asked)} questions, "
            f"{books.granted.total()} grants, failures on the way {dict(told.failures)}, "
            f"drained {drained_s:.1f} s after the last answer"
        )
        assert killed.total() == KILLS
        check(books, visitors, set(accounts))
        rebuilt = ahead("metering", "rebuild", "--data", str(platform.data))
        assert rebuilt.returncode == 0, rebuilt.stderr
        again = read(platform.data)
        assert (again.hourly, again.daily) == (books.hourly, books.daily), "a replay gives equal totals"
        assert platform.usage("code.viewed") == books.granted.total()
        with httpx.Client(base_url=platform.url, trust_env=False) as client:
            assert client.get("/").status_code == 200
    finally:
        platform.interrupt()


def check(books: Books, visitors: Visitors, accounts: set[str]) -> None:
    told = visitors.told
    granted = set(books.granted)
    assert told.granted <= granted, "nothing lost: what was answered 200 is in the ledger"
    assert granted <= told.asked, "nothing unexpected"
    assert set(books.granted.values()) == {1}
    assert books.recorded == books.granted, "one event for each grant"
    assert books.received == books.granted, "every event received once"
    assert books.hourly == books.granted, "every event counted once, by the hour"
    assert books.daily == books.granted, "every event counted once, by the day"
    assert books.dead_letters == 0
    each = Counter(principal for principal, _ in granted)
    for principal, asked in Counter(principal for principal, _ in told.asked).items():
        limit = FREE_LIMIT if principal in accounts else GUEST_LIMIT
        assert each[principal] == min(limit, asked), (
            f"{principal}: nobody over-granted, nobody unjustly blocked"
        )
    assert len(each) > len(accounts), "guests came"
