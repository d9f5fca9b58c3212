"""Mail in by real SMTP: kept before 250, and hostile talk refused with the right code."""

import asyncio
import smtplib
from collections.abc import AsyncGenerator

import pytest
from consultant_world import World, question, speak
from sqlalchemy import func, select

from ahead.consultant.intake.smtp import listen
from ahead.consultant.models import RawMail

HELLO = b"EHLO x\r\nMAIL FROM:<jane@clinic.example>\r\nRCPT TO:<ask@ahead.example>\r\nDATA\r\n"


@pytest.fixture
async def port(world: World) -> AsyncGenerator[int]:
    server = await listen(world.intake, world.parts.settings.address, "127.0.0.1", 0, 100_000)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def kept(world: World) -> int:
    async with world.parts.database.read() as session:
        return (await session.execute(select(func.count()).select_from(RawMail))).scalar_one()


def send(port: int, raw: bytes, *to: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail("jane@clinic.example", list(to or ("ask@ahead.example",)), raw)


async def test_a_mail_sent_with_pythons_own_client_is_answered(world: World, port: int) -> None:
    await world.link("jane@clinic.example")
    await asyncio.to_thread(send, port, question())
    assert await kept(world) == 1
    await world.work()
    assert len(world.mails()) == 1


async def test_nothing_readable_of_a_mail_lies_in_the_database(world: World, port: int) -> None:
    await asyncio.to_thread(send, port, question("the words of a patient"))
    async with world.parts.database.read() as session:
        row = (await session.execute(select(RawMail))).scalars().one()
    assert b"patient" not in row.body
    assert b"patient" in world.parts.keybox.open(row.body)


async def test_other_mailboxes_are_not_relayed_for(port: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await asyncio.to_thread(send, port, question(), "someone@elsewhere.example")
    assert refused.value.recipients["someone@elsewhere.example"][0] == 550


async def test_too_large_a_mail_is_refused(world: World, port: int) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        await asyncio.to_thread(send, port, question("x " * 80_000))
    assert refused.value.smtp_code == 552
    assert await kept(world) == 0


async def test_many_recipients_are_one_mail_at_most(world: World, port: int) -> None:
    many = [f"ask+{number}@ahead.example" for number in range(200)]
    await asyncio.to_thread(send, port, question(), *many)
    assert await kept(world) == 1


@pytest.mark.parametrize("end", [b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r"])
async def test_a_second_message_can_not_be_smuggled_in(world: World, port: int, end: bytes) -> None:
    smuggled = (
        b"MAIL FROM:<boss@clinic.example>\r\n"
        b"RCPT TO:<ask@ahead.example>\r\nDATA\r\nFrom: boss@clinic.example\r\n\r\nx"
    )
    answer = await speak(
        port, HELLO + b"From: jane@clinic.example\r\n\r\nhi" + end + smuggled + b"\r\n.\r\nQUIT\r\n"
    )
    assert b"554 5.6.11" in answer
    assert await kept(world) == 0


async def test_the_door_stays_open_after_nonsense(world: World, port: int) -> None:
    for nonsense in (
        b"\0" * 2_000 + b"\r\nQUIT\r\n",
        b"EHLO " + b"x" * 5_000 + b"\r\nQUIT\r\n",
        b"DATA\r\nQUIT\r\n",
    ):
        await speak(port, nonsense)
    await asyncio.to_thread(send, port, question())
    assert await kept(world) == 1
