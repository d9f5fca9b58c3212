"""A real browser for tests of pages, and axe-core to judge them."""

import os
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

# Nothing but the page under test may reach the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
SERIOUS = ("serious", "critical")


class BrowserUnavailable(Exception):
    """No Chromium, or no axe-core, on this machine."""


def chromium_path() -> str:
    """Where Chromium is: the machine's own; nothing is downloaded.

    Raises:
        BrowserUnavailable: when there is none.
    """
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise BrowserUnavailable("Chromium is not installed")


def assets_folder() -> Path | None:
    """The folder with ``node_modules``: ``AHEAD_BROWSER_ASSETS``, else the one of this source tree."""
    given = os.environ.get("AHEAD_BROWSER_ASSETS")
    folder = Path(given) if given else Path(__file__).parents[4]
    return folder if (folder / "node_modules").is_dir() else None


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """A headless Chromium. It belongs to the running event loop: one for each test."""
    executable = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def end_animations(page: Page) -> None:
    """Bring the page to rest: what fades is at its end, what turns stands. Waiting for it might never end."""
    await page.evaluate(
        "document.getAnimations().forEach(one => { try { one.finish() } catch { one.cancel() } })"
    )


async def axe_findings(page: Page, impacts: Sequence[str] = SERIOUS) -> list[str]:
    """What axe-core finds on the page, one line each: impact, rule, help and the first elements.

    Raises:
        BrowserUnavailable: axe-core is not installed.
    """
    folder = assets_folder()
    source = folder / "node_modules/axe-core/axe.min.js" if folder else None
    if source is None or not source.is_file():
        raise BrowserUnavailable("axe-core is not installed (npm ci in shared/)")
    await page.evaluate(source.read_text("utf-8"))
    result: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{found['impact']} {found['id']}: {found['help']} "
        + "; ".join(
            str(node["html"])[:160] + " " + str(node["failureSummary"])[-160:] for node in found["nodes"][:4]
        )
        for found in result["violations"]
        if found["impact"] in impacts
    ]
