"""Guessing at one account is slowed down for all processes together, with Redis and without."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from accounts_beside import living

from ahead.accounts.app import create_app
from ahead.accounts.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.settings import load
from ahead.shared.testing.redis_server import RedisServer

EMAIL = "jane@example.org"
PASSWORD = "geranium under the lamp"


@pytest.fixture
async def processes(
    settings: Settings,
    clock: FixedClock,
    fresh_redis: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    new_browser: Callable[[], Any],
) -> AsyncGenerator[list[Any]]:
    """Two web processes of accounts over one database and one Redis; each as the browser of a guesser."""
    kind = type(new_browser())
    monkeypatch.setenv("AHEAD_REDIS_URL", fresh_redis.url)
    async with AsyncExitStack() as stack:
        browsers = []
        for number in (1, 2):
            app = create_app(load(Settings), clock=clock)
            await stack.enter_async_context(living(app))
            browser = kind(app, f"10.9.{number}.1")
            stack.push_async_callback(browser.client.aclose)
            browsers.append(browser)
        yield browsers


async def guess(browsers: list[Any], times: int, email: str = EMAIL) -> list[int]:
    """Wrong passwords, by turns at each process."""
    return [
        (await browsers[number % len(browsers)].log_in(email, f"wrong guess number {number}")).status_code
        for number in range(times)
    ]


@pytest.mark.parametrize("known", [True, False])
async def test_ten_guesses_are_ten_whichever_process_takes_them(processes: list[Any], known: bool) -> None:
    if known:
        await processes[0].register(EMAIL)
        await processes[0].post("/account/logout")
    answers = await guess(processes, 14)
    assert answers[-4:] == [429] * 4
    # Registering has tried the address once.
    assert answers.count(401) == (9 if known else 10)
    assert await guess(processes, 1, "other@example.org") == [401]


async def test_mails_to_one_address_are_counted_together(processes: list[Any]) -> None:
    answers = [
        (await processes[number % 2].post("/account/forgot", {"email": EMAIL})).status_code
        for number in range(8)
    ]
    assert answers == [200] * 5 + [429] * 3


async def test_without_redis_each_process_counts_for_itself_and_people_still_log_in(
    processes: list[Any], fresh_redis: RedisServer
) -> None:
    await processes[0].register(EMAIL)
    await processes[0].post("/account/logout")
    fresh_redis.kill()
    assert (await processes[0].log_in(EMAIL)).status_code == 303
    answers = await guess(processes[1:], 14)
    assert answers == [401] * 10 + [429] * 4


async def test_nothing_that_tells_who_it_is_lies_in_redis(
    processes: list[Any], fresh_redis: RedisServer
) -> None:
    await guess(processes, 2)
    import redis

    with redis.Redis.from_url(fresh_redis.url) as client:
        keys = [key.decode() for key in client.keys("*")]
        assert keys
        assert all(client.pttl(key) > 0 for key in keys), "each is forgotten by itself"
    assert not any("jane" in key or "example" in key for key in keys)
