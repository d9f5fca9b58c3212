"""Logging in and out, and the sessions behind it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update
from sqlmodel import col, select

from ahead.accounts.models import Account, Session
from ahead.accounts.parts import Parts
from ahead.accounts.sessions.service import hash_secret
from ahead.shared.clock import FixedClock

EMAIL = "jane@example.org"
PASSWORD = "geranium under the lamp"


async def test_who_logs_in_returns_to_the_page_they_wanted(
    browser: Any, new_browser: Callable[[], Any]
) -> None:
    await browser.register(EMAIL)
    other = new_browser()
    asked = await other.get("/account?x=1")
    assert asked.headers["location"] == "/account/login?next=%2Faccount%3Fx%3D1"
    answer = await other.log_in("  Jane@Example.ORG ", next="/account?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?x=1")
    assert await other.is_logged_in()


async def test_logging_in_gives_a_new_session_and_ends_the_one_the_browser_came_with(
    browser: Any, new_browser: Callable[[], Any], parts: Parts
) -> None:
    """A planted session cookie is worth nothing to who planted it."""
    attacker = new_browser()
    await attacker.register("mallory@example.org")
    planted = attacker.session
    await browser.register(EMAIL)
    await browser.post("/account/logout")
    browser.plant("ahead_session", planted)
    await browser.log_in(EMAIL)
    assert browser.client.cookies.get("ahead_session") != planted
    async with parts.database.read() as session:
        row = (
            await session.execute(select(Session).where(Session.secret_hash == hash_secret(planted)))
        ).scalar_one()
    assert row.revoked_at is not None


async def test_a_session_cookie_that_nobody_issued_is_never_taken_over(browser: Any, parts: Parts) -> None:
    made_up = "A" * 43
    browser.plant("ahead_session", made_up)
    await browser.register(EMAIL)
    async with parts.database.read() as session:
        hashes = (await session.execute(select(Session.secret_hash))).scalars().all()
    assert hash_secret(made_up) not in hashes


async def test_only_a_hash_of_the_session_is_stored(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    async with parts.database.read() as session:
        stored = (await session.execute(select(Session))).scalars().one()
    assert browser.session not in str(stored.model_dump())


async def test_logging_out_ends_the_session_for_good(browser: Any) -> None:
    await browser.register(EMAIL)
    kept = browser.session
    answer = await browser.post("/account/logout")
    assert answer.status_code == 303
    assert "ahead_session" not in browser.client.cookies
    browser.plant("ahead_session", kept)
    assert not await browser.is_logged_in()


async def test_logging_out_needs_a_form(browser: Any) -> None:
    await browser.register(EMAIL)
    assert (await browser.get("/account/logout")).status_code == 405
    await browser.client.post("/account/logout", headers={"origin": "https://evil.example"})
    assert await browser.is_logged_in()


async def test_other_browsers_are_listed_and_can_be_logged_out(
    browser: Any, new_browser: Callable[[], Any], parts: Parts
) -> None:
    await browser.register(EMAIL)
    other = new_browser()
    await other.log_in(EMAIL)
    async with parts.database.read() as session:
        rows = (await session.execute(select(Session).order_by(col(Session.created_at)))).scalars().all()
    theirs = next(row for row in rows if row.secret_hash == hash_secret(other.session))
    assert (await browser.get("/account")).text.count("Firefox on Linux") >= 2
    assert (await browser.post(f"/account/sessions/{theirs.id}/revoke")).status_code == 303
    assert not await other.is_logged_in(), "although its token would be good for some minutes yet"
    assert await browser.is_logged_in()


async def test_nobody_ends_the_sessions_of_others(
    browser: Any, new_browser: Callable[[], Any], parts: Parts
) -> None:
    await browser.register(EMAIL)
    stranger = new_browser()
    await stranger.register("mallory@example.org")
    async with parts.database.read() as session:
        statement = select(Session.id).where(Session.secret_hash == hash_secret(browser.session))
        mine = (await session.execute(statement)).scalar_one()
    await stranger.post(f"/account/sessions/{mine}/revoke")
    bearer = {"authorization": f"Bearer {stranger.token}"}
    answer = await stranger.client.delete(f"/api/accounts/v1/sessions/{mine}", headers=bearer)
    assert answer.status_code == 404
    assert await browser.is_logged_in()


async def test_a_session_ends_when_it_isn_t_used_for_fourteen_days(browser: Any, clock: FixedClock) -> None:
    await browser.register(EMAIL)
    for _ in range(3):
        clock.advance(timedelta(days=13))
        assert await browser.is_logged_in()
    clock.advance(timedelta(days=14, minutes=1))
    assert not await browser.is_logged_in()


async def test_a_session_ends_after_ninety_days_however_it_is_used(browser: Any, clock: FixedClock) -> None:
    await browser.register(EMAIL)
    for _ in range(7):
        clock.advance(timedelta(days=12))
        assert await browser.is_logged_in()
    clock.advance(timedelta(days=7))
    assert not await browser.is_logged_in()


async def test_a_weak_hash_is_made_anew_at_the_next_log_in(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    async with parts.database.write() as session:
        await session.execute(update(Account).values(password_hash=weak))
    await browser.post("/account/logout")
    await browser.log_in(EMAIL)
    async with parts.database.read() as session:
        stored = await session.scalar(select(Account.password_hash))
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored != weak


async def test_guessing_is_slowed_down_for_one_account_from_wherever_it_comes(
    browser: Any, new_browser: Callable[[], Any]
) -> None:
    await browser.register(EMAIL)
    statuses = [(await new_browser().log_in(EMAIL, "wrong password here")).status_code for _ in range(11)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


@pytest.mark.parametrize("password", ["", "x" * 5000, "\x00\x01", "ünïcödé 🔑 password"])
async def test_odd_passwords_are_simply_wrong(browser: Any, password: str) -> None:
    await browser.register(EMAIL)
    await browser.post("/account/logout")
    assert (await browser.log_in(EMAIL, password)).status_code in (400, 401)


async def test_the_same_letters_typed_in_another_way_are_the_same_password(
    browser: Any, new_browser: Callable[[], Any]
) -> None:
    await browser.register(EMAIL, "café au lait bitte")
    assert (await new_browser().log_in(EMAIL, "cafe\u0301 au lait bitte")).status_code == 303


async def test_many_log_ins_at_once_all_work(browser: Any, new_browser: Callable[[], Any]) -> None:
    await browser.register(EMAIL)
    others = [new_browser() for _ in range(8)]
    answers = await asyncio.gather(*(other.log_in(EMAIL) for other in others))
    assert {answer.status_code for answer in answers} == {303}
    assert len({other.session for other in others}) == 8


async def test_a_dead_session_cookie_leads_to_the_log_in_page_and_not_round_in_circles(
    browser: Any, parts: Parts
) -> None:
    await browser.register(EMAIL)
    async with parts.database.write() as session:
        await session.execute(update(Session).values(revoked_at=parts.clock.now()))
    answer = await browser.get("/account")
    assert answer.headers["location"].startswith("/account/login")
    page = await browser.get(answer.headers["location"])
    assert page.status_code == 200
    assert "ahead_session" not in browser.client.cookies
