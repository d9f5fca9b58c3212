"""Case2Code and accounts side by side in one process: both real, each over its own database, one origin.

The catalogue is made up: a hundred codes A00.0 to A09.9, in force for a year.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from sqlalchemy import func, select

from ahead.accounts import db as accounts_db
from ahead.accounts.app import create_app as create_accounts
from ahead.accounts.parts import Parts
from ahead.accounts.plans import service as plans
from ahead.accounts.settings import Settings as AccountsSettings
from ahead.lookup.app import create_app as create_lookup
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.load import Loader
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.models import ALLOWANCE, OUTBOX
from ahead.lookup.settings import Settings as LookupSettings
from ahead.shared.auth.identity import Identity
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database
from ahead.shared.settings import load

ORIGIN = "http://127.0.0.1:8080"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PASSWORD = "geranium under the lamp"
CODES = [f"A{category:02d}.{number}" for category in range(10) for number in range(10)]
WINDOW = (date(2026, 1, 1), date(2026, 12, 31))
ASSISTANT_KEY = "k" * 40

_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version>
<introduction><introSection type="title"><title>made up</title></introSection></introduction>
<chapter><name>1</name><desc>Made-up diseases (A00-B99)</desc>
<sectionIndex><sectionRef first="A00" last="A09" id="A00-A09">Made-up section</sectionRef></sectionIndex>
<section id="A00-A09"><desc>Made-up section (A00-A09)</desc>"""
_TAIL = "</section></chapter></ICD10CM.tabular>"
_FIELD = re.compile(r'name="_csrf_token" value="([^"]+)"')
_LINE = re.compile(r'<p class="allowance[^"]*" id="allowance">(.*?)</p>', re.DOTALL)


def load_made_up_codes(database_url: str, releases: Path, folder: Path) -> None:
    diseases, listed = "", ["1", "A00-A09"]
    for category in range(10):
        name = f"A{category:02d}"
        below = "".join(
            f"<diag><name>{name}.{number}</name><desc>Disease {category}, kind {number}</desc></diag>"
            for number in range(10)
        )
        diseases += f"<diag><name>{name}</name><desc>Disease {category}</desc>{below}</diag>"
        listed += [name, *(f"{name}{number}" for number in range(10))]
    tabular, codes = folder / "made-up-tabular-2026.xml", folder / "made-up-codes-2026.txt"
    tabular.write_text(_HEAD + diseases + _TAIL)
    codes.write_text("\n".join(listed) + "\n")
    with Loader(database_url, releases) as loader:
        loader.load([tabular, codes], Options(window_from=WINDOW[0], window_to=WINDOW[1]))


class Gateway:
    """One origin over both applications, as Caddy is; an application that is None is down."""

    def __init__(self) -> None:
        self.accounts: Litestar | None = None
        self.lookup: Litestar | None = None
        self.asked: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        self.asked.append(path)
        of_accounts = path.startswith(("/account", "/api/accounts", "/.well-known", "/static/accounts"))
        app = self.accounts if of_accounts else self.lookup
        if app is None:
            raise httpx.ConnectError("nobody listens")
        await app(scope, receive, send)


class Person:
    """A browser that keeps cookies."""

    def __init__(self, gateway: Gateway, address: str, **headers: str) -> None:
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=gateway, client=(address, 40000)),
            base_url=ORIGIN,
            headers={"accept": "text/html", "user-agent": AGENT, **headers},
        )

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.client.get(path, **kwargs)

    async def view(self, code: str, **kwargs: Any) -> int:
        """The status of a code's page."""
        return (await self.get(f"/codes/icd10cm/{code}", **kwargs)).status_code

    async def post(self, path: str, **fields: str) -> httpx.Response:
        token = _FIELD.search((await self.get("/account/forgot")).text)
        assert token
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return await self.client.post(path, data={"_csrf_token": token[1], **fields}, headers=headers)

    async def register(self, email: str) -> None:
        answer = await self.post("/account/register", email=email, password=PASSWORD)
        assert answer.status_code == 303, answer.text

    async def line(self, path: str = "/account") -> str:
        """The allowance line of a page's header as text; empty where it has none."""
        found = _LINE.search((await self.get(path)).text)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""

    async def account(self) -> str:
        answer = await self.get("/api/accounts/v1/session", headers={"accept": "application/json"})
        return answer.json()["account"]


class Beside:
    """Both applications, running."""

    def __init__(self, gateway: Gateway, database: Database, clock: FixedClock, parts: Parts) -> None:
        self.gateway = gateway
        self.database = database
        self.clock = clock
        self.parts = parts
        self._people: list[Person] = []

    def person(self, address: str = "", **headers: str) -> Person:
        person = Person(self.gateway, address or f"10.0.{len(self._people)}.7", **headers)
        self._people.append(person)
        return person

    async def member(self, plan: str = "free") -> Person:
        """Somebody registered, on this plan, with a token that says so."""
        person = self.person()
        await person.register(f"p{len(self._people)}@example.org")
        if plan != "free":
            await self.set_plan(person, plan)
            person.client.cookies.delete("ahead_token")
        return person

    async def set_plan(self, person: Person, plan: str) -> None:
        await plans.set_plan(self.parts, await person.account(), plan, by="test")

    async def granted(self, subject: str) -> int:
        grants = ALLOWANCE.grants
        async with self.database.read() as session:
            return (
                await session.scalar(
                    select(func.count()).select_from(grants).where(grants.c.principal == subject)
                )
                or 0
            )

    async def events(self) -> int:
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(OUTBOX)) or 0

    async def close(self) -> None:
        for person in self._people:
            await person.client.aclose()


@asynccontextmanager
async def living(app: Litestar) -> AsyncGenerator[None]:
    """The lifespan, in a task of its own: it has to be left by the task that entered it."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    life = asyncio.create_task(live())
    await started.wait()
    try:
        yield
    finally:
        stop.set()
        await life


@asynccontextmanager
async def beside(
    database_url: str, folder: Path, clock: FixedClock, nats_url: str, setenv: Callable[[str, str], None]
) -> AsyncGenerator[Beside]:
    for name, value in {
        "AHEAD_DATA": str(folder / "data"),
        "AHEAD_GUEST_KEY": "g" * 40,
        "AHEAD_PUBLIC_URL": ORIGIN,
        "AHEAD_NATS_URL": nats_url,
        "AHEAD_URL_ACCOUNTS": "http://accounts",
        "AHEAD_URL_LOOKUP": "http://lookup",
        "AHEAD_ACCOUNTS_KEY_SECRET": "s" * 40,
        "AHEAD_ASSISTANT_SERVICE_KEY": ASSISTANT_KEY,
        "AHEAD_LOOKUP_DATABASE_URL": database_url,
    }.items():
        setenv(name, value)
    accounts_settings, settings = load(AccountsSettings), load(LookupSettings)
    accounts_db.upgrade(accounts_settings)
    migrations.upgrade(database_url, MIGRATIONS)
    load_made_up_codes(database_url, settings.releases_dir, folder)
    gateway = Gateway()
    inside = httpx.ASGITransport(app=gateway)
    gateway.accounts = create_accounts(accounts_settings, clock=clock, peers=inside)
    identity = Identity.from_settings(settings.shared, transport=inside, now=lambda: clock.now().timestamp())
    gateway.lookup = create_lookup(settings, clock=clock, identity=identity)
    database = Database(database_url)
    both = Beside(gateway, database, clock, gateway.accounts.state.parts)
    async with living(gateway.accounts), living(gateway.lookup):
        yield both
        await both.close()
    await database.close()
