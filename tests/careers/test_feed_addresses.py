"""A feed that an employer keeps at an address of its own: fetched and followed, and nothing lost when it can't be."""

import threading
from collections.abc import Callable, Generator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from careers_world import Person, World
from sqlmodel import select

from ahead.careers.employers.service import Employers
from ahead.careers.importing.addresses import FeedAddresses
from ahead.careers.models import Company, FeedAddress, Member, Posting
from ahead.shared.http.client import OutgoingClient

People = Callable[..., Person]
TEXT = (
    "Code inpatient stays with ICD-10-CM and ICD-10-PCS. CCS or CIC is required. Query providers when needed."
)


def feed(*references: str, title: str = "Inpatient Coder") -> bytes:
    jobs = "".join(
        f"<job><referencenumber>{one}</referencenumber><title>{title} {one}</title><company>Whoever</company>"
        f"<city>Tampa</city><state>FL</state><description>{TEXT} At site {one}.</description></job>"
        for one in references
    )
    return f"<source>{jobs}</source>".encode()


class Site(ThreadingHTTPServer):
    """The employer's web server: what it answers with, and how often it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.asked = 200, b"", 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked += 1
                self.send_response(site.status)
                self.end_headers()
                self.wfile.write(site.body)

            def log_message(self, format: str, *args: object) -> None:
                """Nobody reads it."""

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/jobs.xml"


@pytest.fixture
def site() -> Generator[Site]:
    site = Site()
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield site
    site.shutdown()
    site.server_close()


def feeds_of(world: World, *allowed: tuple[str, int]) -> FeedAddresses:
    employers = Employers(world.database, world.settings, world.clock)
    return FeedAddresses(
        world.database, world.settings, world.clock, employers, OutgoingClient("test", allowed=allowed)
    )


async def member(world: World, company: Company, subject: str, role: str) -> None:
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject=subject, role=role, since=world.clock.now()))


async def standings(world: World) -> dict[str, str]:
    async with world.database.read() as session:
        return {row.external_id: row.status for row in (await session.scalars(select(Posting))).all()}


async def test_a_feed_at_an_address_is_followed(world: World, person: People, site: Site) -> None:
    company = await world.company()
    await member(world, company, "a:boss", "owner")
    boss = person("a:boss")
    at = f"/careers/employers/{company.id}"
    await boss.get(at)
    assert (await boss.post(f"{at}/feed", {"url": site.url})).status_code == 303
    assert "fetched for the first time within minutes" in (await boss.get(at)).text
    feeds = feeds_of(world, ("127.0.0.1", site.server_address[1]))
    site.body = feed("1", "2")
    assert await feeds.run_due() == 1
    assert await feeds.run_due() == 0, "not before it is due again"
    assert await standings(world) == {"1": "open", "2": "open"}
    assert "2 posted" in (await boss.get(at)).text
    world.clock.advance(timedelta(hours=6))
    site.body = feed("2", title="Lead Inpatient Coder")
    await feeds.run_due()
    assert await standings(world) == {"1": "closed", "2": "open"}
    assert site.asked == 2


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [(404, b"", "status 404"), (200, b"<html><p>Down for maintenance", "can&#39;t be read"),
     (200, feed("1", "2")[:-60], "can&#39;t be read"), (200, b"", "name at least")],
)  # fmt: skip
async def test_nothing_closes_for_a_feed_that_cant_be_read(
    world: World, person: People, site: Site, status: int, body: bytes, said: str
) -> None:
    company = await world.company()
    await member(world, company, "a:boss", "recruiter")
    boss = person("a:boss")
    at = f"/careers/employers/{company.id}"
    await boss.get(at)
    await boss.post(f"{at}/feed", {"url": site.url})
    feeds = feeds_of(world, ("127.0.0.1", site.server_address[1]))
    site.body = feed("1", "2")
    await feeds.run_due()
    world.clock.advance(timedelta(hours=6))
    site.status, site.body = status, body
    assert await feeds.run_due() == 0
    assert set((await standings(world)).values()) == {"open"}
    assert said in (await boss.get(at)).text
    world.clock.advance(timedelta(hours=1))
    site.status, site.body = 200, feed("1", "2")
    assert await feeds.run_due() == 1, "it is tried again within the hour"
    assert said not in (await boss.get(at)).text


async def test_an_address_inside_our_network_is_not_asked(world: World, person: People, site: Site) -> None:
    company = await world.company()
    await member(world, company, "a:boss", "owner")
    boss = person("a:boss")
    at = f"/careers/employers/{company.id}"
    await boss.get(at)
    for url in (
        site.url,
        site.url.replace("127.0.0.1", "localhost"),
        "http://169.254.169.254/latest/meta-data/",
    ):
        assert (await boss.post(f"{at}/feed", {"url": url})).status_code == 303
        assert await feeds_of(world).run_due() == 0
        assert "It is not a public address." in (await boss.get(at)).text
    for url in ("file:///etc/passwd", "jobs.xml", "ftp://example.com/jobs.xml"):
        assert (await boss.post(f"{at}/feed", {"url": url})).status_code == 400
    assert site.asked == 0


async def test_only_those_who_may_post_say_where_a_feed_is(world: World, person: People, site: Site) -> None:
    company = await world.company()
    await member(world, company, "a:boss", "owner")
    await member(world, company, "a:reader", "reviewer")
    other = await world.company("Other Clinics")
    await member(world, other, "a:stranger", "owner")
    for subject, status in (("a:stranger", 404), ("a:reader", 403)):
        one = person(subject)
        await one.get("/careers/employers")
        answer = await one.post(f"/careers/employers/{company.id}/feed", {"url": site.url})
        assert answer.status_code == status, subject
    boss = person("a:boss")
    await boss.get(f"/careers/employers/{company.id}")
    await boss.post(f"/careers/employers/{company.id}/feed", {"url": site.url})
    async with world.database.write() as session:
        company.standing = "suspended"
        session.add(company)
    site.body = feed("1")
    feeds = feeds_of(world, ("127.0.0.1", site.server_address[1]))
    assert await feeds.run_due() == 0, "a suspended company's feed is left alone"
    await boss.post(f"/careers/employers/{company.id}/feed", {"url": ""})
    assert await world.database_row(FeedAddress, company.id) is None
    assert site.asked == 0


async def test_programs_without_a_key_may_ask_less(world: World, person: People) -> None:
    await world.job(await world.company())
    guest, known = person(), person("a:program")
    known.client.headers["authorization"] = f"Bearer {known.client.cookies['ahead_token']}"
    known.client.cookies.clear()
    answers = [(await guest.get("/api/careers/v1/jobs")).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert {(await known.get("/api/careers/v1/jobs")).status_code for _ in range(60)} == {200}
