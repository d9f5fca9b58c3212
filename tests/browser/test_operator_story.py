"""The first operator logs in with a second factor and reads on the dashboard what visitors have done."""

import subprocess

import pytest
from platform_process import PlatformProcess, environment
from playwright.async_api import Page, expect
from pyotp.totp import TOTP
from visitor import PASSWORD, visitor

from ahead.local import place
from ahead.shared.testing.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

OPERATOR = "ops@example.org"


def make_operator(platform: PlatformProcess) -> str:
    """On the command line; returns the secret that the authenticator app holds."""
    made = subprocess.run(
        [
            *(str(place.root() / "ahead"), "accounts", "create-user", "--email", OPERATOR),
            *("--role", "ops", "--password-stdin"),
        ],
        input=PASSWORD + "\n",
        env=environment() | {"AHEAD_DATA": str(platform.data)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd="/",
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.split("secret=")[1].split("&")[0]


async def figure(page: Page, name: str) -> int:
    value = page.get_by_test_id("stMetric").filter(has_text=name).get_by_test_id("stMetricValue")
    return int((await value.inner_text()).replace(",", ""))


async def test_the_operator_sees_what_was_counted(platform: PlatformProcess) -> None:
    secret = make_operator(platform)
    before = platform.usage("code.viewed")
    async with visitor(platform.url) as guest:
        await guest.open("/search?q=zzqxy")
        assert await guest.open("/codes/icd10cm/N39.0") == 200
    wait_until(lambda: platform.usage("code.viewed") > before, within_s=30, what="the view counted")

    async with visitor(platform.url) as operator:
        page = operator.page
        await operator.open("/account/login?next=/admin")
        await page.get_by_label("E-mail address").fill(OPERATOR)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("main").get_by_role("button", name="Log in").click()
        await page.get_by_role("textbox", name="Code", exact=True).fill(TOTP(secret).now())
        await page.get_by_role("button", name="Go on").click()
        await expect(page.get_by_role("heading", name="Overview")).to_be_visible(timeout=30_000)
        await expect(page.get_by_text("N39.0").first).to_be_attached(timeout=30_000)
        await expect(page.get_by_text("zzqxy").first).to_be_attached()
        assert await figure(page, "Code page views") == platform.usage("code.viewed")
        assert await figure(page, "Registrations") == platform.usage("account.registered")
        assert await figure(page, "Searches") >= 1
