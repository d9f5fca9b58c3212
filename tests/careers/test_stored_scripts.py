"""Scripts that strangers store in jobs, companies, applications and file names: rendered in a real browser, none runs.

The browser is told to ignore our pages' policy, so that the cleaning alone is on trial.
"""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from careers_world import PDF, World
from signed_tokens import Signer

from ahead.careers.applications.files import Files, judge
from ahead.careers.employers import form
from ahead.careers.jobs import service as jobs
from ahead.careers.jobs.cleaning import clean_html
from ahead.careers.models import Application, Member
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
async def test_nothing_runs_in_a_real_browser(world: World, keys: Signer, tmp_path: Path) -> None:
    try:
        chromium_path()
    except BrowserUnavailable as error:
        missing(str(error))
    held = list(payloads())
    parts = [held[start::3] for start in range(3)]
    paths: list[str] = ["/careers", "/careers/moderation", "/careers/employers"]
    for number, part in enumerate(parts):
        paths += await planted(world, part, held[number * 4 : number * 4 + 4])
    await world.indexer.catch_up()
    shared = world.settings.shared
    env = {
        "AHEAD_DATA": str(shared.data),
        "AHEAD_GUEST_KEY": shared.guest_key,
        "AHEAD_URL_ACCOUNTS": keys.url,
        "AHEAD_CAREERS_DATABASE_URL": world.settings.database,
    }
    with WebServer(tmp_path / "web", "ahead.careers.asgi:app", env) as server:
        async with asyncio.timeout(180), chromium() as browser:
            context = await browser.new_context(bypass_csp=True)
            token = keys.token("a:boss", roles=["moderator"])
            await context.add_cookies([{"name": "ahead_token", "value": token, "url": server.url}])
            page = await context.new_page()
            ran: list[str] = []

            async def on_dialog(dialog: object) -> None:
                ran.append(page.url)
                await dialog.dismiss()  # type: ignore[attr-defined]

            page.on("dialog", on_dialog)
            for path in paths:
                answer = await page.goto(server.url + path, wait_until="load")
                assert answer is not None
                assert answer.status == 200, path
                assert await page.evaluate(LOOK) == [], path
            assert ran == []
            await page.set_content("<img src=x onerror=alert(1)>")
            assert await page.evaluate(LOOK), "what is planted is found"
            await eventually(lambda: bool(ran))


async def planted(world: World, many: list[str], few: list[str]) -> list[str]:
    """A company, a job and an application with these in every field, as the forms take them; the pages that show it."""
    sent = {
        "title": [few[0]],
        "description": ["<p>x</p>" + "".join(many)],
        "city": [few[1]],
        "state": ["OH"],
        "zip": [few[2]],
        "software": [few[3]],
        "productivity": [few[0]],
        "coding_test": [few[1]],
        "questions": ["\n".join(many[:5])],
        "years": ["1"],
        "workplace": ["on-site"],
        "apply_url": ["javascript:alert(1)"],
    }
    facts, _ = form.read(lambda name: sent.get(name, []))
    assert facts.apply_url == ""
    company = await world.company(few[2][:120], about=clean_html("".join(many)), website="")
    now = world.clock.now()
    files = Files(world.settings)
    resume = await judge(f"{few[3]}.pdf", PDF, 5)
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject="a:boss", role="owner", since=now))
        row = await jobs.create(session, company, facts, now, by=few[0][:80])
        await jobs.change(session, row, "submit", now, by="a:boss", confirm_days=14, note="".join(many)[:900])
        application = Application(
            id=uuid7(),
            posting_id=row.id,
            subject="a:boss",
            name=few[0],
            email="x@example.org",
            phone=few[1][:40],
            letter="".join(many),
            credentials=few[2],
            resume_name=resume.name,
            resume_file=files.keep(resume),
            resume_type="pdf",
            at=now,
            changed_at=now,
        )
        session.add(application)
    base = "/careers/employers"
    return [
        f"/careers/jobs/{row.id}",
        f"{base}/jobs/{row.id}",
        f"{base}/jobs/{row.id}/edit",
        f"{base}/{company.id}",
        f"{base}/jobs/{row.id}/applications",
        f"{base}/applications/{application.id}",
        f"/careers/applications/{application.id}",
        f"/careers/jobs/{row.id}/apply",
    ]
