"""The second factor of staff."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pyotp.totp import TOTP

from ahead.accounts.parts import Parts
from ahead.accounts.plans import service as plans
from ahead.shared.clock import FixedClock

OPERATOR = "ops@example.org"
PASSWORD = "geranium under the lamp"


@pytest.fixture
async def secret(parts: Parts) -> str:
    """An operator, made on the command line; what the authenticator app holds."""
    return (await plans.create_user(parts, OPERATOR, "ops", PASSWORD)).totp_secret


def code_at(secret: str, clock: FixedClock) -> str:
    return TOTP(secret).at(clock.now())


async def roles_of(browser: Any) -> list[str]:
    answer = await browser.get("/api/accounts/v1/session")
    return answer.json()["roles"]


async def test_a_role_of_staff_counts_only_after_the_second_factor(
    browser: Any, secret: str, clock: FixedClock
) -> None:
    answer = await browser.log_in(OPERATOR, next="/admin")
    assert answer.headers["location"] == "/account/second-factor?next=%2Fadmin"
    assert await roles_of(browser) == []
    assert (await browser.get("/api/accounts/v1/ops/health")).status_code == 403
    assert (await browser.get("/account")).headers["location"] == "/account/second-factor"
    before = browser.session
    passed = await browser.post("/account/second-factor", {"code": code_at(secret, clock), "next": "/admin"})
    assert passed.headers["location"] == "/admin"
    assert browser.session != before, "the former cookie never gains the roles"
    assert await roles_of(browser) == ["ops"]
    assert (await browser.get("/api/accounts/v1/ops/health")).status_code == 200


async def test_a_code_works_once(
    browser: Any, new_browser: Callable[[], Any], secret: str, clock: FixedClock
) -> None:
    code = code_at(secret, clock)
    await browser.log_in(OPERATOR)
    await browser.post("/account/second-factor", {"code": code})
    thief = new_browser()
    await thief.log_in(OPERATOR)
    replayed = await thief.post("/account/second-factor", {"code": code})
    assert replayed.status_code == 422
    older = TOTP(secret).at(clock.now() - timedelta(seconds=30))
    assert (await thief.post("/account/second-factor", {"code": older})).status_code == 422
    assert await roles_of(thief) == []
    clock.advance(timedelta(seconds=60))
    assert (await thief.post("/account/second-factor", {"code": code_at(secret, clock)})).status_code == 303


@pytest.mark.parametrize(
    "code", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦", "123456789012345678901234567890"]
)
async def test_a_wrong_code_opens_nothing(browser: Any, secret: str, code: str) -> None:
    await browser.log_in(OPERATOR)
    answer = await browser.post("/account/second-factor", {"code": code})
    assert answer.status_code == 422
    assert await roles_of(browser) == []


async def test_codes_are_not_guessed(browser: Any, secret: str) -> None:
    await browser.log_in(OPERATOR)
    statuses = [
        (await browser.post("/account/second-factor", {"code": f"{n:06}"})).status_code for n in range(7)
    ]
    assert statuses[-1] == 429


async def test_staff_without_one_sets_it_up_at_the_first_log_in(
    browser: Any, parts: Parts, clock: FixedClock
) -> None:
    await browser.register("expert@example.org")
    account, _ = await plans.find(parts, "expert@example.org")
    await plans.add_role(parts, account.id, "expert")
    await browser.log_in("expert@example.org")
    page = (await browser.get("/account/second-factor")).text
    secret = page.split('<code class="code">')[1].split("</code>")[0].replace(" ", "")
    assert secret in (await browser.get("/account/second-factor")).text.replace(" ", ""), "it doesn't change"
    passed = await browser.post("/account/second-factor", {"code": code_at(secret, clock)})
    assert passed.status_code == 303
    assert await roles_of(browser) == ["expert"]
    clock.advance(timedelta(minutes=2))
    await browser.post("/account/logout")
    await browser.log_in("expert@example.org")
    again = await browser.get("/account/second-factor")
    assert secret not in again.text.replace(" ", "")
    assert (await browser.post("/account/second-factor", {"code": code_at(secret, clock)})).status_code == 303


async def test_everybody_else_is_never_asked(browser: Any) -> None:
    await browser.register("jane@example.org")
    assert (await browser.get("/account/second-factor")).status_code == 303
    assert await browser.is_logged_in()
