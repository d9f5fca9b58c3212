"""From the start page to a code page and back without a mouse, seeing at each stop where one is."""

import pytest
from platform_process import PlatformProcess
from playwright.async_api import expect
from visitor import STOP, visitor, walk

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_there_and_back_by_keyboard(platform: PlatformProcess, scheme: str) -> None:
    async with visitor(platform.url, color_scheme=scheme, reduced_motion="reduce") as guest:
        page = guest.page
        await guest.open("/")
        await expect(page.get_by_role("combobox", name="Search medical codes")).to_be_focused()
        assert (await page.evaluate(STOP))["visible"]
        await page.keyboard.type("E11.9")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/search?q=E11.9*")
        while await page.evaluate("document.activeElement.innerText") != "E11.9":
            await page.keyboard.press("Tab")
            assert await page.evaluate(STOP), "the result can't be reached"
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/codes/icd10cm/E11.9*")

        stops = await walk(page)
        assert stops[0] == "A Skip to content"
        assert sum("Register to view content" in stop for stop in stops) == 8

        await page.reload()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('main') !== null"), "the header is skipped"

        await page.reload()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{platform.url}/")
        assert guest.complaints == []


@pytest.mark.parametrize("path", ["/", "/search?q=gout", "/browse/icd10cm/M10", "/account/register"])
async def test_the_focus_is_seen_at_each_stop(platform: PlatformProcess, path: str) -> None:
    async with visitor(platform.url, reduced_motion="reduce") as guest:
        await guest.open(path)
        assert len(await walk(guest.page)) > 5
