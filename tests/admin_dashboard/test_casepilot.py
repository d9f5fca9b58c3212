"""CasePilot's page, drawn for real against CasePilot and metering over HTTP."""

import asyncio
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from ahead.assistant.db import upgrade
from ahead.assistant.models import TURNS
from ahead.assistant.settings import Settings
from ahead.shared.db.engine import Database
from ahead.shared.settings import load
from ahead.shared.testing.web_server import WebServer

from .conftest import count, event
from .test_pages import no_trouble, words

Opened = Callable[..., AppTest]
STATUSES = ["answered"] * 6 + ["partly"] * 2 + ["not_in_sources", "unavailable"]


def turn(number: int, status: str, at: datetime) -> dict[str, Any]:
    return {
        "id": f"t{number}",
        "conversation": "c",
        "subject": "a:1",
        "question": "a question that operators never see",
        "as_of": at.date(),
        "answer": "{}",
        "answerer": "builtin",
        "status": status,
        "withheld": 3 if number == 7 else 0,
        "rating": {0: "up", 1: "up", 2: "up", 3: "down"}.get(number, ""),
        "reason": "source" if number == 3 else "",
        "asked_at": at,
    }


async def keep(settings: Settings) -> None:
    now = datetime.now(UTC)
    rows = [turn(number, status, now) for number, status in enumerate(STATUSES)]
    rows.append(turn(99, "answered", now - timedelta(days=200)))
    database = Database(settings.database)
    try:
        async with database.write() as session:
            await session.execute(insert(TURNS), rows)
    finally:
        await database.close()


@pytest.fixture
def assistant(platform: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    for name, value in platform.env.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    upgrade(settings)
    asyncio.run(keep(settings))
    asked = [event(900 + n, datetime.now(UTC), "question.asked", service="assistant") for n in range(9)]
    asyncio.run(count(asked, 900))
    server = WebServer(tmp_path / "assistant", "ahead.assistant.asgi:app", platform.env)
    monkeypatch.setenv("AHEAD_URL_ASSISTANT", server.url)
    with server:
        yield


def test_an_operator_sees_how_questions_were_answered_and_never_one(
    opened: Opened, platform: Any, assistant: None
) -> None:
    at = opened(platform.operator, "casepilot")
    no_trouble(at)
    assert at.title[0].value == "CasePilot"
    text = words(at)
    assert "Questions by day and plan" in text
    assert "Answers kept: 10" in text
    assert "Sentences withheld: 3" in text
    assert "Answers with any withheld: 10.0%" in text
    assert "Found helpful: 75% of 4" in text
    shown = "\n".join(frame.value.to_string() for frame in at.dataframe)
    assert "A source doesn't bear it out" in shown
    assert "operators never see" not in text + shown


def test_without_casepilot_the_page_says_so(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator, "casepilot")
    no_trouble(at)
    assert "CasePilot is not installed here." in words(at)


def test_figures_are_for_operators_only(opened: Opened, platform: Any) -> None:
    at = opened(platform.expert, "casepilot")
    assert [element.value for element in at.title] == ["This page is for operators"]
