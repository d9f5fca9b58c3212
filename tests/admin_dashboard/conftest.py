"""Accounts and metering as they really run, over HTTP, with events in them; the dashboard's pages in front."""

import asyncio
import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime import context
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import ahead.admin_dashboard
from ahead.accounts.db import upgrade as upgrade_accounts
from ahead.accounts.parts import Parts
from ahead.accounts.plans import service as plans
from ahead.accounts.sessions import service as sessions
from ahead.accounts.settings import Settings as AccountsSettings
from ahead.metering.consumer import Ingest
from ahead.metering.db import upgrade as upgrade_metering
from ahead.metering.erasure.blinding import Blinding
from ahead.metering.settings import Settings as MeteringSettings
from ahead.shared.clock import period_of
from ahead.shared.db.engine import Database
from ahead.shared.events.consumer import Message
from ahead.shared.events.envelope import Event, encode, make_event
from ahead.shared.settings import load
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.testing.web_server import WebServer

APP = Path(ahead.admin_dashboard.__file__).parent / "app.py"
PASSWORD = "geranium under the lamp"
OPERATOR, EXPERT = "operator@example.com", "expert@example.com"


@dataclass(frozen=True)
class Platform:
    """What runs, and the session secrets of two members of staff."""

    env: dict[str, str]
    accounts: WebServer
    metering: WebServer
    operator: str
    expert: str
    half_operator: str


@pytest.fixture(scope="module")
def platform(nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    folder = tmp_path_factory.mktemp("platform")
    env = {
        "AHEAD_DATA": str(folder / "data"),
        "AHEAD_PUBLIC_URL": "http://127.0.0.1:8080",
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_NATS_URL": nats_server.url,
        "AHEAD_ACCOUNTS_KEY_SECRET": "s" * 40,
        "AHEAD_METERING_ERASURE_KEY": "e" * 40,
        "AHEAD_ADMIN_DASHBOARD_SERVICE_KEY": "d" * 43,
    }
    accounts = WebServer(folder / "accounts", "ahead.accounts.asgi:app", env)
    env["AHEAD_URL_ACCOUNTS"] = accounts.url
    metering = WebServer(folder / "metering", "ahead.metering.asgi:app", env)
    env["AHEAD_URL_METERING"] = metering.url
    with environment(env):
        upgrade_accounts(load(AccountsSettings))
        upgrade_metering(load(MeteringSettings))
        secrets = asyncio.run(make_staff())
        asyncio.run(count(events_of_a_week()))
    with accounts, metering:
        yield Platform(env, accounts, metering, *secrets)


class environment:
    """The environment with these variables, until the block ends."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> None:
        self._before = {name: os.environ.get(name) for name in self._values}
        os.environ.update(self._values)

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


async def make_staff() -> tuple[str, str, str]:
    """An operator and an expert with their second factor shown, and the operator without it."""
    parts = Parts.make(load(AccountsSettings))
    try:
        await plans.create_user(parts, OPERATOR, "ops", PASSWORD)
        await plans.create_user(parts, EXPERT, "expert", PASSWORD)
        secrets: list[str] = []
        for email, shown in ((OPERATOR, True), (EXPERT, True), (OPERATOR, False)):
            account, _ = await plans.find(parts, email)
            async with parts.database.write() as session:
                _, secret = await sessions.start(
                    session,
                    parts,
                    account,
                    device="Firefox on Linux",
                    second_factor_at=parts.clock.now() if shown else None,
                )
            secrets.append(secret)
        return secrets[0], secrets[1], secrets[2]
    finally:
        await parts.close()


def event(number: int, at: datetime, name: str = "code.viewed", **changes: Any) -> Event:
    service = changes.pop("service", "lookup")
    given: dict[str, Any] = {
        "subject": "g:1",
        "plan": "guest",
        "period": period_of(at),
        "thing": "icd10cm/E11.9",
        "at": at,
        "id": f"e{number}",
    } | changes
    return make_event(service, name, **given)


def events_of_a_week() -> list[Event]:
    now = datetime.now(UTC)
    found = [
        event(number, now - timedelta(days=number % 5), subject=f"g:{number}", thing=f"icd10cm/{code}")
        for number, code in enumerate(["E11.9"] * 6 + ["I10"] * 4 + ["J45.909"] * 2)
    ]
    found += [event(100 + number, now, "code.denied", subject=f"g:{number}") for number in range(5)]
    found += [
        event(
            200,
            now,
            "account.registered",
            service="accounts",
            subject="a:1",
            plan="free",
            thing="account",
            guest="g:1",
        ),
        event(201, now, subject="a:1", plan="free", thing="icd10cm/I10"),
        event(300, now, "search.performed", thing="search", query="=cmd|' /C calc'!A0", results=0),
        event(301, now, "search.performed", thing="search", query="suger diabetis", results=0),
        event(302, now, "search.performed", thing="search", query="suger diabetis", results=0, subject="g:2"),
        event(303, now, "search.performed", thing="search", query="gout", results=7),
    ]
    return found


async def count(events: list[Event | bytes] | list[Event], first: int = 1) -> None:
    """Store and count, as the consumer does."""
    database = Database(load(MeteringSettings).database)
    try:
        await Ingest(database, Blinding("e" * 40)).handle(
            [
                Message("ahead.events.test", one if isinstance(one, bytes) else encode(one), sequence, 1)
                for sequence, one in enumerate(events, first)
            ]
        )
    finally:
        await database.close()


class ClientContext:
    """What a browser's connection carries. AppTest has no connection, so it is given one here."""

    def __init__(self, cookies: dict[str, str]) -> None:
        self.cookies = cookies
        self.headers: list[tuple[str, str]] = []
        self.remote_ip = "127.0.0.1"


@pytest.fixture
def opened(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Generator[Callable[..., AppTest]]:
    """Opens the dashboard in a browser with this session cookie, on this page."""
    for name, value in platform.env.items():
        monkeypatch.setenv(name, value)

    def open_(session: str = "", page: str = "", **env: str | None) -> AppTest:
        for name, value in env.items():
            monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
        # Cached for the process's life; here every test is a process of its own.
        st.cache_resource.clear()
        client = ClientContext({"ahead_session": session} if session else {})
        monkeypatch.setattr(context, "_get_client_context", lambda: client)
        at = AppTest.from_file(APP, default_timeout=60)
        at.run()
        if page:
            # `switch_page` knows pages that are files only; these are functions, found by their address.
            at._page_hash = calc_hash(page)
            at.run()
        return at

    yield open_
    st.cache_resource.clear()


@pytest.fixture
def count_events() -> Callable[..., None]:
    return lambda events, first=1: asyncio.run(count(events, first))
