"""Mail in by webhook: signed, whole, and taken once."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from careers_world import Person
from consultant_world import World, question
from sqlalchemy import func, select

from ahead.consultant.models import RawMail

KEY = "made up for tests"
PATH = "/api/consultant/v1/inbound"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AHEAD_CONSULTANT_WEBHOOK_KEY", KEY)


@pytest.fixture
def client(person: Callable[..., Person]) -> httpx.AsyncClient:
    return person(None).client


async def kept(world: World) -> int:
    async with world.parts.database.read() as session:
        return (await session.execute(select(func.count()).select_from(RawMail))).scalar_one()


def sign(text: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def form(world: World, *, token: str = "t" * 32, age: int = 0, **more: str) -> dict[str, str]:
    at = str(int(world.clock.now().timestamp()) - age)
    return {
        "timestamp": at,
        "token": token,
        "signature": sign(at + token),
        "sender": "jane@clinic.example",
        "recipient": "ask@ahead.example",
        "body-mime": question().decode(),
        **more,
    }


def headers(world: World, raw: bytes, **more: str) -> dict[str, str]:
    at, token = str(int(world.clock.now().timestamp())), "u" * 32
    envelope = ("jane@clinic.example", "ask@ahead.example")
    signed = "\n".join((at, token, *envelope, hashlib.sha256(raw).hexdigest()))
    return {
        "Content-Type": "message/rfc822",
        "Ahead-Timestamp": at,
        "Ahead-Token": token,
        "Ahead-Envelope-From": envelope[0],
        "Ahead-Envelope-To": envelope[1],
        "Ahead-Signature": sign(signed),
        **more,
    }


async def test_a_providers_form_is_kept_once_however_often_it_is_posted(
    world: World, client: httpx.AsyncClient
) -> None:
    posted = form(world)
    first = await client.post(PATH, data=posted)
    assert (first.status_code, first.json()) == (200, {"kept": True, "new": True})
    again = await client.post(PATH, data=posted)
    assert (again.status_code, again.json()) == (200, {"kept": True, "new": False})
    assert await kept(world) == 1


async def test_a_multipart_form_with_an_envelope_as_json_is_taken_byte_by_byte(
    world: World, client: httpx.AsyncClient
) -> None:
    raw = question("caf\u00e9 20610?").replace(b"caf\xc3\xa9", b"caf\xe9")
    envelope = json.dumps({"from": "jane@clinic.example", "to": ["ask+x@ahead.example"]})
    said = {
        name: (None, value) for name, value in form(world, envelope=envelope).items() if name != "body-mime"
    }
    said["email"] = ("mail.eml", raw)  # type: ignore[assignment]
    assert (await client.post(PATH, files=said)).status_code == 200
    async with world.parts.database.read() as session:
        row = (await session.execute(select(RawMail))).scalars().one()
    assert world.parts.keybox.open(row.body) == raw
    assert row.recipient == "ask+x@ahead.example"


async def test_a_whole_message_is_taken(world: World, client: httpx.AsyncClient) -> None:
    raw = question()
    answer = await client.post(PATH, content=raw, headers=headers(world, raw))
    assert answer.json() == {"kept": True, "new": True}


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"signature": "0" * 64}, 403),
        ({"signature": ""}, 403),
        ({"token": "another-token-of-this-length-here"}, 403),
        ({"age": 301}, 403),
        ({"age": -301}, 403),
        ({"recipient": "someone@elsewhere.example"}, 400),
        ({"body-mime": " "}, 400),
        ({"envelope": "[1]"}, 400),
    ],
)
async def test_what_is_not_signed_fresh_and_ours_is_refused(
    world: World, client: httpx.AsyncClient, wrong: dict[str, Any], status: int
) -> None:
    posted = form(world, age=wrong.get("age", 0)) | {k: v for k, v in wrong.items() if k != "age"}
    answer = await client.post(PATH, data=posted)
    assert answer.status_code == status, answer.text
    assert await kept(world) == 0


async def test_a_token_brings_no_second_message(world: World, client: httpx.AsyncClient) -> None:
    """A form's signature doesn't cover the message: who saw one could post another one with it."""
    assert (await client.post(PATH, data=form(world))).status_code == 200
    other = form(world) | {"body-mime": question("Transfer the money", number=2).decode()}
    assert (await client.post(PATH, data=other)).status_code == 403
    assert await kept(world) == 1


async def test_a_changed_message_or_envelope_is_refused(world: World, client: httpx.AsyncClient) -> None:
    raw = question()
    signed = headers(world, raw)
    assert (await client.post(PATH, content=raw + b"more", headers=signed)).status_code == 403
    changed = signed | {"Ahead-Envelope-From": "boss@clinic.example"}
    assert (await client.post(PATH, content=raw, headers=changed)).status_code == 403
    assert await kept(world) == 0


async def test_too_large_a_message_is_refused(world: World, client: httpx.AsyncClient) -> None:
    raw = question("x " * (13 << 20))
    assert (await client.post(PATH, content=raw, headers=headers(world, raw))).status_code == 413


async def test_what_is_not_signed_at_all_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post(PATH, data={})).status_code == 403
    assert (await client.post(PATH, content=question())).status_code == 403
