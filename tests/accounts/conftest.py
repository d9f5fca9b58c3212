"""Accounts, run for real: the application over SQLite and PostgreSQL, driven by browsers that keep cookies."""

import asyncio
import json
import mailbox
import re
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from ahead.accounts.app import create_app
from ahead.accounts.db import SCRIPTS
from ahead.accounts.mails.service import NOTICE, REGISTERED, RESET, Mailer
from ahead.accounts.models import JOBS, OUTBOX
from ahead.accounts.parts import Parts
from ahead.accounts.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.mail import make_mail_port
from ahead.shared.settings import load

ORIGIN = "http://127.0.0.1:8080"
PASSWORD = "geranium under the lamp"
_FIELD = re.compile(r'name="_csrf_token" value="([^"]+)"')


class Browser:
    """A person's browser: keeps cookies, follows what it is told, sends forms with their token."""

    def __init__(self, app: Any, address: str) -> None:
        transport = httpx.ASGITransport(app=app, client=(address, 40000))
        self.client = httpx.AsyncClient(
            transport=transport,
            base_url=ORIGIN,
            headers={"accept": "text/html", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"},
        )

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.client.get(path, **kwargs)

    async def form_token(self) -> str:
        found = _FIELD.search((await self.get("/account/forgot")).text)
        assert found
        return found[1]

    async def post(self, path: str, data: dict[str, str] | None = None, **kwargs: Any) -> httpx.Response:
        """A form as a browser sends it."""
        fields = {"_csrf_token": await self.form_token(), **(data or {})}
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin", **kwargs.pop("headers", {})}
        return await self.client.post(path, data=fields, headers=headers, **kwargs)

    async def register(self, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        return await self.post("/account/register", {"email": email, "password": password, **fields})

    async def log_in(self, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        return await self.post("/account/login", {"email": email, "password": password, **fields})

    async def is_logged_in(self) -> bool:
        return (await self.get("/account")).status_code == 200

    def plant(self, name: str, value: str) -> None:
        """Put a cookie into this browser as if the site had set it."""
        self.client.cookies.set(name, value, domain="127.0.0.1")

    @property
    def session(self) -> str:
        return self.client.cookies["ahead_session"]

    @property
    def token(self) -> str:
        return self.client.cookies["ahead_token"]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 5, 12, 0, tzinfo=UTC))


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in {
        "AHEAD_DATA": str(tmp_path / "data"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_PUBLIC_URL": ORIGIN,
        "AHEAD_ACCOUNTS_KEY_SECRET": "s" * 40,
        "AHEAD_ACCOUNTS_DATABASE_URL": database_url,
        "AHEAD_LOOKUP_SERVICE_KEY": "l" * 40,
        "AHEAD_CONSULTANT_SERVICE_KEY": "c" * 40,
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(Settings)
    migrations.upgrade(settings.database, SCRIPTS)
    return settings


@pytest.fixture
async def app(settings: Settings, clock: FixedClock) -> AsyncGenerator[Any]:
    app = create_app(settings, clock=clock)
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In a task of its own: the lifespan has to be left by the task that entered it.
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    await started.wait()
    yield app
    stop.set()
    await life


@pytest.fixture
def parts(app: Any) -> Parts:
    return app.state.parts


@pytest.fixture
async def new_browser(app: Any) -> AsyncGenerator[Callable[[], Browser]]:
    """Every browser comes from a network of its own."""
    browsers: list[Browser] = []

    def make() -> Browser:
        number = len(browsers)
        browser = Browser(app, f"10.{number // 200}.{number % 200}.7")
        browsers.append(browser)
        return browser

    yield make
    for browser in browsers:
        await browser.client.aclose()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()


class PostOffice:
    """Does the mail jobs that are due, as the worker does, and reads the maildir."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self._parts = parts
        self._folder = settings.shared.data / "mail" / "out"
        self._mailer = Mailer(
            settings, parts.database, parts.keybox, make_mail_port(settings.shared), parts.clock
        )
        self._done: set[str] = set()

    async def deliver(self) -> None:
        handlers = {
            REGISTERED: self._mailer.registered,
            RESET: self._mailer.reset,
            NOTICE: self._mailer.notice,
        }
        async with self._parts.database.read() as session:
            rows = (await session.execute(select(JOBS).order_by(JOBS.c.created_at, JOBS.c.id))).all()
        for row in rows:
            if row.id not in self._done:
                await handlers[row.actor](**json.loads(row.args))
                self._done.add(row.id)

    async def mails_to(self, address: str) -> list[mailbox.MaildirMessage]:
        """In the order they were sent."""
        await self.deliver()
        if not self._folder.exists():
            return []
        box = mailbox.Maildir(self._folder, create=False)
        return [message for _, message in sorted(box.items()) if message["To"] == address]

    async def link_to(self, address: str, page: str) -> str:
        """The path of the newest link to a page, such as "confirm"."""
        for message in reversed(await self.mails_to(address)):
            found = re.search(rf"{ORIGIN}(/account/{page}\?token=\S+)", text_of(message))
            if found:
                return found[1]
        raise AssertionError(f"no {page} link was mailed to {address}")


def text_of(message: mailbox.MaildirMessage) -> str:
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


@pytest.fixture
def post_office(settings: Settings, parts: Parts) -> PostOffice:
    return PostOffice(settings, parts)


@pytest.fixture
def recorded(parts: Parts) -> Callable[[], Any]:
    """The events in the outbox, in order."""

    async def read() -> list[dict[str, Any]]:
        async with parts.database.read() as session:
            rows = await session.execute(select(OUTBOX.c.body).order_by(OUTBOX.c.seq))
            return [json.loads(body) for body in rows.scalars()]

    return read


def token_in(path: str) -> str:
    return path.split("token=", 1)[1]
