"""A guest searches, views, meets the limit, registers and goes on, as it is seen on the screen."""

import html

import pytest
from platform_process import PlatformProcess
from playwright.async_api import expect
from visitor import Visitor, guest_sentence, member_sentence, visitor

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

SECTIONS = [
    "Guidelines",
    "Modifiers",
    "Crosswalks",
    "NCCI Edits",
    "Compliance",
    "Medicare Coverage",
    "Fees",
    "History",
]


async def section_titles(guest: Visitor) -> list[str]:
    return await guest.page.locator(".code-sections > .panel .panel__title").all_inner_texts()


async def what_sections_say(member: Visitor) -> list[str]:
    """Lines of the eight sections. A receipt is in the open part of the page, too."""
    return await member.page.evaluate(
        """[...document.querySelectorAll(".code-sections :is(li, dd, .note__why, .panel__body > p)")]
           .filter(part => !part.closest(".receipt"))
           .map(part => part.textContent.replace(/\\s+/g, " ").trim()).filter(text => text.length > 11)"""
    )


async def test_a_guest_finds_a_code_meets_the_limit_registers_and_sees_the_sections(
    platform: PlatformProcess,
) -> None:
    async with visitor(platform.url) as guest:
        page = guest.page
        await guest.open("/")
        assert await guest.allowance() == guest_sentence(1)

        box = page.get_by_role("combobox", name="Search medical codes")
        await expect(box).to_be_focused()
        await page.keyboard.type("type 2 diabetes without comp")
        # While the words were typed, answers to fewer of them have come and gone.
        await expect(page.get_by_role("listbox")).to_have_attribute(
            "data-answers", "type 2 diabetes without comp"
        )
        await expect(page.get_by_role("option").filter(has_text="E11.9")).to_be_visible()
        codes = await page.get_by_role("option").locator(".code").all_inner_texts()
        for _ in range(codes.index("E11.9") + 1):
            await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/codes/icd10cm/E11.9")

        assert "E11.9" in await guest.heading()
        assert await guest.allowance() == guest_sentence(0)
        assert await section_titles(guest) == SECTIONS
        assert await page.get_by_text("Register to view content").count() == 8
        assert await page.get_by_text("Create a free account to unlock this content").count() == 8
        seen_by_guest = html.unescape(await page.content())

        assert await guest.open("/codes/icd10cm/I10") == 403
        assert await guest.heading() == "You have used all your code page views this month"
        assert await guest.allowance() == guest_sentence(0)
        assert "Common Language Description" not in await page.content()

        await page.get_by_role("main").get_by_role("link", name="Register free account").click()
        await guest.fill_in_registration()
        await page.wait_for_url("**/codes/icd10cm/I10")
        assert await guest.allowance() == member_sentence(4)
        assert await section_titles(guest) == SECTIONS
        assert await page.get_by_text("Register to view content").count() == 0

        await guest.open("/codes/icd10cm/E11.9")
        assert await guest.allowance() == member_sentence(4), "what the guest had opened stays open"
        said = await what_sections_say(guest)
        assert len(said) > 20
        assert [text for text in said if text in seen_by_guest] == []
        assert guest.complaints == []


async def test_going_back_and_loading_again_take_nothing(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as member:
        page = member.page
        await member.open("/account/register")
        await member.fill_in_registration()
        await member.open("/codes/icd10cm/J45.909")
        await page.reload()
        assert await member.allowance() == member_sentence(4)
        await member.open("/codes/icd10cm/M54.50")
        await page.go_back()
        assert "J45.909" in await member.heading()
        await page.go_forward()
        await page.reload()
        await page.get_by_label("Date of service").fill("2026-01-15")
        await page.get_by_role("button", name="Show").click()
        await page.wait_for_url("**as_of=2026-01-15")
        await member.open("/")
        assert await member.allowance() == member_sentence(3), "two codes, two views"


async def test_search_view_and_registration_work_without_scripts(platform: PlatformProcess) -> None:
    async with visitor(platform.url, java_script_enabled=False) as guest:
        page = guest.page
        await guest.open("/")
        await page.get_by_role("searchbox", name="Search medical codes").fill("broken wrist")
        await page.get_by_role("button", name="Search").click()
        await page.wait_for_url("**/search?q=broken+wrist*")
        await page.locator(".code-rows a").first.click()
        await page.wait_for_url("**/codes/icd10cm/*")
        assert await page.get_by_text("Register to view content").count() == 8
        assert await guest.allowance() == guest_sentence(0)
        await page.locator("#allowance").get_by_role("link", name="Register free account").click()
        await guest.fill_in_registration()
        await guest.open("/codes/icd10cm/M54.50")
        assert await guest.allowance() == member_sentence(4)
        assert await page.get_by_text("Register to view content").count() == 0
