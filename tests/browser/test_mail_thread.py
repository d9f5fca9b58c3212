"""A conversation by e-mail through the whole platform, seen as a mail program shows it; and the desk behind it."""

import re
import subprocess

import httpx
import pytest
from mailbox_of import Correspondent, page_of, text_of
from platform_process import PlatformProcess, environment
from playwright.async_api import expect
from pyotp.totp import TOTP
from visitor import PASSWORD, WIDTHS, Visitor, visitor, walk

from ahead.local import place
from ahead.shared.testing.browser import axe_findings, chromium

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def linked(platform: PlatformProcess, address: str) -> Correspondent:
    """A registered person whose address is linked by the link that was mailed to it."""
    person = Correspondent(address, platform.data / "mail" / "out", platform.smtp_port)
    with platform.client() as client:
        submit(client, "/account/register", {"email": address, "password": PASSWORD})
        assert "Confirm" in str(person.next()["Subject"]) or person.had
        submit(client, "/consultant", {"address": address}, to="/consultant/addresses")
        found = re.search(r"(/consultant/addresses/confirm\?\S+)", text_of(person.next()))
        assert found
        submit(client, found[1], {})
    person.had = person.mails()
    return person


def submit(client: httpx.Client, path: str, fields: dict[str, str], to: str = "") -> None:
    hidden = dict(HIDDEN.findall(client.get(path).text))
    answer = client.post(to or path.partition("?")[0], data=hidden | fields)
    assert answer.status_code in (200, 303), answer.text


async def test_a_thread_of_six_mails_reads_right(platform: PlatformProcess) -> None:
    jane = linked(platform, "jane@clinic.example")
    jane.write("Hi,\n\nIs M17.12 valid and billable?\n\nThanks\nJane", subject="Knee")
    first = jane.next()
    said = " ".join(text_of(first).split())
    assert said.startswith("M17.12: Valid and billable")
    assert "later edition is not loaded). [1]" in said
    jane.write("DOS 10/15/2026. Is E11.9 billable? Is I10 billable?", answers=first)
    second = jane.next()
    assert "2. You asked: Is I10 billable?" in text_of(second)
    assert "For the date of service 2026-10-15." in text_of(second)
    jane.write("HUMAN please, patient John Smith is waiting.", answers=second)
    third = jane.next()
    assert "A coder will look at your question" in text_of(third)
    assert "Smith" not in text_of(third)
    threads = [str(mail["References"]).split()[0] for mail in (first, second, third)]
    assert len(set(threads)) == 1, "one conversation to every mail program"
    assert {str(mail["Subject"]) for mail in (first, second, third)} == {"Re: Knee"}
    async with chromium() as browser:
        page = await browser.new_page()
        for number, mail in enumerate((first, second, third), 1):
            await page.set_content(page_of(mail))
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": 900})
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                    number,
                    width,
                )
                await page.screenshot(
                    path=platform.data.parent / f"mail-{number}-{width}.png", full_page=True
                )
            seen = " ".join((await page.inner_text("body")).split())
            for line in text_of(mail).splitlines()[:3]:
                assert " ".join(line.split()) in seen, "both parts say the same"
            assert await axe_findings(page, ("critical",)) == []
        sources = await page.evaluate(
            "document.images.length + document.scripts.length + document.styleSheets.length"
        )
        assert sources == 0, "nothing that a mail program blocks"


def test_swaks_gets_an_answer(platform: PlatformProcess) -> None:
    sam = linked(platform, "sam@clinic.example")
    if not sam.write_with_swaks("Is E11.9 billable on 10/15/2026?", "diabetes"):
        pytest.skip("swaks is not installed")
    assert text_of(sam.next()).startswith("E11.9: Valid and billable")


def make_expert(platform: PlatformProcess, email: str) -> str:
    """On the command line; returns the secret that the authenticator app holds."""
    made = subprocess.run(
        [
            *(str(place.root() / "ahead"), "accounts", "create-user", "--email", email),
            *("--role", "expert", "--password-stdin"),
        ],
        input=f"{PASSWORD}\n",
        env=environment() | {"AHEAD_DATA": str(platform.data)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd="/",
    )
    return made.stdout.split("secret=")[1].split("&")[0]


async def log_in(who: Visitor, email: str, secret: str) -> None:
    page = who.page
    await who.open("/account/login?next=/consultant/desk")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Log in").click()
    await page.get_by_role("textbox", name="Code", exact=True).fill(TOTP(secret).now())
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("heading", name="Waiting for a coder")).to_be_visible()


