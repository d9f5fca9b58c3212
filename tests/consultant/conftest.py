"""Public corpora of real mail, read in place from AHEAD_MAIL_DATA."""

import os
import shutil
import zipfile
from collections.abc import AsyncGenerator, Callable, Generator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from careers_world import Person, living
from consultant_world import World
from signed_tokens import Signer, signer

from ahead.consultant.app import create_app
from ahead.consultant.db import SCRIPTS
from ahead.consultant.intake.dns import ZoneFile
from ahead.consultant.parts import Parts
from ahead.consultant.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.db import migrations
from ahead.shared.mail import MaildirPort
from ahead.shared.settings import load

CORPORA = ("chatwoot", "cpython", "flanker", "flufl_bounce", "mailparser_spamscope", "mikel_mail")


def mail_data() -> Path:
    """Skips where the corpora aren't there; fails where they have to be."""
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("AHEAD_MAIL_DATA") or root.parent / "shared" / "mail")
    if not folder.exists():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"{folder} is missing: set AHEAD_MAIL_DATA")
        pytest.skip("no mail corpora here (AHEAD_MAIL_DATA)")
    return folder


@lru_cache
def corpus(folder: Path, name: str) -> dict[str, bytes]:
    """The raw messages of one corpus by name, those of images and sounds among them left out."""
    messages: dict[str, bytes] = {}
    with zipfile.ZipFile(folder / f"{name}.zip") as file:
        for info in file.infolist():
            other = info.filename.endswith(
                (".au", ".wav", ".png", ".jpg", ".gif", ".tiff", ".py", ".aiff", ".pgm")
            )
            if not info.is_dir() and not other:
                messages[f"{name}/{info.filename}"] = file.read(info)
    return messages


@pytest.fixture(scope="session")
def real_mail() -> dict[str, bytes]:
    folder = mail_data()
    return {name: raw for each in CORPORA for name, raw in corpus(folder, each).items()}


@pytest.fixture(scope="session")
def mail_folder() -> Path:
    return mail_data()


ADDRESS = "ask@ahead.example"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Brought up to date once; each test has a copy."""
    path = tmp_path_factory.mktemp("consultant") / "empty.db"
    migrations.upgrade(f"sqlite+aiosqlite:///{path}", SCRIPTS)
    return path


@pytest.fixture
def settings(
    tmp_path: Path, sqlite_url: str, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path))
    monkeypatch.setenv("AHEAD_CONSULTANT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("AHEAD_CONSULTANT_KEY_SECRET", "made up for tests, long enough to be one")
    monkeypatch.setenv("AHEAD_CONSULTANT_ADDRESS", ADDRESS)
    monkeypatch.setenv("AHEAD_CONSULTANT_VERIFIED_PEERS", "127.0.0.1/32")
    monkeypatch.setenv("AHEAD_CONSULTANT_ASSISTANT_PATIENCE_S", "0")
    monkeypatch.setenv("AHEAD_GUEST_KEY", "g" * 40)
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", "http://accounts.example")
    monkeypatch.setenv("AHEAD_URL_ASSISTANT", "http://assistant.example")
    shutil.copy(empty_database, sqlite_url.partition("///")[2])
    return load(Settings)


@pytest.fixture
async def world(settings: Settings, tmp_path: Path) -> AsyncGenerator[World]:
    folder = tmp_path / "mail" / "out"
    parts = Parts.make(settings, clock=FixedClock(datetime(2026, 11, 24, 12, tzinfo=UTC)))
    world = World(parts, MaildirPort(folder), folder, ZoneFile(""))
    yield world
    await world.close()


ACCOUNT = "0190b0b0-0000-7000-8000-000000000001"


@pytest.fixture(scope="session")
def keys() -> Generator[Signer]:
    with signer() as made:
        yield made


@pytest.fixture
async def person(
    world: World, keys: Signer, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Callable[..., Person]]:
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", keys.url)
    monkeypatch.setenv("AHEAD_GUEST_KEY", "g" * 40)
    made: list[Person] = []

    async with living(create_app(load(Settings), clock=world.clock)) as app:

        def make(subject: str | None = f"a:{ACCOUNT}", **claims: Any) -> Person:
            cookies = {"ahead_token": keys.token(subject, **claims)} if subject else {}
            made.append(Person(app, cookies))
            return made[-1]

        yield make
        for one in made:
            await one.client.aclose()
