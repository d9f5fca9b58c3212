"""Mail in by LMTP, from a mail server of our own: one answer for each recipient."""

import asyncio
import smtplib
from collections.abc import AsyncGenerator

import pytest
from consultant_world import World, question, speak
from sqlalchemy import func, select

from ahead.consultant.intake.smtp import listen
from ahead.consultant.models import RawMail


@pytest.fixture
async def port(world: World) -> AsyncGenerator[int]:
    server = await listen(world.intake, "ask@ahead.example", "127.0.0.1", 0, 100_000, lmtp=True)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def kept(world: World) -> int:
    async with world.parts.database.read() as session:
        return (await session.execute(select(func.count()).select_from(RawMail))).scalar_one()


async def test_pythons_own_lmtp_client_hands_a_mail_over(world: World, port: int) -> None:
    def hand_over() -> None:
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail("jane@clinic.example", ["ask@ahead.example"], question())

    await world.link("jane@clinic.example")
    await asyncio.to_thread(hand_over)
    assert await kept(world) == 1
    await world.work()
    assert len(world.mails()) == 1


async def test_each_recipient_has_an_answer_of_its_own(world: World, port: int) -> None:
    said = await speak(
        port,
        b"LHLO x\r\nMAIL FROM:<jane@clinic.example>\r\nRCPT TO:<ask@ahead.example>\r\n"
        b"RCPT TO:<nobody@ahead.example>\r\nRCPT TO:<ask+t@ahead.example>\r\nDATA\r\n"
        + question()
        + b".\r\nQUIT\r\n",
    )
    after = said.partition(b"354 ")[2]
    assert after.count(b"250 2.0.0 Kept") == 2
    assert said.count(b"550 5.1.1") == 1
    assert await kept(world) == 1


async def test_smtp_is_not_spoken_here(port: int) -> None:
    assert b"500" in await speak(port, b"EHLO x\r\nQUIT\r\n")
