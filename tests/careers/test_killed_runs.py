"""A night's run of alerts and the import of a feed, killed again and again: everybody has exactly what is due, once,
and each job is there once, with its history and its event."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from careers_world import NOW, World
from job_feeds import write_feed
from sqlalchemy import func, insert
from sqlmodel import col, select

from ahead.careers.demo.generator import examples
from ahead.careers.models import History, Mail, Posting, SavedSearch, SentJob
from ahead.shared.ids import uuid7
from ahead.shared.testing.waiting import eventually

RUN = Path(__file__).parents[1] / "helpers" / "alert_run.py"


@pytest.mark.fault
async def test_each_person_has_exactly_what_is_due(world: World, long_run: bool) -> None:
    people = 50_000 if long_run else 60
    kills = 20 if long_run else 2
    company = await world.company()
    jobs = {credential: await world.job(company, title=f"{credential} Coder", credentials=(credential,), index=False)
            for credential in ("CPC", "CIC", "CRC")}  # fmt: skip
    await world.indexer.catch_up()
    rows = [
        {"id": uuid7(), "subject": f"a:{number}", "email": f"p{number}@example.org", "frequency": "daily",
         "query": f"credential={('CPC', 'CIC', 'CRC', 'CUC')[number % 4]}", "zone": "America/New_York",
         "created_at": NOW, "confirmed_at": NOW, "next_at": NOW + timedelta(hours=1)}
        for number in range(people)
    ]  # fmt: skip
    for start in range(0, people, 5000):
        async with world.database.write() as session:
            await session.execute(insert(SavedSearch), rows[start : start + 5000])
    at = (NOW + timedelta(hours=2)).isoformat()
    rng = random.Random(20)
    points = ["alerts.before_commit", "alerts.after_commit", "alerts.found"]
    for number in range(kills):
        if number < len(points):
            # Dies at this very place.
            assert await run(at, crash_at=points[number]) == -signal.SIGKILL
        else:
            await run(at, kill_after=rng.uniform(0.8, 6.0))
    assert await run(at) == 0
    async with world.database.read() as session:
        mails = Counter((await session.scalars(select(Mail.recipient).where(Mail.kind == "alert"))).all())
        sent = Counter((await session.execute(select(SentJob.search_id, SentJob.story))).all())
        due = (
            await session.scalars(
                select(SavedSearch).where(col(SavedSearch.next_at) <= NOW + timedelta(hours=2))
            )
        ).all()
    expected = {row["email"] for row in rows if not str(row["query"]).endswith("CUC")}
    assert set(mails) == expected
    assert set(mails.values()) == {1}
    assert len(sent) == len(expected)
    assert not due
    events = await world.events("alert.sent")
    assert len({event["id"] for event in events}) == len(events) == len(expected)
    assert len(jobs) == 3


async def run(at: str, *, crash_at: str = "", kill_after: float | None = None) -> int:
    """Its exit code; a run that isn't killed ends within minutes, on a busy machine within the hour."""
    env = os.environ | ({"AHEAD_CRASH_AT": crash_at} if crash_at else {})
    process = await asyncio.create_subprocess_exec(sys.executable, str(RUN), at, env=env)
    try:
        return await asyncio.wait_for(process.wait(), kill_after or 3000)
    except TimeoutError:
        process.kill()
        return await asyncio.wait_for(process.wait(), 60)


@pytest.mark.fault
async def test_each_job_of_a_feed_is_posted_once(world: World, tmp_path: Path, long_run: bool) -> None:
    jobs, kills = (100_000, 20) if long_run else (8_000, 2)
    path = tmp_path / "feed.xml"
    write_feed(path, examples(jobs))
    command = f"from ahead.careers.cli import app; app(['import', {str(path)!r}, '--name', 'killed'])"
    rng = random.Random(21)

    async def held() -> int:
        async with world.database.read() as session:
            return int((await session.execute(select(func.count()).select_from(Posting))).scalar_one())

    for _ in range(kills):
        before = await held()
        more = rng.randint(1, max(1, (jobs - before) // (kills + 1)))
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", command)

        async def far_enough(wanted: int = before + more) -> bool:
            return await held() >= wanted

        await eventually(far_enough, within_s=300)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    assert 0 < await held() < jobs
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", command)
    assert await asyncio.wait_for(process.wait(), 600) == 0
    async with world.database.read() as session:
        rows = (await session.execute(select(Posting.id, Posting.external_id, Posting.status))).all()
        acted = Counter(
            (await session.scalars(select(History.posting_id).where(History.action == "submit"))).all()
        )
    assert Counter(row.external_id for row in rows) == Counter(f"R{number}" for number in range(jobs))
    assert acted == Counter(row.id for row in rows)
    told = Counter(event["data"]["thing"] for event in await world.events("job.posted"))
    assert told == Counter(row.id for row in rows if row.status == "open")
