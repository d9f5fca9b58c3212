"""Scripts that strangers store in jobs, companies, applications and file names: rendered in a real browser, none runs.

The browser is told to ignore our pages' policy, so that the cleaning alone is on trial.
"""

import asyncio
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from careers_world import PDF, World
from signed_tokens import Signer

from ahead.careers.applications.files import Files, judge
from ahead.careers.candidates.service import Candidates
from ahead.careers.employers import form
from ahead.careers.jobs import service as jobs
from ahead.careers.jobs.cleaning import clean_html, line, web_address
from ahead.careers.models import Application, Member, Remark, Report
from ahead.shared.auth.principal import Principal
from ahead.shared.ids import uuid7
from ahead.shared.testing.browser import BrowserUnavailable, chromium, chromium_path
from ahead.shared.testing.plugin import missing
from ahead.shared.testing.waiting import eventually
from ahead.shared.testing.web_server import WebServer

TAGS = (
    "img src=x",
    "svg",
    "body",
    "input autofocus",
    "video src=x",
    "audio src=x",
    "details open",
    "iframe",
    "marquee",
    "object data=x",
    "embed src=x",
    "math",
    "style",
    "select autofocus",
    "a href=x",
    "p",
    "li",
    "b",
)
HANDLERS = (
    "onerror",
    "onload",
    "onfocus",
    "ontoggle",
    "onmouseover",
    "onanimationstart",
    "onstart",
    "ONERROR",
    "onbegin",
)
SHAPES = ("<{tag} {handler}=alert(1)>", "<{tag}/{handler}='alert(1)'>")
ODD = (
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<base href=//x.example>",
    "<meta http-equiv=refresh content='0;javascript:alert(1)'>",
    "<link rel=import href=x>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover=alert(1) x="',
    "<!--<img src=--><img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "{% raw %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p style=background:url(javascript:alert(1))>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "\u202e<script>alert(1)</script>",
    "<img src=x onerror=\u2028alert(1)>",
    "<x onclick=alert(1) hx-get=/x hx-trigger=load>",
)


def payloads() -> Iterator[str]:
    yield from ODD
    for shape, tag, handler in itertools.product(SHAPES, TAGS, HANDLERS):
        yield shape.format(tag=tag, handler=handler)


def test_there_are_more_than_three_hundred() -> None:
    assert len(set(payloads())) >= 300


@pytest.mark.parametrize("kind", ["html", "text"])
def test_cleaned_html_holds_no_attribute_and_only_plain_elements(kind: str) -> None:
    from html.parser import HTMLParser

    from ahead.careers.jobs.cleaning import TAGS as ALLOWED

    found: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, attrs))

    for payload in payloads():
        reader = Reader()
        reader.feed(clean_html(f"<p>{payload}</p>" if kind == "html" else payload))
    assert all(tag in ALLOWED and attrs == [] for tag, attrs in found)


LOOK = """() => [...document.querySelectorAll('*')].flatMap(e => [
    ...[...e.attributes]
        .filter(a => /^on/i.test(a.name) || /^\\s*(javascript|data):/i.test(a.value) && a.name != 'content')
        .map(a => e.tagName + ' ' + a.name + '=' + a.value),
    ...(['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE'].includes(e.tagName) ? [e.tagName] : []),
    ...(e.tagName == 'SCRIPT' && !e.nonce && !e.src.startsWith(location.origin) ? ['SCRIPT ' + e.outerHTML] : []),
])"""


