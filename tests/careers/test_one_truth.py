"""Whatever happens to jobs, in whatever order, by whatever clock: all outputs say the same about being open."""

import random
from datetime import datetime, timedelta
from typing import Any

import httpx
from careers_world import NOW, World, some_facts
from hypothesis import given, settings
from hypothesis import strategies as st

from ahead.careers.alerts.service import Alerts
from ahead.careers.board.wanted import parse
from ahead.careers.jobs import repository
from ahead.careers.jobs.lifecycle import Standing, act, is_open, replay, seconds
from ahead.careers.models import Posting
from ahead.shared.errors import Conflict

DAYS = 14
ACTIONS = (
    "submit",
    "approve",
    "hold",
    "reject",
    "pause",
    "resume",
    "confirm",
    "renew",
    "close",
    "edit",
    "appeal",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(-3 * 86_400, 20 * 86_400), st.booleans()), max_size=30
)


@given(STEPS, st.integers(-5 * 86_400, 120 * 86_400))
@settings(max_examples=300, deadline=None)
def test_a_window_is_open_only_while_its_state_allows_it(steps: list[Any], look: int) -> None:
    standing, at, done = Standing(), NOW, []
    for action, jump, review in steps:
        at = at + timedelta(seconds=jump, microseconds=jump % 999_999)
        more = {"review": review} if action in ("submit", "edit") else {}
        try:
            standing = act(standing, action, at, confirm_days=DAYS, **more)
        except Conflict:
            continue
        done.append((action, at, more))
    assert replay(done, confirm_days=DAYS) == standing
    moment = NOW + timedelta(seconds=look)
    if is_open(standing, moment):
        assert standing.status == "open"
        assert standing.valid_through is not None
        assert standing.confirmed_at is not None
        assert seconds(moment) < seconds(standing.valid_through)
        assert seconds(moment) < seconds(standing.confirmed_at + timedelta(days=DAYS))
    if standing.status != "open":
        assert (standing.open_from, standing.open_until) == (0, 0)


class Outputs:
    """The ids that each output of the board shows at a moment."""

    def __init__(self, world: World, client: httpx.AsyncClient, ids: list[str]) -> None:
        self._world = world
        self._client = client
        self._ids = ids

    async def shown(self) -> dict[str, set[str]]:
        at = self._world.clock.now()
        pages = {one: await self._client.get(f"/careers/jobs/{one}") for one in self._ids}
        by_page = {one for one, page in pages.items() if page.status_code == 200}
        found: dict[str, set[str]] = {
            "page": by_page,
            "json-ld": {one for one, page in pages.items() if "ld+json" in page.text},
            "applications": {
                one
                for one in self._ids
                if (await self._client.get(f"/careers/jobs/{one}/apply")).status_code == 200
            },
            "json": {
                one
                for one in self._ids
                if (await self._client.get(f"/api/careers/v1/jobs/{one}")).status_code == 200
            },
            "alerts": {job.id for job in await self._world.board.matching(parse(""), at, limit=100)},
        }
        for name in ("", "/feed.rss", "/feed.atom", "/feed.xml", "/feed.csv", "/sitemap.xml"):
            text = (await self._client.get(f"/careers{name}")).text
            found[name or "search"] = {one for one in self._ids if one in text}
        async with self._world.database.read() as session:
            found["sql"] = {row.id for row, _ in await repository.open_jobs(session, at, limit=100)}
        return found


async def test_all_outputs_agree_after_every_step(world: World, app: Any, long_run: bool) -> None:
    """Also while the index hasn't caught up: then search may show less, and never what is closed."""
    seed = 20261123
    rng = random.Random(seed)
    company = await world.company()
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        ids = [await world.job(company, publish=False, title=f"Coder number {n}") for n in range(5)]
        outputs = Outputs(world, client, ids)
        for step in range(400 if long_run else 25):
            for _ in range(3):
                try:
                    await world.act(rng.choice(ids), rng.choice(ACTIONS[:-1]))
                except Conflict:
                    continue
            jump = rng.choice((1, 60, 86_400, 5 * 86_400, -3600, -86_400))
            world.clock.advance(timedelta(seconds=jump))
            lagging = await outputs.shown() if step % 5 == 0 else {}
            truth = await _truth(world, ids, world.clock.now())
            for name, shown in lagging.items():
                assert shown <= truth, f"seed {seed}, step {step}, {name} before the index caught up"
            await world.indexer.catch_up()
            for name, shown in (await outputs.shown()).items():
                assert shown == truth, f"seed {seed}, step {step}, {name}"


async def _truth(world: World, ids: list[str], at: datetime) -> set[str]:
    async with world.database.read() as session:
        rows = [await session.get(Posting, one) for one in ids]
    return {row.id for row in rows if row is not None and is_open(row, at)}


async def test_alerts_neither_repeat_nor_miss_over_random_histories(world: World, long_run: bool) -> None:
    """Each open story is in exactly one mail of a search, however often it is closed, renewed or posted again."""
    seed = 8
    rng = random.Random(seed)
    alerts = Alerts(world.database, world.settings, world.board, world.clock)
    row = await alerts.create("a:ann", "ann@example.org", "q=coder", "daily", "America/Denver")
    await alerts.confirm(row)
    companies = [await world.company(f"Employer {number}") for number in range(4)]
    seen: set[str] = set()
    ids: list[str] = []
    for _ in range(120 if long_run else 20):
        for company in rng.sample(companies, 2):
            ids.append(await world.job(company, title=f"Coder {len(ids)}", index=False))
        for one in rng.sample(ids, 2):
            try:
                await world.act(one, rng.choice(("close", "renew", "pause", "resume", "confirm")))
            except Conflict:
                continue
        await world.indexer.catch_up()
        world.clock.advance(timedelta(hours=rng.choice((1, 7, 24))))
        await alerts.run_due()
        await alerts.run_due()
        for mail in (await world.mails("ann@example.org"))[1:]:
            seen.add(str(mail["Message-ID"]))
    mails = (await world.mails("ann@example.org"))[1:]
    assert len(seen) == len(mails)
    sent = [
        word.rsplit("/", 1)[1] for mail in mails for word in _text(mail).split() if "/careers/jobs/" in word
    ]
    assert len(sent) == len(set(sent)), f"seed {seed}: a job was sent twice"
    world.clock.advance(timedelta(days=2))
    for _ in range(4):
        await alerts.run_due()
        world.clock.advance(timedelta(days=1))
    mails = (await world.mails("ann@example.org"))[1:]
    sent = [
        word.rsplit("/", 1)[1] for mail in mails for word in _text(mail).split() if "/careers/jobs/" in word
    ]
    truth = await _truth(world, ids, world.clock.now())
    assert truth
    assert truth <= set(sent), f"seed {seed}: an open job was never sent"
    assert len(await world.events("alert.sent")) == len(mails)


def _text(mail: Any) -> str:
    return mail.get_payload(decode=True).decode()


def test_a_repost_is_the_same_story_and_another_site_is_not() -> None:
    from ahead.careers.jobs.story import story_of

    first = some_facts(title="Outpatient Coder")
    assert story_of("c", first) == story_of("c", some_facts(title="OUTPATIENT  coders"))
    assert story_of("c", first) != story_of("c", some_facts(title="Outpatient Coder", city="Dayton"))
    assert story_of("c", first) != story_of("d", first)
