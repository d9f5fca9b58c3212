"""Somebody at a desk: a page in a real browser, what it complained of, and the words of the header."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from playwright.async_api import ConsoleMessage, Page, expect

from ahead.shared.testing.browser import chromium

# A bot takes no code page view; headless Chromium would say that it is one.
DESKTOP = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
PASSWORD = "seven green lanterns at dusk"
WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)
REGISTER_OFFER = "Guest accounts are limited to 1 page view. Register free account to get 5 more views."


WIDTHS = (360, 820, 1440)

# The search box shows the focus of the input inside it.
STOP = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const shown = here.closest(".search__box") && here.matches("input") ? here.closest(".search__box") : here;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  return {
    name: here.tagName + " "
      + (here.getAttribute("aria-label") || here.innerText || here.name || here.id).trim().slice(0, 40),
    visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


async def walk(page: Page, most: int = 120) -> list[str]:
    """Press Tab to the end of the page; returns the stops. Fails at one that is not seen."""
    stops: list[str] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(STOP)
        if stop is None:
            break
        assert stop["visible"], f"the focus can't be seen on {stop['name']}, after {stops[-3:]}"
        stops.append(stop["name"])
    else:
        raise AssertionError(f"no end after {most} stops: {stops[-5:]}")
    return stops


class Visitor:
    """A page below the platform's address.

    Attributes:
        complaints: errors of scripts, of the console and of the content security policy. A page that answers
            with 403 or 404 is an error to Chromium's console, not to us.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        own_answer = message.text.startswith("Failed to load resource") and (
            message.location["url"].split("#")[0] == self.page.url.split("#")[0]
        )
        if message.type in ("error", "warning") and not own_answer:
            self.complaints.append(f"{self.page.url}: {message.text}")

    async def open(self, path: str) -> int:
        """Go there; returns the status of the answer."""
        answer = await self.page.goto(self.url + path)
        assert answer
        return answer.status

    async def allowance(self) -> str:
        """The header's sentence, as read."""
        return " ".join((await self.page.locator("#allowance").inner_text()).split())

    async def heading(self) -> str:
        return " ".join((await self.page.locator("h1").inner_text()).split())

    async def fill_in_registration(self) -> str:
        """On the page of registration; returns the address registered with."""
        email = f"{uuid4().hex[:12]}@example.org"
        await self.page.get_by_label("E-mail address").fill(email)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("main").get_by_role("button", name="Register").click()
        await self.page.wait_for_load_state()
        return email


@asynccontextmanager
async def visitor(url: str, **options: Any) -> AsyncGenerator[Visitor]:
    """A browser of its own, with no cookie yet."""
    async with chromium() as browser:
        context = await browser.new_context(user_agent=DESKTOP, **options)
        context.set_default_timeout(WAIT_MS)
        yield Visitor(await context.new_page(), url)


def guest_sentence(left: int) -> str:
    return f"{left} code page view{'' if left == 1 else 's'} remaining. {REGISTER_OFFER}"


def member_sentence(left: int) -> str:
    now = datetime.now(UTC)
    renews = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
    return (
        f"{left} code page view{'' if left == 1 else 's'} remaining. "
        f"Free accounts are limited to 5 page views a month. The count starts again on {renews:%B} 1."
    )
