"""Every tool as a member meets it: found from the front page, fit for any screen, and with the keyboard alone."""

import re

import pytest
from platform_process import PlatformProcess
from playwright.async_api import expect
from visitor import Visitor, visitor

from ahead.lookup.tools.catalogue import TOOLS
from ahead.shared.testing.browser import axe_findings, end_animations

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

WIDTHS = (390, 820, 1440)
MOST_TABS = 80


async def judge(who: Visitor, path: str, turn: int) -> list[str]:
    """All widths are measured; axe looks once, in light and dark by turns."""
    page = who.page
    assert await who.open(path) == 200, path
    found: list[str] = []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{path} is {over} px wider than {width}")
    scheme = ("light", "dark")[turn % 2]
    await page.set_viewport_size({"width": WIDTHS[turn % 3], "height": 900})
    await page.emulate_media(color_scheme=scheme)
    await end_animations(page)
    return found + [f"{path} {scheme}: {finding}" for finding in await axe_findings(page)]


async def test_every_tool_is_listed_and_fits_every_screen(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as member:
        await member.open("/account/register")
        await member.fill_in_registration()
        await member.open("/")
        await member.page.get_by_role("link", name=re.compile(r"All \d+ tools")).click()
        await expect(member.page).to_have_url(platform.url + "/tools")
        for tool in TOOLS:
            link = member.page.get_by_role("main").get_by_role("link", name=tool.title, exact=True)
            await expect(link.first).to_have_attribute("href", f"/tools/{tool.name}")
        found = await judge(member, "/tools", 0)
        for turn, tool in enumerate(TOOLS):
            found += await judge(member, f"/tools/{tool.name}", turn)
            assert await member.page.locator("main h1").count() == 1, tool.name
        assert found + member.complaints == []


async def test_a_tool_is_used_with_the_keyboard_alone(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as member:
        await member.open("/account/register")
        await member.fill_in_registration()
        await member.open("/tools/seventh-character")
        page = member.page
        for _ in range(MOST_TABS):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.name") == "code":
                break
        await page.keyboard.type("S52.501")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("main")).to_contain_text("S52.501A")


async def test_a_tool_answers_without_a_script(platform: PlatformProcess) -> None:
    async with visitor(platform.url, java_script_enabled=False) as member:
        await member.open("/account/register")
        await member.fill_in_registration()
        await member.open("/tools/seventh-character")
        await member.page.locator("main [name=code]").fill("S52.501")
        await member.page.locator("main button[type=submit]").first.click()
        await expect(member.page.get_by_role("main")).to_contain_text("S52.501A")
