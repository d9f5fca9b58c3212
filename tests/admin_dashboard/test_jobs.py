"""The job board's page, drawn for real against CareerCenter over HTTP."""

import asyncio
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from careers_world import some_facts
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from ahead.careers.db import upgrade
from ahead.careers.jobs import service as jobs
from ahead.careers.models import Company, History, Posting, Report
from ahead.careers.settings import Settings
from ahead.shared.db.engine import Database
from ahead.shared.ids import uuid7
from ahead.shared.settings import load
from ahead.shared.testing.web_server import WebServer

from .test_pages import no_trouble, words

Opened = Callable[..., AppTest]


@pytest.fixture
def careers(platform: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Settings]:
    """CareerCenter with jobs beside the platform, known to the dashboard."""
    env = platform.env | {"AHEAD_CAREERS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/careers.db"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    upgrade(settings)
    asyncio.run(filled(settings))
    server = WebServer(tmp_path / "careers", "ahead.careers.asgi:app", env, ready_path="/healthz")
    monkeypatch.setenv("AHEAD_URL_CAREERS", server.url)
    with server:
        yield settings


async def filled(settings: Settings) -> None:
    """One job open, one filled after ten days, two that wait, one of them reported."""
    now = datetime.now(UTC)
    database = Database(settings.database)
    async with database.write() as session:
        company = Company(id=uuid7(), name="Harbor Clinics", standing="trusted", created_at=now)
        session.add(company)
        await session.flush()
        for number, ends in enumerate(("open", "filled", "review", "review")):
            made = await jobs.create(session, company, some_facts(title=f"Coder {number}"), now, by="a:boss")
            posted = now - timedelta(days=10) if ends == "filled" else now
            review = ends == "review"
            await jobs.change(session, made, "submit", posted, by="a:boss", confirm_days=14, review=review)
            if ends == "filled":
                await jobs.change(session, made, "close", now, by="a:boss", confirm_days=14, reason="filled")
        session.add(
            Report(id=uuid7(), posting_id=made.id, subject="a:x", kind="scam", text="asks for money", at=now)
        )
    await database.close()


async def told(settings: Settings) -> list[tuple[str, str, str, str]]:
    """(job, its state, what was done, why) of all that happened."""
    database = Database(settings.database)
    async with database.read() as session:
        rows = (await session.execute(select(Posting, History).join(History))).all()
    await database.close()
    return [(row[0].id, row[0].status, row[1].action, row[1].note) for row in rows]


def decide(at: AppTest) -> Any:
    return next(button for button in at.button if button.label == "Decide")


def test_an_operator_reads_the_board_and_decides_about_several_jobs_at_once(
    opened: Opened, platform: Any, careers: Settings
) -> None:
    at = opened(platform.operator, "jobs")
    no_trouble(at)
    assert at.title[0].value == "Job board"
    figures = {one.label: one.value for one in at.metric}
    assert figures["Open jobs"] == "1"
    assert figures["Days to fill"] == "10"
    assert figures["Confirmed in 7 days"] == "100%"
    assert figures["Waiting for a moderator"] == "2"
    assert "Nobody looked at a job in this time." in words(at)
    ids = [posting for posting, status, _, _ in asyncio.run(told(careers)) if status == "review"]
    at.multiselect(key="cases").set_value(sorted(set(ids)))
    at.selectbox(key="decision").set_value("reject")
    decide(at).click().run()
    assert any("Say why" in one.value for one in at.error)
    at.text_input(key="reason").set_value("No employer of that name is known.")
    decide(at).click().run()
    no_trouble(at)
    assert "2 decided" in words(at)
    assert "Nothing waits" in words(at)
    decided = [row[1:] for row in asyncio.run(told(careers)) if row[2] == "reject"]
    assert decided == [("rejected", "reject", "No employer of that name is known.")] * 2
