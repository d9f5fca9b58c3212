"""Registering an account and confirming its address."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ahead.accounts.models import Account
from ahead.accounts.parts import Parts
from ahead.accounts.registration import service
from ahead.shared.clock import FixedClock

EMAIL = "jane@example.org"
PASSWORD = "geranium under the lamp"


async def test_a_registered_guest_is_logged_in_and_returns_to_the_page_it_came_from(browser: Any) -> None:
    await browser.get("/account/register")
    answer = await browser.register(EMAIL, next="/codes/icd10cm/E11.9?as_of=2026-01-01")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/codes/icd10cm/E11.9?as_of=2026-01-01"
    page = await browser.get("/account")
    assert EMAIL in page.text
    assert "Please confirm your e-mail address" in page.text
    assert "open the link in our mail" in (await browser.get("/account/forgot")).text, "every page reminds"


async def test_the_event_carries_the_guest_it_registered_from(browser: Any, recorded: Any) -> None:
    await browser.get("/account/register")
    guest = browser.client.cookies["ahead_guest"].split(".")[0]
    await browser.register(EMAIL)
    registered, started = await recorded()
    assert registered["type"] == "ahead.events.accounts.account.registered.v1"
    assert registered["data"]["guest"] == f"g:{guest}"
    assert registered["subject"].startswith("a:")
    assert registered["data"] | {"guest": ""} == {
        "plan": "free",
        "period": "2026-11",
        "thing": "account",
        "quantity": 1,
        "guest": "",
    }
    assert started["type"] == "ahead.events.accounts.session.started.v1"
    assert EMAIL not in str((registered, started))


async def test_the_link_in_the_mail_confirms_by_a_form_and_once(
    browser: Any, post_office: Any, parts: Parts
) -> None:
    await browser.register(EMAIL)
    path = await post_office.link_to(EMAIL, "confirm")
    assert "Yes, confirm" in (await browser.get(path)).text
    async with parts.database.read() as session:
        assert await session.scalar(select(Account.confirmed_at)) is None, "opening the link changes nothing"
    token = path.split("token=")[1]
    answer = await browser.post("/account/confirm", {"token": token})
    assert answer.status_code == 200
    assert "Your address is confirmed" in answer.text
    assert (await browser.post("/account/confirm", {"token": token})).status_code == 410
    assert "Please confirm" not in (await browser.get("/account")).text


async def test_elsewhere_the_link_also_needs_the_password(
    browser: Any, new_browser: Callable[[], Any], post_office: Any
) -> None:
    """Somebody may have registered with the address of another, who then opens the link."""
    await browser.register(EMAIL)
    token = (await post_office.link_to(EMAIL, "confirm")).split("token=")[1]
    phone = new_browser()
    assert (await phone.post("/account/confirm", {"token": token})).status_code == 422
    wrong = await phone.post("/account/confirm", {"token": token, "password": "not this one"})
    assert wrong.status_code == 422
    right = await phone.post("/account/confirm", {"token": token, "password": PASSWORD})
    assert right.status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b", "é" * 30, "0" * 5000])
async def test_a_made_up_link_is_answered_with_a_dead_link(browser: Any, token: str) -> None:
    assert (await browser.get("/account/confirm", params={"token": token})).status_code == 410


async def test_a_link_runs_out(browser: Any, post_office: Any, clock: FixedClock) -> None:
    await browser.register(EMAIL)
    path = await post_office.link_to(EMAIL, "confirm")
    clock.advance(timedelta(days=8))
    assert (await browser.get(path)).status_code == 410


async def test_fifty_registrations_of_one_address_at_once_make_one_account(
    new_browser: Callable[[], Any], parts: Parts, recorded: Any
) -> None:
    browsers = [new_browser() for _ in range(50)]
    for one in browsers:
        await one.form_token()
    answers = await asyncio.gather(
        *(
            service.register(
                parts,
                service.Registration(
                    email=EMAIL,
                    password=PASSWORD,
                    guest_id=None,
                    device="",
                    former_secret=None,
                    network="n" * 32,
                ),
            )
            for _ in range(50)
        ),
        return_exceptions=True,
    )
    worked = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(worked) >= 45, answers
    async with parts.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Account)) == 1
    kinds = [event["type"].split(".")[3] for event in await recorded()]
    assert kinds.count("account") == 1
    assert kinds.count("session") == len(worked)


async def test_registering_again_with_the_same_password_is_logging_in(
    browser: Any, new_browser: Callable[[], Any], parts: Parts
) -> None:
    await browser.register(EMAIL)
    other = new_browser()
    await other.register(EMAIL.upper())
    assert await other.is_logged_in()
    async with parts.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Account)) == 1


async def test_a_taken_address_gets_a_mail_and_its_account_stays_as_it_was(
    browser: Any, new_browser: Callable[[], Any], post_office: Any
) -> None:
    await browser.register(EMAIL)
    token = (await post_office.link_to(EMAIL, "confirm")).split("token=")[1]
    await browser.post("/account/confirm", {"token": token})
    stranger = new_browser()
    await stranger.register(EMAIL, password="another password entirely")
    mails = await post_office.mails_to(EMAIL)
    assert [mail["Subject"] for mail in mails] == [
        "Confirm your e-mail address",
        "You already have an account",
    ]
    assert "Your account was" not in (await stranger.get("/account")).text
    # The stranger has an account of its own that claims the address in vain.
    mine, theirs = await browser.get("/account"), await stranger.get("/account")
    assert "(confirmed)" in mine.text
    assert "(not confirmed yet)" in theirs.text
    assert await browser.is_logged_in()


async def test_plan_and_roles_can_not_be_sent_along(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL, plan="pro", roles="ops", role="ops", confirmed_at="2020-01-01", id="x")
    page = (await browser.get("/account")).text
    assert ">Free</span>" in page
    async with parts.database.read() as session:
        account = (await session.execute(select(Account))).scalars().one()
    assert (account.plan, account.confirmed_at) == ("free", None)
    assert account.id != "x"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: a=b",
        "http:evil.example",
        "/" + "a" * 3000,
        "/account/login",
    ],
)
async def test_nobody_is_sent_to_another_site(browser: Any, target: str) -> None:
    answer = await browser.register(EMAIL, next=target)
    if answer.status_code == 303:
        assert answer.headers["location"] in ("/", "/account")
        assert "set-cookie: a=b" not in str(answer.headers).lower()
    else:
        assert answer.status_code == 400
    page = await browser.client.get("/account/login", params={"next": target})
    assert "evil.example" not in page.text


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", PASSWORD),
        ("jane", PASSWORD),
        ("jane@", PASSWORD),
        ("jane@exa mple.org", PASSWORD),
        ("jane@example.org\nBcc: all@example.org", PASSWORD),
        ('"jane"@example.org', PASSWORD),
        ("a" * 300 + "@example.org", PASSWORD),
        (EMAIL, "short"),
        (EMAIL, "password1"),
        (EMAIL, "x" * 129),
        (EMAIL, "jane@example.org"),
    ],
)
async def test_what_can_not_be_taken_comes_back_with_a_reason(
    browser: Any, email: str, password: str
) -> None:
    answer = await browser.register(email, password)
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert "Please check" in answer.text
        assert password not in answer.text or password in ("short", "jane@example.org")
    assert "ahead_session" not in browser.client.cookies


async def test_an_account_never_confirmed_is_deleted_after_seven_days(
    browser: Any, parts: Parts, clock: FixedClock, recorded: Any
) -> None:
    await browser.register(EMAIL)
    clock.advance(timedelta(days=6, hours=23))
    assert await service.let_lapse(parts) == 0
    clock.advance(timedelta(hours=2))
    assert await service.let_lapse(parts) == 1
    assert (await recorded())[-1]["type"] == "ahead.events.accounts.account.erased.v1"
    assert not await browser.is_logged_in()


async def test_a_page_of_another_site_can_not_register_anybody(browser: Any) -> None:
    fields = {"email": EMAIL, "password": PASSWORD}
    token = await browser.form_token()
    without = await browser.client.post(
        "/account/register", data=fields, headers={"origin": "http://127.0.0.1:8080"}
    )
    assert without.status_code == 403
    foreign = await browser.client.post(
        "/account/register", data={**fields, "_csrf_token": token}, headers={"origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    cross = await browser.client.post(
        "/account/register", data={**fields, "_csrf_token": token}, headers={"sec-fetch-site": "cross-site"}
    )
    assert cross.status_code == 403
