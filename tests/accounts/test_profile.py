"""The account page: export, deletion, and operators' view."""

from collections.abc import Callable
from typing import Any

from pyotp.totp import TOTP
from sqlalchemy import func, select

from ahead.accounts.models import Account, ApiKey, MailLink, Session, SigningKey
from ahead.accounts.models import Mail as MailRow
from ahead.accounts.parts import Parts
from ahead.accounts.plans import service as plans
from ahead.shared.clock import FixedClock

EMAIL = "jane@example.org"
PASSWORD = "geranium under the lamp"


async def test_the_export_holds_what_is_kept_and_nothing_that_opens_the_account(
    browser: Any, post_office: Any, parts: Parts
) -> None:
    await browser.register(EMAIL)
    await browser.post("/account/keys", {"name": "nightly"})
    await post_office.deliver()
    answer = await browser.get("/account/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="coding-ahead-account.json"'
    body = answer.json()
    assert body["email"] == EMAIL
    assert [key["name"] for key in body["api_keys"]] == ["nightly"]
    assert [session["device"] for session in body["sessions"]] == ["Firefox on Linux"]
    assert [mail["kind"] for mail in body["mails"]] == ["confirm"]
    async with parts.database.read() as session:
        columns = (Account.password_hash, Session.secret_hash, ApiKey.key_hash)
        secrets = [str(await session.scalar(select(column))) for column in columns]
    assert not any(secret in answer.text for secret in secrets)


async def test_deleting_needs_the_password_and_leaves_nothing(
    browser: Any, post_office: Any, parts: Parts, recorded: Any
) -> None:
    await browser.register(EMAIL)
    await browser.post("/account/keys", {"name": "nightly"})
    await post_office.deliver()
    assert (await browser.post("/account/delete", {"password": "wrong"})).status_code == 422
    assert (await browser.post("/account/delete", {"password": PASSWORD})).status_code == 303
    assert not await browser.is_logged_in()
    async with parts.database.read() as session:
        for table in (Account, Session, ApiKey, MailLink, MailRow):
            assert await session.scalar(select(func.count()).select_from(table)) == 0, table
    erased = (await recorded())[-1]
    assert erased["type"] == "ahead.events.accounts.account.erased.v1"
    assert erased["data"]["reason"] == "owner"
    assert EMAIL not in str(erased)
    assert [mail["Subject"] for mail in await post_office.mails_to(EMAIL)][-1] == "Your account was deleted"
    async with parts.database.read() as session:
        rows = (await session.execute(select(MailRow))).scalars().all()
    assert EMAIL not in str([row.model_dump() for row in rows])
    assert (await browser.register(EMAIL)).status_code == 303, "the address is free again"


async def test_every_page_and_call_of_the_account_needs_one(browser: Any) -> None:
    for path in (
        "/account",
        "/account/export",
        "/account/delete",
        "/account/password",
        "/account/second-factor",
    ):
        answer = await browser.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/account/login")
    for path in ("session", "sessions", "ops/health", "ops/dead-letters", "ops/plans?email=a@b.org"):
        assert (await browser.get(f"/api/accounts/v1/{path}")).status_code == 401, path
    for path in (
        "keys",
        "delete",
        "password",
        "sessions/revoke-others",
        "sessions/x/revoke",
        "keys/x/revoke",
    ):
        assert (await browser.post(f"/account/{path}", {})).status_code == 303, path


async def test_pages_of_the_account_are_never_cached(browser: Any) -> None:
    await browser.register(EMAIL)
    assert (await browser.get("/account")).headers["cache-control"] == "private, no-store"


async def operator(browser: Any, parts: Parts, clock: FixedClock) -> Any:
    created = await plans.create_user(parts, "ops@example.org", "ops", PASSWORD)
    await browser.log_in("ops@example.org")
    await browser.post("/account/second-factor", {"code": TOTP(created.totp_secret).at(clock.now())})
    return browser


async def test_an_operator_sees_the_pipeline_and_changes_plans(
    browser: Any, new_browser: Callable[[], Any], parts: Parts, clock: FixedClock, recorded: Any
) -> None:
    customer = new_browser()
    await customer.register(EMAIL)
    await operator(browser, parts, clock)
    bearer = {"authorization": f"Bearer {browser.token}"}
    health = (await browser.client.get("/api/accounts/v1/ops/health", headers=bearer)).json()
    assert {"outbox_age_s", "stream_lag", "dead_letters", "queues"} <= set(health)
    assert health["queues"] == {"accounts.mail_registered": 1}
    changed = await browser.client.post(
        "/api/accounts/v1/ops/plans", json={"email": EMAIL, "plan": "pro"}, headers=bearer
    )
    assert (changed.status_code, changed.json()["plan"]) == (200, "pro")
    event = (await recorded())[-1]
    assert event["type"] == "ahead.events.accounts.plan.changed.v1"
    assert (event["data"]["plan"], event["data"]["former"]) == ("pro", "free")
    assert ">Pro</span>" in (await customer.get("/account")).text
    wrong = await browser.client.post(
        "/api/accounts/v1/ops/plans", json={"email": EMAIL, "plan": "gold"}, headers=bearer
    )
    assert wrong.status_code == 400
    more = await browser.client.post(
        "/api/accounts/v1/ops/plans", json={"email": EMAIL, "plan": "pro", "role": "ops"}, headers=bearer
    )
    assert more.status_code == 400, "fields that aren't listed are refused"


async def test_a_customer_is_no_operator(browser: Any) -> None:
    await browser.register(EMAIL)
    bearer = {"authorization": f"Bearer {browser.token}"}
    for path in ("health", "dead-letters", f"plans?email={EMAIL}"):
        answer = await browser.client.get(f"/api/accounts/v1/ops/{path}", headers=bearer)
        assert answer.status_code == 403
    own = await browser.client.post(
        "/api/accounts/v1/ops/plans", json={"email": EMAIL, "plan": "pro"}, headers=bearer
    )
    assert own.status_code == 403


async def test_the_first_signing_key_is_made_once(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    async with parts.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(SigningKey)) == 1
