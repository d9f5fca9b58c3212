"""A slow answer to what was typed first never replaces the answer to what was typed last."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Route, async_playwright, expect

import ahead.shared.web
from ahead.shared.testing.browser import chromium_path

pytestmark = pytest.mark.browser

SCRIPT = Path(ahead.shared.web.__file__).parent / "static" / "js" / "search.js"
PAGE = """<form data-suggest="/suggest"><input name="q" data-search>
<ul role="listbox" id="l" hidden></ul><p role="status" data-suggest-status></p></form>
<script type="module" src="/search.js"></script>"""


async def test_a_slow_first_answer_comes_after_a_fast_second_one_and_is_dropped() -> None:
    let_go, asked = asyncio.Event(), asyncio.Event()

    async def serve(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path == "/suggest":
            text = parse_qs(address.query)["q"][0]
            if text == "di":
                asked.set()
                await let_go.wait()
            hit = {"system": "icd10cm", "code": text, "title": f"answer to {text}"}
            await route.fulfill(json={"hits": [hit]})
        elif address.path == "/search.js":
            await route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
        else:
            await route.fulfill(body=PAGE, content_type="text/html")

    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=str(chromium_path()), args=["--no-sandbox"])
        page = await browser.new_page()
        # Aborting is one defence; without it the number of the question has to be enough.
        await page.add_init_script("AbortController.prototype.abort = () => {}")
        await page.route("**/*", serve)
        await page.goto("http://search.test/")
        box = page.get_by_role("combobox")
        await box.press_sequentially("di")
        await asked.wait()
        await box.press_sequentially("abetes")
        option = page.get_by_role("option")
        await expect(option).to_contain_text("answer to diabetes")
        async with page.expect_response(lambda answer: answer.url.endswith("q=di")):
            let_go.set()
        await expect(option).to_contain_text("answer to diabetes")
        await expect(page.get_by_role("status")).to_have_text("1 suggestion. Use the arrow keys.")
        await box.press("ArrowDown")
        await expect(option).to_have_attribute("aria-selected", "true")
        await browser.close()
