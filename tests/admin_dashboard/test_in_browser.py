"""The dashboard as it is really served: its own process, a browser with the session cookie, below /admin."""

import sys
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from ahead.admin_dashboard.processes import SERVICE
from ahead.shared.testing.browser import BrowserUnavailable, chromium, chromium_path
from ahead.shared.testing.plugin import missing
from ahead.shared.testing.web_server import WebServer

pytestmark = pytest.mark.browser

# A page is drawn part by part, as its figures come; on a machine that is busy that takes a while.
PATIENCE_MS = 60_000


class Dashboard(WebServer):
    """The process as the supervisor starts it."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        (process,) = SERVICE.processes
        assert process.ready_path
        super().__init__(folder, "", env, ready_path=process.ready_path)
        self._argv = process.argv

    def command(self) -> Sequence[str]:
        values = {"python": sys.executable, "host": "127.0.0.1", "port": str(self.port)}
        return [part.format(**values) for part in self._argv]


@pytest.fixture(scope="module")
def dashboard(platform: Any, tmp_path_factory: pytest.TempPathFactory) -> Generator[Dashboard]:
    try:
        chromium_path()
    except BrowserUnavailable as error:
        missing(str(error))
    with Dashboard(tmp_path_factory.mktemp("dashboard"), platform.env) as server:
        yield server


@asynccontextmanager
async def opened(dashboard: Dashboard, session: str = "", **options: Any) -> AsyncGenerator[Page]:
    async with chromium() as browser:
        context = await browser.new_context(**options)
        if session:
            await context.add_cookies([{"name": "ahead_session", "value": session, "url": dashboard.url}])
        yield await context.new_page()


async def test_the_products_are_above_every_page_and_lead_out_of_the_dashboard(
    dashboard: Dashboard, platform: Any
) -> None:
    for session in ("", platform.operator):
        async with opened(dashboard, session) as page:
            await page.goto(dashboard.url + "/admin")
            products = page.get_by_role("navigation", name="Products")
            await expect(products).to_be_visible(timeout=PATIENCE_MS)
            account = products.get_by_role("link", name="Your account")
            await expect(account).to_have_attribute("href", "/account")
            assert await account.get_attribute("target") in (None, "_self"), "it stays in this tab"
            await expect(products.get_by_text("CareerCenter not installed here")).to_be_visible()
            await expect(page.get_by_role("link", name="Coding Ahead")).to_have_attribute("href", "/")


async def test_a_stranger_meets_the_closed_door_and_a_way_in(dashboard: Dashboard) -> None:
    async with opened(dashboard) as page:
        for path in ("/admin", "/admin/pipeline", "/admin/accounts"):
            await page.goto(dashboard.url + path)
            await expect(page.get_by_role("heading", name="Please log in")).to_be_visible(timeout=PATIENCE_MS)
            await expect(page.get_by_text("Code page views")).to_have_count(0)
        link = page.get_by_role("link", name="Log in")
        assert await link.get_attribute("href") == "/account/login?next=%2Fadmin"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_an_operator_reads_the_figures_at_any_width(
    dashboard: Dashboard, platform: Any, scheme: Any
) -> None:
    async with opened(dashboard, platform.operator, color_scheme=scheme) as page:
        for width in (390, 1280):
            await page.set_viewport_size({"width": width, "height": 1000})
            await page.goto(dashboard.url + "/admin")
            await expect(page.get_by_role("heading", name="Overview")).to_be_visible(timeout=PATIENCE_MS)
            await expect(page.get_by_role("heading", name="Searches without a result")).to_be_visible(
                timeout=PATIENCE_MS
            )
            await expect(page.locator("canvas, svg.marks").first).to_be_visible(timeout=PATIENCE_MS)
            over = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not over, f"scrolls sideways at {width}"


async def test_nothing_of_a_strangers_origin_may_open_the_socket(dashboard: Dashboard) -> None:
    import websockets

    address = dashboard.url.replace("http", "ws") + "/admin/_stcore/stream"
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(address, origin=websockets.Origin("https://evil.example")):
            pass
    assert refused.value.response.status_code == 403
    async with websockets.connect(address, origin=websockets.Origin("http://127.0.0.1:8080")):
        pass
