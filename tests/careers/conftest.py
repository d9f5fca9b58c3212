"""CareerCenter, run for real: the application over its database and index, driven by people with accounts."""

from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from careers_world import NOW, Person, World, living, make_settings
from signed_tokens import Signer, signer

from ahead.careers.app import create_app
from ahead.careers.settings import Settings
from ahead.shared.clock import FixedClock


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def keys() -> Generator[Signer]:
    with signer() as made:
        yield made


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: Signer) -> Settings:
    return make_settings(sqlite_url, tmp_path, monkeypatch, keys)


@pytest.fixture
async def world(settings: Settings, clock: FixedClock) -> AsyncGenerator[World]:
    world = World(settings, clock)
    await world.indexer.rebuild()
    yield world
    await world.close()


@pytest.fixture
async def app(world: World) -> AsyncGenerator[Any]:
    async with living(create_app(world.settings, clock=world.clock)) as app:
        yield app


@pytest.fixture
async def person(app: Any, keys: Signer) -> AsyncGenerator[Callable[..., Person]]:
    """``person()`` is a guest, ``person("a:ann")`` an account."""
    made: list[Person] = []

    def make(subject: str = "", **claims: Any) -> Person:
        one = Person(app, {"ahead_token": keys.token(subject, **claims)} if subject else {})
        made.append(one)
        return one

    yield make
    for one in made:
        await one.client.aclose()
