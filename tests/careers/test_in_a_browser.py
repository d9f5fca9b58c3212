"""Three stories in a real browser without scripts: a candidate's, an employer's, a moderator's; then axe, and no page
wider than its window."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from careers_world import PDF, World
from signed_tokens import Signer

from ahead.careers.alerts.service import Alerts
from ahead.careers.models import FeedAddress, HeldCredential, Member
from ahead.shared.testing.browser import BrowserUnavailable, axe_findings, chromium, chromium_path
from ahead.shared.testing.plugin import missing
from ahead.shared.testing.web_server import WebServer


@pytest.mark.browser
async def test_three_stories_without_scripts(
    world: World, keys: Signer, tmp_path: Path, long_run: bool
) -> None:
    try:
        chromium_path()
    except BrowserUnavailable as error:
        missing(str(error))
    harbor = await world.company("Harbor Clinics")
    async with world.database.write() as session:
        session.add(Member(company_id=harbor.id, subject="a:boss", role="owner", since=world.clock.now()))
        session.add(
            HeldCredential(
                subject="a:ann",
                credential="CPC",
                number="0123",
                stated_at=world.clock.now(),
                asked_at=world.clock.now(),
            )
        )
    await world.job(harbor, title="Radiology Coder")
    shared = world.settings.shared
    resume = tmp_path / "cv.pdf"
    resume.write_bytes(PDF)
    env = {
        "AHEAD_DATA": str(shared.data), "AHEAD_GUEST_KEY": shared.guest_key, "AHEAD_URL_ACCOUNTS": keys.url,
        "AHEAD_CAREERS_DATABASE_URL": world.settings.database,
    }  # fmt: skip
    with WebServer(tmp_path / "web", "ahead.careers.asgi:app", env) as server:
        async with asyncio.timeout(400), chromium() as browser:

            async def as_somebody(subject: str, *, scripts: bool = False, roles: tuple[str, ...] = ()) -> Any:
                context = await browser.new_context(java_script_enabled=scripts, base_url=server.url)
                token = keys.token(subject, roles=list(roles))
                await context.add_cookies([{"name": "ahead_token", "value": token, "url": server.url}])
                return await context.new_page()

            boss, ann = await as_somebody("a:boss"), await as_somebody("a:ann")
            moderator = await as_somebody("a:mod", roles=("moderator",))
            job = await employer_posts_and_is_moderated(boss, moderator)
            await world.indexer.catch_up()
            await candidate_finds_saves_and_applies(ann, resume)
            application = await employer_reviews(boss, job)
            await candidate_is_told(ann, world)
            await moderator_handles_a_report(await as_somebody("a:bob"), moderator, job)
            page = await ann.goto(f"/careers/jobs/{job}")
            assert page.status == 410
            assert any("is closed" in str(mail["Subject"]) for mail in await world.mails("ann@example.org"))
            other = await world.job(harbor, title="Emergency Coder", questions=("Which encoder?",))

            sign = world.settings.sign
            alerts = Alerts(world.database, world.settings, world.board, world.clock)
            alert = await alerts.create("a:boss", "boss@example.org", "state=OH", "daily", "America/New_York")
            await alerts.confirm(alert)
            async with world.database.write() as session:
                session.add(
                    FeedAddress(company_id=harbor.id, url="https://example.com/a-rather-long-name/of-a-feed.xml",
                                set_by="a:boss", next_at=world.clock.now(), problem="It answers with status 404.")
                )  # fmt: skip
            looks = await as_somebody("a:boss", scripts=True, roles=("moderator",))
            every = (
                "/careers?near=43215",
                f"/careers/jobs/{other}",
                f"/careers/employers/{harbor.id}/post",
                f"/careers/employers/applications/{application}",
                "/careers/moderation",
                "/careers/mine/profile",
                "/careers?q=nothing+like+it",
                f"/careers/jobs/{other}/apply",
                "/careers/mine",
                "/careers/alerts/new",
                "/careers/employers",
                f"/careers/employers/{harbor.id}",
                f"/careers/employers/jobs/{other}",
                f"/careers/moderation/jobs/{job}",
                f"/careers/jobs/{job}",  # closed
                "/careers/jobs/nothing-like-it",
                f"/careers/employers/jobs/{other}/edit",
                f"/careers/employers/jobs/{job}/applications",
                f"/careers/employers/confirm/{other}?token=x",
                f"/careers/employers/domain/{harbor.id}?token=x",
                "/careers/employers/join?token=x",
                f"/careers/applications/{application}?token={sign('application', application)}",
                f"/careers/alerts/{alert.id}/confirm?token={sign('alert-confirm', alert.id, alert.email)}",
                f"/careers/alerts/{alert.id}/stop?token={sign('alert-stop', alert.id, alert.email)}",
            )
            guest = await (await browser.new_context(base_url=server.url)).new_page()
            seen = [
                (guest, "/careers/employers"),
                *((looks, path) for path in (every if long_run else every[:6])),
            ]
            for page, path in seen:
                await page.goto(path)
                await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
                for width in (360, 768, 1280):
                    await page.set_viewport_size({"width": width, "height": 900})
                    wide = await page.evaluate("document.documentElement.scrollWidth")
                    assert wide <= width, (path, width)
                assert await axe_findings(page) == [], path


async def employer_posts_and_is_moderated(boss: Any, moderator: Any) -> str:
    await boss.goto("/careers/employers")
    await boss.get_by_label("Name of the company").fill("Bayside Physician Group")
    await boss.get_by_label("E-mail address for questions").fill("jobs@bayside.example")
    await boss.get_by_role("button", name="Go on").click()
    await boss.get_by_role("link", name="Post a job").click()
    await boss.get_by_label("Title").fill("Cardiology Coder")
    await boss.get_by_label("Description").fill("Code cardiology visits and procedures for eight physicians.")
    await boss.get_by_label("From").fill("26")
    await boss.get_by_label("Work place").select_option("remote")
    await (
        boss.get_by_role("group", name="Credentials required").get_by_label("CPC", exact=False).first.check()
    )
    await boss.get_by_label("Questions to candidates").fill("Which encoder do you know?")
    await boss.get_by_role("button", name="Save and see the preview").click()
    assert "Remote without named states" in await boss.content()
    await boss.get_by_role("button", name="Post this job").click()
    assert "A person looks at it before it is shown" in await boss.content()
    job = boss.url.rsplit("/", 1)[1]
    await moderator.goto("/careers/moderation")
    case = moderator.get_by_role("article").filter(has_text="Cardiology Coder")
    await case.get_by_role("button", name="Approve and trust").click()
    await boss.reload()
    assert await boss.get_by_role("link", name="As candidates see it").count() == 1
    return job


async def candidate_finds_saves_and_applies(ann: Any, resume: Path) -> None:
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
    assert await ann.get_by_label("Send the credentials of my profile: CPC").is_checked()
    await ann.get_by_role("button", name="Send application").click()
    assert await ann.get_by_role("heading", name="Application sent").count() == 1


async def employer_reviews(boss: Any, job: str) -> str:
    await boss.goto(f"/careers/employers/jobs/{job}/applications")
    await boss.get_by_role("link", name="Ann Coder").click()
    said = await boss.content()
    assert "TruCode" in said
    assert "AAPC says whether it is so" in said
    await boss.get_by_label("Note for your colleagues").fill("Call on Monday.")
    await boss.get_by_role("button", name="Keep").click()
    await boss.get_by_label("Stage").select_option("interview")
    await boss.get_by_role("button", name="Move").click()
    return boss.url.rsplit("/", 1)[1]


async def candidate_is_told(ann: Any, world: World) -> None:
    await ann.goto("/careers/mine")
    said = await ann.content()
    assert "Interview" in said
    assert said.count("Cardiology Coder") == 2, "applied for, and saved"
    subjects = [str(mail["Subject"]) for mail in await world.mails("ann@example.org")]
    assert subjects == ["Your application: Cardiology Coder"] * 2
    await ann.get_by_role("link", name="Cardiology Coder").first.click()
    assert "Call on Monday" not in await ann.content(), "a note is among the members"


async def moderator_handles_a_report(bob: Any, moderator: Any, job: str) -> None:
    await bob.goto(f"/careers/jobs/{job}")
    await bob.get_by_text("Something wrong with this job?").click()
    await bob.get_by_label("What is wrong?").select_option("scam")
    await bob.get_by_label("What should we know?").fill("They asked me for money.")
    await bob.get_by_role("button", name="Report this job").click()
    assert await bob.get_by_role("heading", name="Thank you").count() == 1
    await moderator.goto("/careers/moderation")
    case = moderator.get_by_role("article").filter(has_text="They asked me for money.")
    await case.get_by_label("Why (the employer reads it)").fill("It asks candidates for money.")
    await case.get_by_role("button", name="Remove", exact=True).click()
    await moderator.goto(f"/careers/moderation/jobs/{job}")
    said = await moderator.content()
    assert "It asks candidates for money." in said
    assert "a:mod" in said
