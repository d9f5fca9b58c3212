"""CareerCenter for tests: one installation, and people in front of it."""

import asyncio
import io
import json
import mailbox
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfWriter
from signed_tokens import Signer
from sqlalchemy import select

from ahead.careers.board.documents import SCHEMA
from ahead.careers.board.indexing import Indexer
from ahead.careers.board.service import Board
from ahead.careers.db import SCRIPTS
from ahead.careers.jobs import service as jobs
from ahead.careers.jobs.schemas import JobFacts, Pay
from ahead.careers.mails import service as mails
from ahead.careers.models import JOBS, OUTBOX, Company, Posting
from ahead.careers.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.ids import uuid7
from ahead.shared.mail import make_mail_port
from ahead.shared.search.rebuild import open_engine
from ahead.shared.settings import load

ORIGIN = "http://127.0.0.1:8080"


def _blank_page() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


PDF = _blank_page()
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
_FIELD = re.compile(r'name="_csrf_token" value="([^"]+)"')


class World:
    """One installation: its settings, database, index and clock, and what the background does."""

    def __init__(self, settings: Settings, clock: FixedClock) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.database)
        self.engine = open_engine(settings.shared, "careers")
        self.index = self.engine.index(SCHEMA)
        self.indexer = Indexer(self.database, self.index, clock)
        self.board = Board(self.database, self.index)
        self._sent: set[str] = set()

    async def close(self) -> None:
        await self.engine.close()
        await self.database.close()

    async def company(self, name: str = "Harbor Clinics", standing: str = "trusted", **more: Any) -> Company:
        row = Company(id=uuid7(), name=name, standing=standing, created_at=self.clock.now(), **more)
        async with self.database.write() as session:
            session.add(row)
        return row

    async def job(self, company: Company, *, publish: bool = True, index: bool = True, **facts: Any) -> str:
        """A job of this company, open unless told otherwise."""
        async with self.database.write() as session:
            row = await jobs.create(session, company, some_facts(**facts), self.clock.now(), by="a:boss")
            if publish:
                await self._change(session, row, "submit")
        if index:
            await self.indexer.catch_up()
        return row.id

    async def _change(self, session: Any, row: Posting, action: str, **more: Any) -> None:
        days = self.settings.confirm_days
        await jobs.change(session, row, action, self.clock.now(), by="a:boss", confirm_days=days, **more)

    async def act(self, job_id: str, action: str, **more: Any) -> None:
        async with self.database.write() as session:
            row = await session.get(Posting, job_id)
            assert row is not None
            await self._change(session, row, action, **more)

    async def database_row(self, table: Any, key: str) -> Any:
        async with self.database.read() as session:
            return await session.get(table, key)

    async def events(self, kind: str) -> list[dict[str, Any]]:
        async with self.database.read() as session:
            bodies = (await session.execute(select(OUTBOX.c.body).order_by(OUTBOX.c.seq))).scalars()
            return [event for event in map(json.loads, bodies) if f".{kind}." in event["type"]]

    async def mails(self, address: str = "") -> list[mailbox.MaildirMessage]:
        """Does the mail jobs, as the worker does, and reads what came."""
        port = make_mail_port(self.settings.shared)
        async with self.database.read() as session:
            rows = (await session.execute(select(JOBS).where(JOBS.c.actor == mails.SEND))).all()
        for row in rows:
            if row.id not in self._sent:
                await mails.send(self.database, self.settings, port, self.clock, **json.loads(row.args))
                self._sent.add(row.id)
        folder = self.settings.shared.data / "mail" / "out"
        held = [one for _, one in sorted(mailbox.Maildir(folder).items())] if folder.exists() else []
        return [one for one in held if not address or one["To"] == address]


class Person:
    """A browser, logged in as somebody or nobody; sends forms with their token."""

    def __init__(self, app: Any, cookies: dict[str, str]) -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, client=("10.1.2.3", 40000)),
            base_url=ORIGIN,
            cookies=cookies,
            headers={"accept": "text/html", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"},
        )
        self._token = ""

    async def get(self, path: str, **more: Any) -> httpx.Response:
        answer = await self.client.get(path, **more)
        if found := _FIELD.search(answer.text if "html" in answer.headers.get("content-type", "") else ""):
            self._token = found[1]
        return answer

    async def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """A form as a browser sends it; the token is that of the page opened last."""
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", **more.pop("headers", {})}
        fields = {"_csrf_token": self._token, **(data or {})}
        return await self.client.post(path, data=fields, headers=headers, **more)


def as_program(person: Person) -> Person:
    """The same with its token in a header instead of a cookie, as programs call."""
    token = person.client.cookies["ahead_token"]
    person.client.cookies.clear()
    person.client.headers["authorization"] = f"Bearer {token}"
    return person


def some_facts(**facts: Any) -> JobFacts:
    known: dict[str, Any] = {
        "title": "Outpatient Coder",
        "description": "<p>Code outpatient encounters.</p>",
        "city": "Columbus",
        "state": "OH",
        "setting": "outpatient",
        "credentials": ("CPC", "COC"),
        "years": 2,
        "pay": Pay("hour", 2400, 3100),
    }
    return JobFacts(**(known | facts))


def make_settings(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, keys: Signer) -> Settings:
    for name, value in {
        "AHEAD_DATA": str(folder / "data"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_PUBLIC_URL": ORIGIN,
        "AHEAD_URL_ACCOUNTS": keys.url,
        "AHEAD_CAREERS_DATABASE_URL": url,
        "AHEAD_RATE_LIMIT_ADDRESS_PER_MINUTE": "0",
        "AHEAD_RATE_LIMIT_PRINCIPAL_PER_MINUTE": "0",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    migrations.upgrade(settings.database, SCRIPTS)
    return settings


@asynccontextmanager
async def living(app: Any) -> AsyncGenerator[Any]:
    """The application between its start and its end, in a task of its own."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    await asyncio.wait_for(started.wait(), 60)
    try:
        yield app
    finally:
        stop.set()
        await asyncio.wait_for(life, 60)


def later(**delta: float) -> datetime:
    return NOW + timedelta(**delta)
