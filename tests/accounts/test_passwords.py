"""Passwords: rules, hashing, changing and replacing them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ahead.accounts.passwords import rules
from ahead.accounts.passwords.hashing import Passwords
from ahead.shared.clock import FixedClock

EMAIL = "jane.doe@acme.org"
PASSWORD = "geranium under the lamp"
NEW = "a lighthouse on wheels"


@pytest.mark.parametrize(
    "password",
    [
        "password", "Password1!", "P@ssw0rd2026", "12345678", "87654321", "qwertyuiop", "qwerty123", "abcd1234",
        "aaaaaaaa", "abcabcabc", "iloveyou2", "letmein123", "1qaz2wsx", "Summer2026!", "trustno1", "monkeydragon",
        "welcome home", "jane.doe1990", "janedoe2", "acme.org", "jane.doe@acme.org", "00000000000000", "football!!",
        "CodingAhead1",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert rules.objection(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "geranium-lamp", "correct horse battery staple", "kx82-Ahd!pq", "Gx4tholm", "a" * 5 + "bcqz" * 15,
        "пароль из слов", "  spaces count  ", "x" * 2 + "Kq7" * 20,
    ],
)  # fmt: skip
def test_what_takes_guessing_is_taken(password: str) -> None:
    assert rules.objection(password, EMAIL) == ""


def test_eight_to_sixty_four_and_more_characters_are_taken() -> None:
    assert rules.objection("Gx4thol", EMAIL)
    for length in (8, 64, 100, 128):
        assert rules.objection(("Gx4tholm-pelt/93 wq" * 10)[:length], EMAIL) == ""
    assert rules.objection(("Gx4tholm-pelt/93 wq" * 10)[:129], EMAIL)


async def test_hashes_are_argon2id_with_nineteen_mebibytes() -> None:
    passwords = Passwords(2)
    stored = await passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify(stored, PASSWORD)
    assert not await passwords.verify(stored, PASSWORD + "x")
    assert not await passwords.verify(None, PASSWORD)
    assert not await passwords.verify("not a hash", PASSWORD)
    passwords.close()


async def test_changing_it_ends_every_other_session_and_tells_the_owner(
    browser: Any, new_browser: Callable[[], Any], post_office: Any
) -> None:
    await browser.register(EMAIL)
    other = new_browser()
    await other.log_in(EMAIL)
    before = browser.session
    answer = await browser.post("/account/password", {"present": PASSWORD, "password": NEW})
    assert answer.status_code == 303
    assert browser.session != before
    assert await browser.is_logged_in()
    assert not await other.is_logged_in()
    assert (await new_browser().log_in(EMAIL, PASSWORD)).status_code == 401
    assert (await new_browser().log_in(EMAIL, NEW)).status_code == 303
    subjects = [mail["Subject"] for mail in await post_office.mails_to(EMAIL)]
    assert "Your password was changed" in subjects


async def test_changing_it_needs_the_present_one(browser: Any, new_browser: Callable[[], Any]) -> None:
    await browser.register(EMAIL)
    answer = await browser.post("/account/password", {"present": "wrong", "password": NEW})
    assert answer.status_code == 422
    assert "not your present password" in answer.text
    weak = await browser.post("/account/password", {"present": PASSWORD, "password": "password1"})
    assert weak.status_code == 422
    assert (await new_browser().log_in(EMAIL, PASSWORD)).status_code == 303


async def test_a_forgotten_one_is_replaced_by_a_link_that_works_once(
    browser: Any, new_browser: Callable[[], Any], post_office: Any
) -> None:
    await browser.register(EMAIL)
    key = (await browser.post("/account/keys", {"name": "nightly"})).text.split("ahk_")[1].split("<")[0]
    stranger = new_browser()
    await stranger.post("/account/forgot", {"email": EMAIL})
    token = (await post_office.link_to(EMAIL, "reset")).split("token=")[1]
    assert (await stranger.get("/account/reset", params={"token": token})).status_code == 200
    weak = await stranger.post("/account/reset", {"token": token, "password": "password1"})
    assert weak.status_code == 422
    done = await stranger.post("/account/reset", {"token": token, "password": NEW})
    assert (done.status_code, done.headers["location"]) == (303, "/account/login?done=password-set")
    assert not await browser.is_logged_in(), "every session ends"
    assert (
        await stranger.post("/account/reset", {"token": token, "password": "yet another one"})
    ).status_code == 410
    assert (await stranger.log_in(EMAIL, NEW)).status_code == 303
    exchanged = await stranger.client.post("/api/accounts/v1/api-key-tokens", json={"key": "ahk_" + key})
    assert exchanged.status_code == 401, "and every key"
    assert "(confirmed)" in (await stranger.get("/account")).text, "who reads the mailbox owns the address"


async def test_an_older_link_dies_with_the_newer_one_s_use(browser: Any, post_office: Any) -> None:
    await browser.register(EMAIL)
    await browser.post("/account/forgot", {"email": EMAIL})
    older = (await post_office.link_to(EMAIL, "reset")).split("token=")[1]
    await browser.post("/account/forgot", {"email": EMAIL})
    newer = (await post_office.link_to(EMAIL, "reset")).split("token=")[1]
    assert older != newer
    await browser.post("/account/reset", {"token": newer, "password": NEW})
    assert (await browser.post("/account/reset", {"token": older, "password": PASSWORD})).status_code == 410


async def test_a_reset_link_runs_out_after_an_hour(browser: Any, post_office: Any, clock: FixedClock) -> None:
    await browser.register(EMAIL)
    await browser.post("/account/forgot", {"email": EMAIL})
    path = await post_office.link_to(EMAIL, "reset")
    clock.advance(timedelta(minutes=61))
    assert (await browser.get(path)).status_code == 410


async def test_a_link_for_one_purpose_is_none_for_another(browser: Any, post_office: Any) -> None:
    await browser.register(EMAIL)
    token = (await post_office.link_to(EMAIL, "confirm")).split("token=")[1]
    assert (await browser.get("/account/reset", params={"token": token})).status_code == 410


async def test_nobody_is_mailed_who_has_no_account(browser: Any, post_office: Any) -> None:
    await browser.post("/account/forgot", {"email": "nobody@example.org"})
    assert await post_office.mails_to("nobody@example.org") == []


async def test_a_stranger_can_not_flood_a_mailbox(
    browser: Any, new_browser: Callable[[], Any], post_office: Any
) -> None:
    await browser.register(EMAIL)
    for _ in range(15):
        await new_browser().post("/account/forgot", {"email": EMAIL})
    assert len(await post_office.mails_to(EMAIL)) <= 10
