"""API keys."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlmodel import select

from ahead.accounts.models import ApiKey
from ahead.accounts.parts import Parts
from ahead.shared.clock import FixedClock

EMAIL = "jane@example.org"


async def new_key(browser: Any, name: str = "nightly") -> str:
    answer = await browser.post("/account/keys", {"name": name})
    assert answer.status_code in (200, 201), answer.text
    return "ahk_" + answer.text.split('id="new-key">ahk_')[1].split("<")[0]


async def exchange(browser: Any, key: str) -> Any:
    return await browser.client.post("/api/accounts/v1/api-key-tokens", json={"key": key})


async def test_a_key_is_shown_once_and_stored_as_a_hash(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    key = await new_key(browser)
    assert len(key) > 40
    assert key not in (await browser.get("/account")).text
    async with parts.database.read() as session:
        row = (await session.execute(select(ApiKey))).scalars().one()
    assert key not in str(row.model_dump())
    assert key.startswith(row.hint)


async def test_a_key_opens_the_account_for_programs(browser: Any, new_browser: Callable[[], Any]) -> None:
    await browser.register(EMAIL)
    key = await new_key(browser)
    answer = await exchange(new_browser(), key)
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expires_at"}
    # The middleware exchanges it by itself.
    program = new_browser()
    kept = await program.client.get(
        "/account/export", headers={"authorization": f"Bearer {key}", "accept": "application/json"}
    )
    assert kept.status_code == 401, "pages of the account need a session, a key doesn't manage the account"


async def test_a_revoked_key_opens_nothing(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    key = await new_key(browser)
    async with parts.database.read() as session:
        key_id = await session.scalar(select(ApiKey.id))
    await browser.post(f"/account/keys/{key_id}/revoke")
    assert (await exchange(browser, key)).status_code == 401


async def test_nobody_revokes_the_keys_of_others(
    browser: Any, new_browser: Callable[[], Any], parts: Parts
) -> None:
    await browser.register(EMAIL)
    key = await new_key(browser)
    async with parts.database.read() as session:
        key_id = await session.scalar(select(ApiKey.id))
    stranger = new_browser()
    await stranger.register("mallory@example.org")
    assert (await stranger.post(f"/account/keys/{key_id}/revoke")).status_code == 404
    assert (await exchange(browser, key)).status_code == 200


async def test_ten_keys_are_enough(browser: Any) -> None:
    await browser.register(EMAIL)
    for number in range(10):
        await new_key(browser, f"key {number}")
    assert (await browser.post("/account/keys", {"name": "one more"})).status_code == 409


async def test_a_key_needs_a_name(browser: Any) -> None:
    await browser.register(EMAIL)
    assert (await browser.post("/account/keys", {"name": "  "})).status_code == 422


async def test_a_made_up_key_is_answered_401(browser: Any) -> None:
    assert (await exchange(browser, "ahk_" + "A" * 43)).status_code == 401
    made_up = {"authorization": "Bearer ahk_" + "A" * 43}
    assert (await browser.client.get("/api/accounts/v1/session", headers=made_up)).status_code == 401


async def test_its_last_use_is_kept(browser: Any, parts: Parts, clock: FixedClock) -> None:
    await browser.register(EMAIL)
    key = await new_key(browser)
    clock.advance(timedelta(hours=3))
    await exchange(browser, key)
    async with parts.database.read() as session:
        assert await session.scalar(select(ApiKey.last_used_at)) == clock.now()
