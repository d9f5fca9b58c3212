"""CaseConsultant's page of the dashboard, against the service over HTTP."""

import asyncio
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dashboard_words import no_trouble, words
from streamlit.testing.v1 import AppTest

from ahead.consultant.db import upgrade
from ahead.consultant.models import Entry, Inquiry, RawMail, Sent, Suppressed
from ahead.consultant.parts import Parts
from ahead.consultant.settings import Settings
from ahead.shared.settings import load
from ahead.shared.testing.web_server import WebServer

Opened = Callable[..., AppTest]


@pytest.fixture
def consultant(platform: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[WebServer]:
    env = platform.env | {
        "AHEAD_DATA": str(tmp_path / "data"),
        "AHEAD_CONSULTANT_KEY_SECRET": "made up for tests, long enough to be one",
        "AHEAD_CONSULTANT_ADDRESS": "ask@ahead.example",
    }
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    upgrade(settings)
    asyncio.run(a_day(Parts.make(settings)))
    with WebServer(tmp_path / "consultant", "ahead.consultant.asgi:app", env) as server:
        yield server


async def a_day(parts: Parts) -> None:
    """A question answered within four seconds, one that waits longer than was promised, a machine's mail."""
    now = datetime.now(UTC)
    async with parts.database.write() as session:
        for number, state in enumerate(("answered", "with_expert")):
            late = timedelta(hours=number * 30)
            session.add(
                Inquiry(
                    id=f"i{number}",
                    sender="s",
                    address=parts.seal("jane@clinic.example"),
                    account="a:jane",
                    subject=parts.seal("knee"),
                    state=state,
                    created_at=now - late,
                    replied_at=now + timedelta(seconds=4) if number == 0 else None,
                    escalated_at=now - late if number else None,
                    due_at=now - timedelta(hours=6) if number else None,
                )
            )
            await session.flush()
            common: dict[str, Any] = {
                "inquiry": f"i{number}",
                "header": b"",
                "text": parts.seal("x"),
                "at": now - late,
            }
            session.add(
                Entry(
                    id=f"q{number}",
                    author="you",
                    message_id=f"m{number}",
                    digest="d",
                    kinds='{"name": 2}',
                    **common,
                )
            )
        answer: dict[str, Any] = {"header": b"", "text": parts.seal("y"), "at": now, "digest": "e"}
        session.add(Entry(id="a0", inquiry="i0", author="automatic", message_id="m9", **answer))
        session.add(Sent(id="a0", inquiry="i0", step="answer:q0", sender="s", created_at=now, sent_at=now))
        for number, (fate, why) in enumerate((("taken", ""), ("machine", "Auto-Submitted"))):
            mail: dict[str, Any] = {"body": b"", "envelope_from": b"", "recipient": "", "received_at": now}
            session.add(RawMail(id=f"r{number}", digest=f"d{number}", fate=fate, why=why, **mail))
        session.add(Suppressed(address=parts.keybox.blind("gone@clinic.example"), why="bounced", at=now))
    await parts.database.close()


def test_the_page_says_how_mail_is_answered(opened: Opened, platform: Any, consultant: WebServer) -> None:
    at = opened(platform.operator, "consultant", AHEAD_URL_CONSULTANT=consultant.url)
    no_trouble(at)
    said = words(at)
    for line in (
        "Inquiries: 2",
        "Automatic share: 100%",
        "Time to answer, median: 4.0 s",
        "With a coder now: 1",
        "Promise over: 1",
        "1 because mail came back, 0 because somebody complained.",
    ):
        assert line in said, line
    assert "jane@" not in said
    at.text_input[0].input("Gone@clinic.example")
    at.button[-1].click().run()
    no_trouble(at)
    assert "This address gets mail again." in words(at)


def test_a_service_that_is_not_installed_is_said(opened: Opened, platform: Any) -> None:
    at = opened(platform.operator, "consultant")
    no_trouble(at)
    assert "CaseConsultant is not installed here." in words(at)
