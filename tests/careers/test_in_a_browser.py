"""The candidate's and the employer's story in a real browser without scripts; axe and widths on every kind of page."""

import asyncio
from pathlib import Path

import pytest
from careers_world import PDF, World
from signed_tokens import Signer

from ahead.careers.models import Member
from ahead.shared.testing.browser import BrowserUnavailable, axe_findings, chromium, chromium_path
from ahead.shared.testing.plugin import missing
from ahead.shared.testing.web_server import WebServer


@pytest.mark.browser
async def test_two_stories_without_scripts(
    world: World, keys: Signer, tmp_path: Path, long_run: bool
) -> None:
    try:
        chromium_path()
    except BrowserUnavailable as error:
        missing(str(error))
    company = await world.company("Harbor Clinics")
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject="a:boss", role="owner", since=world.clock.now()))
    job = await world.job(company, title="Cardiology Coder", questions=("Which encoder do you know?",))
    await world.job(company, title="Radiology Coder")
    shared = world.settings.shared
    resume = tmp_path / "cv.pdf"
    resume.write_bytes(PDF)
    env = {
        "AHEAD_DATA": str(shared.data), "AHEAD_GUEST_KEY": shared.guest_key, "AHEAD_URL_ACCOUNTS": keys.url,
        "AHEAD_CAREERS_DATABASE_URL": world.settings.database,
    }  # fmt: skip
    with WebServer(tmp_path / "web", "ahead.careers.asgi:app", env) as server:
        async with asyncio.timeout(240), chromium() as browser:

            async def as_somebody(
                subject: str, *, scripts: bool = False, roles: list[str] | None = None
            ) -> object:
                context = await browser.new_context(java_script_enabled=scripts, base_url=server.url)
                token = keys.token(subject, roles=roles or [])
                await context.add_cookies([{"name": "ahead_token", "value": token, "url": server.url}])
                return await context.new_page()

            ann = await as_somebody("a:ann")
            await ann.goto("/careers")
            await ann.get_by_label("Search jobs").fill("cardiology")
            await ann.get_by_role("button", name="Search", exact=True).click()
            await ann.get_by_role("link", name="Cardiology Coder").click()
            await ann.get_by_role("button", name="Save job").click()
            await ann.get_by_role("link", name="Apply").click()
            await ann.get_by_label("Your name").fill("Ann Coder")
            await ann.get_by_label("E-mail").fill("ann@example.org")
            await ann.get_by_label("Resume").set_input_files(str(resume))
            await ann.get_by_label("Which encoder").fill("TruCode")
            await ann.get_by_role("button", name="Send application").click()
            assert await ann.get_by_role("heading", name="Application sent").count() == 1

            boss = await as_somebody("a:boss")
            await boss.goto(f"/careers/employers/{company.id}")
            await boss.get_by_role("link", name="1", exact=True).click()
            await boss.get_by_role("link", name="Ann Coder").click()
            assert "TruCode" in await boss.content()
            await boss.get_by_label("Stage").select_option("interview")
            await boss.get_by_role("button", name="Move").click()
            application = boss.url.rsplit("/", 1)[1]
            await ann.goto("/careers/mine")
            assert "Interview" in await ann.content()

            looks = await as_somebody("a:boss", scripts=True, roles=["moderator"])
            every = (
                "/careers",
                f"/careers/jobs/{job}",
                f"/careers/employers/{company.id}/post",
                f"/careers/employers/applications/{application}",
                "/careers/moderation",
                "/careers?q=nothing+like+it",
                f"/careers/jobs/{job}/apply",
                "/careers/mine",
                "/careers/alerts/new",
                "/careers/employers",
                f"/careers/employers/{company.id}",
                f"/careers/employers/jobs/{job}",
            )
            for path in every if long_run else every[:5]:
                await looks.goto(path)
                for width in (360, 768, 1280):
                    await looks.set_viewport_size({"width": width, "height": 900})
                    assert await looks.evaluate("document.documentElement.scrollWidth") <= width, (
                        path,
                        width,
                    )
                assert await axe_findings(looks) == [], path
