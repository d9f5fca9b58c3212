"""CasePilot as it is seen on the screen: a guest asks, meets the limit, registers and follows up; an answer is stopped,
and one is left while it is made and found complete; the keyboard alone; no scripts.
"""

import re

import pytest
from platform_process import PlatformProcess
from playwright.async_api import Page, expect
from visitor import Visitor, visitor

from ahead.shared.testing.browser import axe_findings, end_animations
from ahead.shared.testing.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

QUESTION = "Is E11.65 billable?"
WIDTHS = (360, 820, 1440)
LOOKUP = "lookup-web"
LAST = ".turn:last-of-type"


async def ask(page: Page, question: str) -> None:
    await page.locator("#question").fill(question)
    await page.get_by_role("button", name="Ask CasePilot").click()


async def answered(page: Page) -> None:
    """The answer is there, as the server keeps it."""
    await expect(page.locator(LAST).get_by_role("button", name="Try again")).to_be_visible()


async def register(who: Visitor) -> None:
    await who.open("/account/register")
    await who.fill_in_registration()


async def test_a_guest_asks_meets_the_limit_registers_follows_up_and_opens_a_citation(
    platform: PlatformProcess,
) -> None:
    counted = {metric: platform.usage(metric) for metric in ("question.asked", "answer.given")}
    async with visitor(platform.url) as guest:
        page = guest.page
        await guest.open("/casepilot")
        assert (await guest.allowance()).startswith("1 question remaining.")
        for topic in ("CPT Codes", "Guidelines", "Modifiers", "Crosswalks", "NCCI Edits", "Compliance"):
            await expect(page.get_by_role("link", name=topic, exact=True)).to_be_visible()
        await page.get_by_role("link", name="Compliance", exact=True).click()
        await page.get_by_role("link", name=QUESTION).click()
        await expect(page.locator("#question")).to_have_value(QUESTION)
        await page.get_by_role("button", name="Ask CasePilot").click()
        await answered(page)
        conversation = page.url
        assert "/casepilot/c/" in conversation
        assert (await guest.allowance()).startswith("0 questions remaining.")
        code = page.locator(f"{LAST} .turn__answer > p a.code").first
        assert (await code.get_attribute("href") or "").startswith("/codes/icd10cm/E11.65")

        sources = page.locator(".sources")
        await expect(sources.locator("li").first).to_be_hidden()
        await page.locator(".cite").first.click()
        opened = sources.locator("li:target")
        await expect(opened).to_be_visible()
        await expect(opened).to_be_focused()
        assert re.search(
            r"Row [\d,]+ of .+ SHA-256 [0-9a-f]{64}", " ".join((await opened.inner_text()).split())
        )

        await ask(page, "And is it valid?")
        refused = page.get_by_role("alert").filter(has_text="No question left this month")
        await expect(refused).to_be_visible()
        await expect(page.locator("#question")).to_have_value("And is it valid?")
        await refused.get_by_role("link", name="Register free account").click()
        await guest.fill_in_registration()
        await page.wait_for_url(conversation)
        assert (await guest.allowance()).startswith("10 questions remaining.")
        await ask(page, "And is it valid?")
        await expect(page.locator(".turn")).to_have_count(2)
        await answered(page)
        await expect(page.locator(LAST)).to_contain_text("E11.65")
        assert (await guest.allowance()).startswith("9 questions remaining.")
        assert [one for one in guest.complaints if "403" not in one] == []
    for metric, before in counted.items():
        wait_until(
            lambda metric=metric, before=before: platform.usage(metric) == before + 2,
            within_s=30,
            what=f"two more {metric} counted",
        )


async def test_an_answer_is_left_while_it_is_made_and_found_complete_and_another_is_stopped(
    platform: PlatformProcess,
) -> None:
    async with visitor(platform.url) as member:
        page = member.page
        await register(member)
        await member.open("/casepilot")
        with platform.paused(LOOKUP):
            await ask(page, QUESTION)
            await expect(page.locator(".steps li").last).to_be_visible()
            await page.wait_for_url("**/casepilot/c/*")
            await page.reload()
            await expect(page.locator("[data-working]")).to_have_count(1)
            await expect(page.get_by_role("button", name="Stop")).to_be_visible()
        await answered(page)
        await expect(page.locator(LAST)).to_contain_text("E11.65")
        await expect(page.locator(f"{LAST} .sources")).to_have_count(1)
        assert (await member.allowance()).startswith("9 questions remaining.")

        with platform.paused(LOOKUP):
            await ask(page, "Is I10 billable?")
            await page.get_by_role("button", name="Stop").click()
            await answered(page)
        await expect(page.locator(LAST)).to_contain_text(
            "You stopped the answer here. This question cost nothing."
        )
        assert (await member.allowance()).startswith("9 questions remaining.")
        await page.locator(LAST).get_by_role("button", name="Try again").click()
        await expect(page.locator(f"{LAST} .sources")).to_have_count(1)
        assert (await member.allowance()).startswith("8 questions remaining.")
        assert member.complaints == []


