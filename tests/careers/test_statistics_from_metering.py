"""Views and applications as employers see them are what metering, really run, has counted of CareerCenter's events."""

import asyncio
import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from careers_world import Person, World

from ahead.accounts.db import upgrade as upgrade_accounts
from ahead.accounts.settings import Settings as AccountsSettings
from ahead.careers.employers.statistics import Statistics
from ahead.careers.models import Member
from ahead.careers.settings import Settings
from ahead.metering.consumer import Ingest
from ahead.metering.db import upgrade as upgrade_metering
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.settings import Settings as MeteringSettings
from ahead.shared.clock import SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.events.consumer import Message
from ahead.shared.settings import load
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.web_server import WebServer

People = Callable[..., Person]


@pytest.fixture
def peers(
    nats_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[dict[str, str]]:
    """Accounts and metering as they really run; their environment."""
    env = {
        "AHEAD_DATA": str(tmp_path / "peers"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_NATS_URL": nats_server.url,
        "AHEAD_ACCOUNTS_KEY_SECRET": "s" * 40,
        "AHEAD_METERING_ERASURE_KEY": "e" * 40,
        "AHEAD_CAREERS_SERVICE_KEY": "c" * 43,
    }
    accounts = WebServer(tmp_path / "accounts", "ahead.accounts.asgi:app", env)
    env["AHEAD_URL_ACCOUNTS"] = accounts.url
    metering = WebServer(tmp_path / "metering", "ahead.metering.asgi:app", env)
    env["AHEAD_URL_METERING"] = metering.url
    with monkeypatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        upgrade_accounts(load(AccountsSettings))
        upgrade_metering(load(MeteringSettings))
        with accounts, metering:
            yield env


async def count(events: list[dict[str, Any]], env: dict[str, str]) -> None:
    """Stored and counted, as metering's consumer does."""
    database = Database(load(MeteringSettings).database)
    try:
        sent = [
            Message("ahead.events.test", json.dumps(one).encode(), n, 1) for n, one in enumerate(events, 1)
        ]
        await Ingest(database, Blinding(env["AHEAD_METERING_ERASURE_KEY"])).handle(sent)
        # An event that comes twice counts once.
        await Ingest(database, Blinding(env["AHEAD_METERING_ERASURE_KEY"])).handle(sent)
    finally:
        await database.close()


async def test_employers_see_what_metering_counted(
    world: World, person: People, peers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people look, one of them twice and applies, another leaves for the employer's site, a robot comes by."""
    now = SystemClock().now()
    world.clock.advance(now - world.clock.now())
    company = await world.company()
    async with world.database.write() as session:
        session.add(Member(company_id=company.id, subject="a:boss", role="owner", since=now))
    here, there = await world.job(company), await world.job(company, apply_url="https://example.com/apply")
    quiet = await world.job(company, title="Nobody looks at this")
    ann, bob = person("a:ann"), person("a:bob")
    for one in (ann, ann, bob):
        await one.get(f"/careers/jobs/{here}")
    await person().get(f"/careers/jobs/{here}", headers={"user-agent": "Googlebot/2.1"})
    letter = "I have coded outpatient visits for six years."
    await ann.post(
        f"/careers/jobs/{here}/apply", {"name": "Ann", "email": "ann@example.org", "letter": letter}
    )
    await bob.get(f"/careers/jobs/{there}")
    for _ in range(2):
        await bob.post(f"/careers/jobs/{there}/leave")
    events = await world.events("job.viewed") + await world.events("application.submitted")
    await count(events, peers)
    monkeypatch.setenv("AHEAD_CAREERS_SERVICE_KEY", peers["AHEAD_CAREERS_SERVICE_KEY"])
    monkeypatch.setenv("AHEAD_URL_METERING", peers["AHEAD_URL_METERING"])
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", peers["AHEAD_URL_ACCOUNTS"])
    statistics = Statistics(load(Settings))
    try:
        counted = await asyncio.wait_for(statistics.of([here, there, quiet], world.clock.now()), 30)
    finally:
        await statistics.aclose()
    assert counted is not None
    assert (counted[here].views, counted[here].people, counted[here].applications) == (2, 2, 1)
    assert (counted[there].views, counted[there].people, counted[there].applications) == (1, 1, 1)
    assert (counted[quiet].views, counted[quiet].applications) == (0, 0)
