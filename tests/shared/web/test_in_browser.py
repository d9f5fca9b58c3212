"""The design system in a real browser: accessible, usable by keyboard alone, and right while answers race."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, expect

from ahead.shared.testing.browser import BrowserUnavailable, axe_findings, chromium, chromium_path
from ahead.shared.testing.plugin import missing

PARTS = ("home", "code", "results", "form", "kitchen_sink", "nope")
WIDTHS = (360, 820, 1920)

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True, scope="module")
def needs_chromium() -> None:
    try:
        chromium_path()
    except BrowserUnavailable as error:
        missing(str(error))


@asynccontextmanager
async def opened(**options: Any) -> AsyncGenerator[Page]:
    async with chromium() as browser:
        context = await browser.new_context(**options)
        yield await context.new_page()


def path_of(part: str) -> str:
    return "/nope" if part == "nope" else f"/page/{part}"


@pytest.mark.parametrize(
    ("scheme", "plan", "widths"),
    [
        ("light", "guest", WIDTHS),
        ("dark", "guest", WIDTHS),
        ("light", "free", (820,)),
        ("dark", "free", (360,)),
    ],
)
async def test_axe_finds_nothing_serious(demo_server, scheme, plan, widths) -> None:
    found: list[str] = []
    headers = {"x-test-plan": plan, "x-test-roles": "ops"}
    async with opened(color_scheme=scheme, extra_http_headers=headers) as page:
        for width in widths:
            await page.set_viewport_size({"width": width, "height": 900})
            for part in PARTS:
                await page.goto(demo_server.url + path_of(part))
                for menu in await page.locator("details").all():
                    await menu.evaluate("element => element.open = true")
                found += [f"{part} at {width}: {line}" for line in await axe_findings(page)]
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_is_wider_than_its_window(demo_server, width) -> None:
    async with opened(viewport={"width": width, "height": 800}) as page:
        for part in PARTS:
            await page.goto(demo_server.url + path_of(part))
            assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), part


async def test_no_page_breaks_its_own_content_security_policy(demo_server) -> None:
    said: list[str] = []
    async with opened() as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for part in PARTS:
            await page.goto(demo_server.url + path_of(part))
            await page.wait_for_load_state("networkidle")
    assert [text for text in said if "404" not in text] == []


async def test_a_code_is_found_without_a_mouse(demo_server) -> None:
    async with opened() as page:
        await page.goto(demo_server.url + "/page/kitchen_sink")
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip-link")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_be_focused()
        await page.keyboard.press("/")
        box = page.locator("#second")
        await expect(box).to_be_focused()
        await page.keyboard.type("diab")
        options = page.locator("#second-suggest [role=option]")
        await expect(options).to_have_count(6)
        await expect(box).to_have_attribute("aria-expanded", "true")
        await expect(page.get_by_text("6 suggestions.")).to_have_count(1)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        await expect(box).to_have_attribute("aria-activedescendant", "second-suggest-1")
        assert await axe_findings(page) == []
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("ArrowUp")
        await expect(box).not_to_have_attribute("aria-activedescendant", "second-suggest-0")
        await page.keyboard.press("ArrowUp")
        await expect(options.nth(5)).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("Escape")
        await expect(page.locator("#second-suggest")).to_be_hidden()
        await expect(box).to_have_value("diab")
        await page.keyboard.press("ArrowDown")
        await expect(options.first).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/codes/icd10cm/E11.9")


async def test_enter_without_a_choice_searches(demo_server) -> None:
    async with opened() as page:
        await page.goto(demo_server.url + "/page/home")
        await expect(page.locator("#q")).to_be_focused()
        await page.keyboard.type("broken wrist")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/search?q=broken+wrist")


async def test_a_late_answer_never_replaces_a_newer_one(demo_server) -> None:
    """The demo answers one letter late and two at once."""
    async with opened() as page:
        await page.goto(demo_server.url + "/page/home")
        # Answers that the page gave up on arrive all the same.
        await page.evaluate("() => { AbortController.prototype.abort = () => {}; }")
        async with page.expect_response("**/suggest?q=z"):
            async with page.expect_request("**/suggest?q=z"):
                await page.keyboard.type("z")
            await page.keyboard.press("Backspace")
            await page.keyboard.type("e1")
            options = page.locator("#q-suggest [role=option]")
            await expect(options).to_have_count(3)
        await page.wait_for_function(
            "() => performance.getEntriesByType('resource').some(e => e.name.endsWith('q=z'))"
        )
        await expect(options).to_have_count(3)
        await expect(options.first).to_contain_text("E11.9")


async def test_an_emptied_box_shows_nothing_even_if_an_answer_comes_late(demo_server) -> None:
    async with opened() as page:
        await page.goto(demo_server.url + "/page/home")
        await page.evaluate("() => { AbortController.prototype.abort = () => {}; }")
        async with page.expect_response("**/suggest?q=e"):
            async with page.expect_request("**/suggest?q=e"):
                await page.keyboard.type("e")
            await page.keyboard.press("Backspace")
        await page.wait_for_function(
            "() => performance.getEntriesByType('resource').some(e => e.name.endsWith('q=e'))"
        )
        await expect(page.locator("#q-suggest")).to_be_hidden()


async def test_suggestions_are_text_not_markup(demo_server) -> None:
    async with opened() as page:
        hit = {"system": "icd10cm", "code": "<b>x</b>", "title": "<img src=x onerror=alert(1)>"}
        await page.route("**/suggest?*", lambda route: route.fulfill(json={"hits": [hit]}))
        await page.goto(demo_server.url + "/page/home")
        await page.keyboard.type("x")
        option = page.locator("#q-suggest [role=option]")
        await expect(option).to_contain_text("<img src=x onerror=alert(1)>")
        assert await option.locator("img, b").count() == 0


async def test_the_theme_is_chosen_and_kept(demo_server) -> None:
    async with opened(color_scheme="light") as page:
        await page.goto(demo_server.url + "/page/home")
        toggle = page.get_by_role("button", name="Dark colours")
        await expect(toggle).to_have_attribute("aria-pressed", "false")
        await toggle.click()
        await expect(toggle).to_have_attribute("aria-pressed", "true")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.get_by_role("button", name="Dark colours").click()
        await page.reload()
        await expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


async def test_pages_are_whole_without_scripts(demo_server) -> None:
    async with opened(java_script_enabled=False) as page:
        await page.goto(demo_server.url + "/page/code")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Type 2 diabetes mellitus")
        assert await page.locator(".copy:visible, .theme-toggle:visible, .search__key:visible").count() == 0
        await page.locator("#header-q").fill("gout")
        await page.locator("#header-q").press("Enter")
        await page.wait_for_url("**/search?q=gout")


async def test_a_code_is_copied_with_one_press(demo_server) -> None:
    async with opened(permissions=["clipboard-read", "clipboard-write"]) as page:
        await page.goto(demo_server.url + "/page/code")
        button = page.get_by_role("button", name="Copy code")
        await button.press("Enter")
        await expect(page.locator(".copy")).to_contain_text("Copied")
        assert await page.evaluate("navigator.clipboard.readText()") == "E11.9"


async def test_the_account_menu_opens_and_closes_by_keyboard(demo_server) -> None:
    async with opened(extra_http_headers={"x-test-plan": "free"}) as page:
        await page.goto(demo_server.url + "/page/code")
        summary = page.locator("details.menu summary")
        await summary.press("Enter")
        await expect(page.get_by_role("link", name="Account and plan")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("link", name="Account and plan")).to_be_hidden()
        await expect(summary).to_be_focused()
