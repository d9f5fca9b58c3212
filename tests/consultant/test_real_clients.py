"""Mail sent with swaks, a client that people test mail servers with, is answered as any other."""

import asyncio
import shutil
from collections.abc import AsyncGenerator

import pytest
from consultant_world import World

from ahead.consultant.intake.smtp import listen

SWAKS = shutil.which("swaks")


@pytest.fixture
async def port(world: World) -> AsyncGenerator[int]:
    server = await listen(world.intake, "ask@ahead.example", "127.0.0.1", 0, 1 << 20)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.skipif(
    SWAKS is None, reason="swaks is not installed (a package of Debian); Python's clients are tested always"
)
async def test_a_mail_sent_with_swaks_is_answered(world: World, port: int) -> None:
    await world.link("jane@clinic.example")
    done = await asyncio.create_subprocess_exec(
        *(SWAKS or "", "--server", f"127.0.0.1:{port}", "--from", "jane@clinic.example"),
        *("--to", "ask@ahead.example", "--header", "Subject: knee"),
        *("--body", "Can I bill 20610-LT with 99213-25?"),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asyncio.wait_for(done.communicate(), 30)
    assert done.returncode == 0
    assert b"250 2.0.0 Kept" in said
    await world.work()
    (mail,) = world.mails()
    assert mail["To"] == "jane@clinic.example"
    assert mail["Subject"] == "Re: knee"
