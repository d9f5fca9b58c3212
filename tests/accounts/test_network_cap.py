"""New accounts are capped per network and day: views can't be farmed, an office is not locked out."""

import asyncio
import re
import statistics
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from ahead.accounts import repository
from ahead.accounts.models import Account, RegistrationNetwork
from ahead.accounts.parts import Parts
from ahead.accounts.registration import service
from ahead.shared.clock import FixedClock

PASSWORD = "geranium under the lamp"
CAP = 3


@pytest.fixture(autouse=True)
def small_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AHEAD_ACCOUNTS_NEW_PER_NETWORK_PER_DAY", str(CAP))


@pytest.fixture
async def at(app: Any, new_browser: Callable[[], Any]) -> AsyncGenerator[Callable[[str], Any]]:
    """A browser at this address."""
    kind = type(new_browser())
    made: list[Any] = []

    def make(address: str) -> Any:
        made.append(kind(app, address))
        return made[-1]

    yield make
    for one in made:
        await one.client.aclose()


async def accounts(parts: Parts) -> int:
    async with parts.database.read() as session:
        return await session.scalar(select(func.count()).select_from(Account)) or 0


async def fill(at: Callable[[str], Any], addresses: Iterable[str], name: str = "p") -> None:
    for number, address in enumerate(addresses):
        answer = await at(address).register(f"{name}{number}@example.org")
        assert answer.status_code == 303, answer.text


async def test_the_next_one_of_a_network_is_told_what_to_do_and_nothing_is_made(
    at: Callable[[str], Any], parts: Parts, recorded: Any
) -> None:
    await fill(at, ["192.0.2.1", "192.0.2.77", "192.0.2.254"])
    events = len(await recorded())
    late = at("192.0.2.3")
    answer = await late.register("late@example.org", next="/codes/icd10cm/E11.9")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == str(12 * 3600 + 1), "it is noon"
    assert f"At most {CAP} new accounts a day" in answer.text
    assert "Yours was not created" in answer.text
    assert "/account/login?next=/codes/icd10cm/E11.9" in answer.text
    assert 'value="late@example.org"' in answer.text, "nothing has to be typed twice"
    assert not await late.is_logged_in()
    assert await accounts(parts) == CAP
    assert len(await recorded()) == events
    await fill(at, ["192.0.3.1"], "neighbour")


async def test_tomorrow_the_network_registers_again_and_yesterday_is_forgotten(
    at: Callable[[str], Any], parts: Parts, clock: FixedClock
) -> None:
    await fill(at, ["192.0.2.1"] * CAP)
    clock.advance(timedelta(hours=12))
    await fill(at, ["192.0.2.1"], "tomorrow")
    async with parts.database.write() as session:
        await repository.forget_networks(session, clock.now().date())
    async with parts.database.read() as session:
        rows = (await session.execute(select(RegistrationNetwork))).scalars().all()
    assert [row.accounts for row in rows] == [1]
    assert not re.search(r"192|\d+\.\d+\.\d+", str([row.bucket for row in rows]))


async def test_ipv6_counts_by_its_48_bits(at: Callable[[str], Any]) -> None:
    await fill(at, ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1"])
    assert (await at("2001:db8:1:4::1").register("late@example.org")).status_code == 429
    await fill(at, ["2001:db8:2::1"], "other")


async def test_deleting_an_account_gives_no_place_back(at: Callable[[str], Any], parts: Parts) -> None:
    for number in range(CAP):
        browser = at("192.0.2.1")
        await browser.register(f"p{number}@example.org")
        assert (await browser.post("/account/delete", {"password": PASSWORD})).status_code == 303
        assert not {"ahead_session", "ahead_token"} & set(browser.client.cookies)
    assert await accounts(parts) == 0
    assert (await at("192.0.2.1").register("again@example.org")).status_code == 429


async def test_who_has_an_account_logs_in_from_a_full_network_by_either_form(
    at: Callable[[str], Any],
) -> None:
    await fill(at, ["192.0.2.1"] * CAP)
    for act in ("log_in", "register"):
        browser = at("192.0.2.9")
        assert (await getattr(browser, act)("p0@example.org")).status_code == 303
        assert await browser.is_logged_in()


async def test_fifty_at_once_make_exactly_what_the_network_may(parts: Parts) -> None:
    async def register(number: int) -> str:
        try:
            await service.register(
                parts,
                service.Registration(
                    email=f"p{number}@example.org",
                    password=PASSWORD,
                    guest_id=None,
                    device="",
                    former_secret=None,
                    network="n" * 32,
                ),
            )
        except service.NetworkFull:
            return "full"
        return "made"

    answers = await asyncio.gather(*(register(number) for number in range(50)))
    assert answers.count("made") == CAP
    assert await accounts(parts) == CAP


_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|nonce=\"[^\"]+\"|value=\"[\w.-]{60,}\"|\w+@example\.org")


def seen(answer: httpx.Response) -> tuple[object, ...]:
    """All that a stranger sees, but for what is random in every answer."""
    varying = {"x-request-id", "date", "content-security-policy", "set-cookie"}
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in varying)
    names = sorted(cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie"))
    return answer.status_code, _VARYING.sub("*", answer.text), headers, names


async def test_a_full_network_does_not_tell_which_addresses_are_known(
    at: Callable[[str], Any], post_office: Any
) -> None:
    owner = at("198.51.100.1")
    await owner.register("known@example.org")
    token = (await post_office.link_to("known@example.org", "confirm")).split("token=")[1]
    await owner.post("/account/confirm", {"token": token})
    await fill(at, ["192.0.2.1"] * CAP)
    times: dict[str, list[float]] = {"known": [], "nobody": []}
    answers: list[tuple[object, ...]] = []
    for round_ in range(7):
        for who in ("known", "nobody"):
            browser = at("192.0.2.1")
            await browser.form_token()
            email = "known@example.org" if who == "known" else f"nob{round_:02}@example.org"
            started = time.perf_counter()
            answer = await browser.register(email, "something else entirely")
            times[who].append(time.perf_counter() - started)
            assert answer.status_code == 429
            answers.append(seen(answer))
    assert len(set(map(repr, answers))) == 1, answers[:3]
    ratio = statistics.median(times["known"]) / statistics.median(times["nobody"])
    assert 0.6 < ratio < 1.65, times


async def test_a_guest_is_erased_with_its_last_account(
    at: Callable[[str], Any], parts: Parts, recorded: Any
) -> None:
    """Two people at one browser: what one of them deletes is not the other's guest."""
    browser = at("192.0.2.1")
    await browser.get("/account/register")
    guest = browser.client.cookies["ahead_guest"].split(".")[0]
    first, second = "first@example.org", "second@example.org"
    for email in (first, second):
        await browser.register(email)
        await browser.post("/account/logout")
    await browser.log_in(first)
    await browser.post("/account/delete", {"password": PASSWORD})
    assert (await recorded())[-1]["data"]["guest"] is None
    assert "ahead_guest" not in browser.client.cookies, "who deletes an account leaves no guest behind"
    await browser.log_in(second)
    await browser.post("/account/delete", {"password": PASSWORD})
    assert (await recorded())[-1]["data"]["guest"] == f"g:{guest}"