@pytest.mark.browser
async def test_nothing_runs_in_a_real_browser(
    world: World, keys: Signer, tmp_path: Path, long_run: bool
) -> None:
    """Each payload in every field of a job, a company, a profile and an application, and in a resume's name."""
    try:
        chromium_path()
    except BrowserUnavailable as error:
        missing(str(error))
    every = list(dict.fromkeys(payloads()))
    held = every if long_run else random.Random(8).sample(ODD, 14) + random.Random(9).sample(every, 8)
    paths: list[str] = ["/careers", "/careers/moderation", "/careers/employers"]
    for number, payload in enumerate(held):
        paths += await planted(world, payload, number)
    paths += [f"/careers?page={page}" for page in range(2, len(held) // 20 + 2)]
    await world.indexer.catch_up()
    shared = world.settings.shared
    env = {
        "AHEAD_DATA": str(shared.data),
        "AHEAD_GUEST_KEY": shared.guest_key,
        "AHEAD_URL_ACCOUNTS": keys.url,
        "AHEAD_CAREERS_DATABASE_URL": world.settings.database,
        "AHEAD_RATE_LIMIT_ADDRESS_PER_MINUTE": "0",
        "AHEAD_RATE_LIMIT_PRINCIPAL_PER_MINUTE": "0",
    }
    with WebServer(tmp_path / "web", "ahead.careers.asgi:app", env) as server:
        async with asyncio.timeout(3000 if long_run else 300), chromium() as browser:
            context = await browser.new_context(bypass_csp=True)
            page = await context.new_page()
            ran: list[str] = []

            async def on_dialog(dialog: object) -> None:
                ran.append(page.url)
                await dialog.dismiss()  # type: ignore[attr-defined]

            page.on("dialog", on_dialog)
            subject = ""
            for path in paths:
                path, _, wanted = path.partition("#")
                if subject != (wanted or "a:boss"):
                    subject = wanted or "a:boss"
                    token = keys.token(subject, roles=["moderator"])
                    await context.add_cookies([{"name": "ahead_token", "value": token, "url": server.url}])
                answer = await page.goto(server.url + path, wait_until="load")
                assert answer is not None
                assert answer.status == 200, path
                assert await page.evaluate(LOOK) == [], path
            assert ran == []
            await page.set_content("<img src=x onerror=alert(1)>")
            assert await page.evaluate(LOOK), "what is planted is found"
            await eventually(lambda: bool(ran))


async def planted(world: World, payload: str, number: int) -> list[str]:
    """What the forms make of a payload in all their fields; the pages that show it, and as whom behind #."""
    one = [payload]
    sent = {
        "title": [f"{payload} {number:05}"],
        "description": ["<p>x</p>" + payload],
        "city": one,
        "state": ["OH"],
        "zip": one,
        "software": one,
        "productivity": one,
        "coding_test": one,
        "questions": one,
        "years": ["1"],
        "workplace": ["on-site"],
        "apply_url": ["javascript:alert(1)"],
    }
    facts, _ = form.read(lambda name: sent.get(name, []))
    assert facts.apply_url == ""
    company = await world.company(line(payload), about=clean_html(payload), website=web_address(payload))
    now = world.clock.now()
    who = f"a:ann{number}"
    candidate = Principal(kind="account", id=who[2:], plan="free")
    candidates = Candidates(world.database, world.settings, world.clock)
    profile = {"name": payload, "email": "", "phone": payload, "about": payload}
    await candidates.keep(candidate, profile)
    await candidates.state(candidate, "CPC", payload, check=number % 3 == 0)
    files = Files(world.settings)
    resume = await judge(f"{payload}.pdf", PDF, 5) if number % 10 == 0 else None
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject="a:boss", role="owner", since=now))
        row = await jobs.create(session, company, facts, now, by=payload[:80])
        review = number % 5 == 0
        await jobs.change(
            session, row, "submit", now, by="a:boss", confirm_days=14, note=payload, review=review
        )
        changed = msgspec.structs.replace(facts, productivity=line(payload + payload))
        await jobs.change(session, row, "edit", now, by=payload[:80], confirm_days=14, facts=changed)
        application = Application(
            id=uuid7(),
            posting_id=row.id,
            subject=who,
            name=line(payload),
            email="x@example.org",
            phone=line(payload, 40),
            letter=payload,
            credentials=line(payload),
            with_profile=True,
            answers=msgspec.json.encode([payload]).decode(),
            resume_name=resume.name if resume else line(f"{payload}.pdf"),
            resume_file=files.keep(resume) if resume else "0" * 40 + ".pdf",
            resume_type="pdf",
            at=now,
            changed_at=now,
        )
        session.add(application)
        await session.flush()
        for kind in ("note", "to", "from"):
            session.add(
                Remark(
                    id=uuid7(),
                    application_id=application.id,
                    kind=kind,
                    by=payload[:80],
                    text=payload,
                    at=now,
                )
            )
        session.add(
            Report(id=uuid7(), posting_id=row.id, subject=f"g:{number}", kind="scam", text=payload, at=now)
        )
    base = "/careers/employers"
    shown = [] if review else [f"/careers/jobs/{row.id}", f"/careers/jobs/{row.id}/apply#{who}"]
    return [
        *shown,
        f"{base}/jobs/{row.id}",
        f"{base}/jobs/{row.id}/edit",
        f"{base}/{company.id}",
        f"{base}/jobs/{row.id}/applications",
        f"{base}/applications/{application.id}",
        f"/careers/moderation/jobs/{row.id}",
        f"/careers/applications/{application.id}#{who}",
        f"/careers/mine/profile#{who}",
    ]
