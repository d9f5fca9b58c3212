"""A stranger can't find out who has an account: not by text, status or headers, and not by time."""

import re
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

KNOWN = "known@example.org"
PASSWORD = "geranium under the lamp"

# What differs between any two answers, whoever asks.
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|nonce=\"[^\"]+\"|value=\"[\w.-]{60,}\"|\w+@example\.org")
_VARYING_HEADERS = {"x-request-id", "date", "content-security-policy", "set-cookie"}


def seen(answer: httpx.Response) -> tuple[object, ...]:
    """All that a stranger sees, but for what is random in every answer."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in _VARYING_HEADERS)
    cookies = sorted(
        re.sub(r"=[^;]*;", "=;", cookie, count=1) for cookie in answer.headers.get_list("set-cookie")
    )
    return answer.status_code, _VARYING.sub("*", answer.text), headers, cookies


@pytest.fixture
async def known(browser: Any, post_office: Any) -> str:
    """An address with a confirmed owner."""
    await browser.register(KNOWN)
    token = (await post_office.link_to(KNOWN, "confirm")).split("token=")[1]
    assert (await browser.post("/account/confirm", {"token": token})).status_code == 200
    return KNOWN


Act = Callable[[Any, str], Awaitable[httpx.Response]]


async def register(browser: Any, email: str) -> httpx.Response:
    return await browser.register(email, "something else entirely")


async def log_in(browser: Any, email: str) -> httpx.Response:
    return await browser.log_in(email, "something else entirely")


async def forget(browser: Any, email: str) -> httpx.Response:
    return await browser.post("/account/forgot", {"email": email})


@pytest.mark.parametrize("act", [register, log_in, forget])
async def test_a_known_and_an_unknown_address_are_answered_alike(
    known: str, new_browser: Callable[[], Any], act: Act
) -> None:
    first = seen(await act(new_browser(), known))
    second = seen(await act(new_browser(), "other@example.org"))
    assert first == second


async def test_what_follows_a_registration_is_alike_too(known: str, new_browser: Callable[[], Any]) -> None:
    """The account page, logging out and in again with the new password: a taken address shows nowhere."""
    answers = []
    for email in (known, "fresh@example.org"):
        browser = new_browser()
        await browser.register(email, "something else entirely")
        page = await browser.get("/account")
        again = await browser.post("/account/confirm/again")
        out = await browser.post("/account/logout")
        back = await browser.log_in(email, "something else entirely")
        answers.append([seen(answer) for answer in (page, again, out, back)])
    assert answers[0] == answers[1]


@pytest.mark.parametrize("act", [register, log_in, forget])
async def test_they_take_the_same_time(known: str, new_browser: Callable[[], Any], act: Act) -> None:
    """Medians of requests taken in turns, as a ratio: the machine's own load hits both."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for round_ in range(9):
        for is_known in (True, False):
            browser = new_browser()
            await browser.form_token()
            email = known if is_known else f"nobody{round_}@example.org"
            started = time.perf_counter()
            answer = await act(browser, email)
            times[is_known].append(time.perf_counter() - started)
            if answer.status_code == 429:
                times[is_known].pop()
    ratio = statistics.median(times[True]) / statistics.median(times[False])
    # Without the dummy hashes a known address takes more than 3 times as long.
    assert 0.6 < ratio < 1.65, times
