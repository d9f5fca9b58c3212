"""Mail as another server gets it: signed, marked, once."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import dkim
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from consultant_world import World, question
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import update

from ahead.consultant.models import JOBS, Sent
from ahead.consultant.parts import Parts
from ahead.consultant.sending.service import Sender
from ahead.consultant.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.mail import MailRefused, SmtpPort
from ahead.shared.tasks.jobs import TryLater


class Server:
    """Another mail server: what it got, and from whom."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.original_content, bytes)
        self.got.append((envelope.mail_from or "", envelope.original_content))
        return "250 OK"


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    made, loop = Server(), asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(made, loop=loop), "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


def signing_key(folder: Path) -> tuple[Path, bytes]:
    """(file of the private key, the TXT record of the public one)"""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = folder / "dkim.pem"
    pem, raw = serialization.Encoding.PEM, serialization.Encoding.DER
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    )
    public = key.public_key().public_bytes(raw, serialization.PublicFormat.SubjectPublicKeyInfo)
    return path, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


async def test_what_goes_out_is_signed_and_the_signature_holds_on_the_other_side(
    world: World, settings: Settings, server: Server, tmp_path: Path
) -> None:
    path, record = signing_key(tmp_path)
    signing = settings.model_copy(update={"dkim_selector": "s1", "dkim_key_file": str(path)})
    port = SmtpPort("127.0.0.1", server.port, encryption="none")
    signed = World(Parts.make(signing, clock=world.clock), port, tmp_path, lambda name, timeout=5: None)
    await signed.link("jane@clinic.example")
    text = "Patient José: is 20610-LT right in the office on 10/02/2026 – or RT?"
    await signed.take(question(text, subject="=?utf-8?q?Knie_=C3=BC?="))
    await signed.close()
    ((envelope, raw),) = server.got
    assert envelope.startswith("bounces+b")
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)
    assert not dkim.verify(
        raw.replace(b"Auto-Submitted", b"Xuto-Submitted"), dnsfunc=lambda name, timeout=5: record
    )
    assert b"s=s1;" in raw


async def ready_to_send(world: World) -> str:
    """A recorded answer, nothing sent yet; its step."""
    await world.link("jane@clinic.example")
    steps: list[str] = []

    async def later(step: str) -> None:
        steps.append(step)

    world.handle("send", later)
    await world.take(question())
    return steps[0]


async def test_two_workers_with_the_same_mail_hand_it_over_once(world: World, server: Server) -> None:
    step = await ready_to_send(world)
    port = SmtpPort("127.0.0.1", server.port, encryption="none")
    results = await asyncio.gather(
        *(Sender(world.parts, port).send(step) for _ in range(8)), return_exceptions=True
    )
    assert len(server.got) == 1
    assert {type(one) for one in results} <= {type(None), TryLater}


async def test_a_mail_that_a_killed_worker_held_is_handed_over_when_its_claim_ends(
    world: World, server: Server
) -> None:
    step = await ready_to_send(world)
    async with world.parts.database.write() as session:
        await session.execute(update(Sent).values(claimed_until=world.clock.now()))
    assert isinstance(world.clock, FixedClock)
    port = SmtpPort("127.0.0.1", server.port, encryption="none")
    with pytest.raises(TryLater):
        await Sender(world.parts, port).send(step)
    world.advance(seconds=1)
    await Sender(world.parts, port).send(step)
    await Sender(world.parts, port).send(step)
    ids = [
        line for _, raw in server.got for line in raw.split(b"\r\n") if line.lower().startswith(b"message-id")
    ]
    assert len(ids) == 1


async def test_what_can_not_be_delivered_goes_to_the_experts(world: World) -> None:
    step = await ready_to_send(world)

    class Refuses:
        async def send(self, message: Any, *, envelope_from: str | None = None) -> None:
            raise MailRefused("refused (554)")

    await Sender(world.parts, Refuses()).send(step)
    assert [event["type"].split(".", 3)[-1] for event in await world.events()][-1] == "inquiry.escalated.v1"
    async with world.parts.database.read() as session:
        open_ = (await session.execute(JOBS.select().where(JOBS.c.status == "failed"))).all()
    assert open_ == [], "nothing is left to an operator"