async def test_the_box_on_a_codes_page_asks_about_that_code(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as guest:
        page = guest.page
        await guest.open("/codes/icd10cm/J45.909")
        await page.get_by_label("Your question").fill("Is it billable?")
        await page.get_by_role("button", name="Ask CasePilot").click()
        await answered(page)
        await expect(page.locator(".turn__meta")).to_contain_text("About ICD-10-CM J45.909")
        await expect(page.locator(LAST)).to_contain_text("J45.909")
        assert guest.complaints == []


async def test_a_conversation_is_rated_renamed_found_exported_and_deleted(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as member:
        page = member.page
        await register(member)
        await member.open("/casepilot")
        await ask(page, QUESTION)
        await answered(page)
        found = list[str]()
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                await end_animations(page)
                found += [f"{width} {scheme}: {one}" for one in await axe_findings(page)]
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert found == []

        await page.get_by_role("button", name="Helpful", exact=True).click()
        await expect(page.get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        await page.locator(".thumb-down > summary").click()
        await page.get_by_label("What is wrong with it?").select_option("Something is missing")
        await page.get_by_role("button", name="Send").click()
        await expect(page.locator(".thumb-down > summary")).to_contain_text("you said so")

        tools = page.get_by_role("region", name="This conversation")
        await tools.get_by_text("Rename").first.click()
        await page.get_by_label("Title").fill("Sugar")
        await tools.get_by_role("button", name="Rename").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sugar")
        await tools.get_by_text("Export").click()
        async with page.expect_download() as download:
            await tools.get_by_role("link", name="Markdown").click()
        saved = await (await download.value).path()
        assert saved.read_text(encoding="utf-8").startswith("# Sugar\n")

        await page.get_by_label("Search your conversations").fill("sugar")
        await page.keyboard.press("Enter")
        await page.get_by_role("main").get_by_role("link", name="Sugar").click()
        await tools.get_by_text("Delete").first.click()
        await tools.get_by_role("button", name="Delete for good").click()
        await page.wait_for_url("**/casepilot")
        await expect(page.get_by_text("None yet.")).to_be_visible()
        assert (await member.allowance()).startswith("9 questions remaining.")


async def test_a_conversation_is_handed_to_the_experts_once(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as member:
        page = member.page
        await register(member)
        await member.open("/casepilot")
        await ask(page, QUESTION)
        await answered(page)
        tools = page.get_by_role("region", name="This conversation")
        await tools.get_by_text("Ask an expert").click()
        await page.get_by_label("What should they look at?").fill("Is hyperglycemia implied?")
        await tools.get_by_role("button", name="Hand over").click()
        await tools.get_by_role("link", name="Open their thread").click()
        await page.wait_for_url("**/consultant/inquiries/*")
        await expect(page.get_by_role("main")).to_contain_text("Is hyperglycemia implied?")
        await expect(page.get_by_role("main")).to_contain_text(QUESTION)


async def test_asking_and_opening_a_source_need_no_mouse(platform: PlatformProcess) -> None:
    async with visitor(platform.url) as guest:
        page, press = guest.page, guest.page.keyboard.press
        await guest.open("/casepilot")

        async def tab_to(wanted: str) -> None:
            """Fails where Tab doesn't come there, or where the focus can't be seen."""
            for _ in range(60):
                await press("Tab")
                here = page.locator(":focus")
                if await here.count() and await here.evaluate(
                    "(here, wanted) => here.matches(wanted)", wanted
                ):
                    shown = await here.evaluate(
                        "here => { const s = getComputedStyle(here);"
                        " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
                    )
                    assert shown, f"the focus can't be seen on {wanted}"
                    return
            raise AssertionError(f"Tab never came to {wanted}")

        await tab_to("#question")
        await page.keyboard.type(QUESTION)
        await press("Enter")
        await answered(page)
        await expect(page.locator("#question")).to_be_focused()
        await expect(page.get_by_role("status").filter(has_text="The answer is there")).to_have_count(1)
        await page.locator("#thread").evaluate("thread => { thread.tabIndex = -1; thread.focus() }")
        await tab_to(".cite")
        await press("Enter")
        await expect(page.locator(".sources li:target")).to_be_focused()
        await tab_to(".thumb-down > summary")
        await press("Enter")
        await expect(page.get_by_label("What is wrong with it?")).to_be_visible()


async def test_everything_works_without_scripts(platform: PlatformProcess) -> None:
    async with visitor(platform.url, java_script_enabled=False) as guest:
        page = guest.page
        await guest.open("/casepilot")
        await ask(page, QUESTION)
        await page.wait_for_url("**/casepilot/c/*")
        await expect(page.locator(LAST)).to_contain_text("E11.65")
        await page.locator(".cite").first.click()
        await expect(page.locator(".sources li:target")).to_be_visible()
        await ask(page, "And I10?")
        await expect(page.get_by_text("No question left this month")).to_be_visible()
        await expect(page.locator("#question")).to_have_value("And I10?")
        await page.locator(".notice").get_by_role("link", name="Register free account").click()
        await guest.fill_in_registration()
        await guest.open("/casepilot/conversations")
        await page.get_by_role("main").get_by_role("link", name=QUESTION).click()
        await ask(page, "And I10?")
        await expect(page.locator(".turn")).to_have_count(2)
        await page.locator(LAST).get_by_role("button", name="Helpful", exact=True).click()
        await expect(page.locator(LAST).get_by_role("button", name="Helpful", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