async def test_an_expert_answers_at_the_desk_by_keyboard(platform: PlatformProcess) -> None:
    secret = make_expert(platform, "coder@example.org")
    ruth = linked(platform, "ruth@clinic.example")
    ruth.write("HUMAN: is I10 billable?", subject="Pressure")
    assert "A coder will look" in text_of(ruth.next())
    async with visitor(platform.url, reduced_motion="reduce") as expert:
        page = expert.page
        await log_in(expert, "coder@example.org", secret)
        found = await at_all_widths(expert, "queue")
        await page.get_by_role("link", name="Pressure").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Pressure")).to_be_visible()
        assert len(await walk(page)) > 10
        found += await at_all_widths(expert, "thread")
        await page.get_by_label("Goes into the same thread").focus()
        await page.keyboard.type("Yes, I10 is a complete code.")
        while await page.evaluate("document.activeElement.innerText") != "Send":
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Waiting for a coder")).to_be_visible()
        for path in ("/consultant/desk/texts", "/consultant/desk/knowledge"):
            await expert.open(path)
            found += await at_all_widths(expert, path)
        assert found == []
        assert expert.complaints == []
    answer = ruth.next()
    assert text_of(answer).strip() == "Yes, I10 is a complete code."
    assert answer["Auto-Submitted"] is None


async def at_all_widths(who: Visitor, name: str) -> list[str]:
    found: list[str] = []
    for width in WIDTHS:
        await who.page.set_viewport_size({"width": width, "height": 900})
        over = await who.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{name} is {over} px wider than {width}"] if over > 0 else []
    return found + [f"{name}: {finding}" for finding in await axe_findings(who.page)]


async def test_an_approved_answer_of_a_coder_is_cited_by_casepilot(platform: PlatformProcess) -> None:
    """Asked by mail, answered at the desk, proposed, approved by a second coder, and cited to somebody else."""
    coders = {email: make_expert(platform, email) for email in ("first@example.org", "second@example.org")}
    asked = "Which zebrafish modifier goes with quokka visits in the telescope clinic?"
    rose = linked(platform, "rose@clinic.example")
    rose.write(f"HUMAN: {asked}", subject="Quokka")
    assert "A coder will look" in text_of(rose.next())
    async with visitor(platform.url) as expert:
        page = expert.page
        await log_in(expert, "first@example.org", coders["first@example.org"])
        await page.get_by_role("link", name="Quokka").click()
        await expect(page.get_by_role("heading", name="Quokka")).to_be_visible()
        await expert.open(f"/consultant/desk/knowledge/propose/{page.url.rpartition('/')[2]}")
        await page.get_by_label("The question").fill(asked)
        await page.get_by_label("The answer").fill("Append modifier 25 to the quokka visit.")
        await page.get_by_role("button", name="Propose").click()
        await expect(page.get_by_role("heading", name="Knowledge base")).to_be_visible()
    async with visitor(platform.url) as expert:
        await log_in(expert, "second@example.org", coders["second@example.org"])
        await expert.open("/consultant/desk/knowledge")
        await expert.page.get_by_role("button", name="Approve").first.click()
        await expect(expert.page.get_by_text("published").first).to_be_visible()
    async with visitor(platform.url) as guest:
        await guest.open("/casepilot")
        page = guest.page
        await page.locator("#question").fill("Which zebrafish modifier goes with a quokka visit?")
        await page.get_by_role("button", name="Ask CasePilot").click()
        await expect(page.get_by_text("Append modifier 25 to the quokka visit.").first).to_be_visible()
        await page.screenshot(path=platform.data.parent / "cited.png", full_page=True)
        link = page.locator('a[href*="/consultant/knowledge/"]').first
        await guest.open(str(await link.get_attribute("href")))
        await expect(page.get_by_text("Append modifier 25 to the quokka visit.")).to_be_visible()
