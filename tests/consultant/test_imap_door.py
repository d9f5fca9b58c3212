"""Mail in from a mailbox, on a real IMAP server: kept before it is marked, and fetched again after any failure."""

import asyncio
from collections.abc import AsyncGenerator, Generator

import pytest
from consultant_world import World, question
from imap_server import PASSWORD, USER, ImapServer
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from ahead.consultant.intake.imap import Fetcher, Line, Mailbox
from ahead.consultant.models import RawMail
from ahead.shared.testing.waiting import eventually


@pytest.fixture(scope="module")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ImapServer]:
    with ImapServer(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture
def server(running_server: ImapServer) -> ImapServer:
    running_server.forget()
    return running_server


@pytest.fixture
def mailbox(server: ImapServer) -> Mailbox:
    return Mailbox("127.0.0.1", server.port, USER, PASSWORD, tls="none", max_bytes=100_000)


@pytest.fixture
def fetcher(world: World, mailbox: Mailbox) -> Fetcher:
    return Fetcher(world.intake, world.parts.settings.address, mailbox)


@pytest.fixture
async def running(fetcher: Fetcher) -> AsyncGenerator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(fetcher.run(stop))
    yield
    stop.set()
    await asyncio.wait_for(task, 20)


async def kept(world: World) -> int:
    async with world.parts.database.read() as session:
        return (await session.execute(select(func.count()).select_from(RawMail))).scalar_one()


async def test_mail_that_comes_while_we_listen_is_kept_marked_and_answered(
    world: World, server: ImapServer, running: None
) -> None:
    """Headers of the server that delivered it say who it is for; who wrote it is shown by nothing here."""
    await world.link("jane@clinic.example")
    for number in (1, 2):
        head = "Return-Path: <jane@clinic.example>\r\nDelivered-To: ask+x@ahead.example\r\n"
        await asyncio.to_thread(server.deliver, question(f"Is 2061{number} right?", number=number, head=head))
        await eventually(lambda: asyncio.to_thread(lambda: server.unseen() == 0), what="marked as seen")
        assert await kept(world) == number
    async with world.parts.database.read() as session:
        rows = list((await session.execute(select(RawMail))).scalars())
    assert {row.recipient for row in rows} == {"ask+x@ahead.example"}
    await world.work()
    assert world.mails() == [], "handed over by nobody that we trust, and signed by nobody"


async def test_a_mail_is_not_marked_before_it_is_kept(
    world: World, server: ImapServer, fetcher: Fetcher, mailbox: Mailbox
) -> None:
    await asyncio.to_thread(server.deliver, question())
    line = await asyncio.to_thread(Line, mailbox)
    async with world.parts.database.write() as session:
        await session.execute(text("ALTER TABLE raw_mails RENAME TO away"))
    with pytest.raises(OperationalError):
        await fetcher.take(line)
    assert await asyncio.to_thread(server.unseen) == 1
    async with world.parts.database.write() as session:
        await session.execute(text("ALTER TABLE away RENAME TO raw_mails"))
    await fetcher.take(line)
    assert await asyncio.to_thread(server.unseen) == 0
    assert await kept(world) == 1
    await asyncio.to_thread(line.close)


async def test_killed_between_keeping_and_marking_keeps_a_mail_once(
    world: World, server: ImapServer, fetcher: Fetcher, mailbox: Mailbox
) -> None:
    await asyncio.to_thread(server.deliver, question())
    line = await asyncio.to_thread(Line, mailbox)
    await fetcher.take(line)

    def forget_the_mark() -> None:
        with server.client() as client:
            client.remove_flags(client.search()[-1:], [b"\\Seen"])

    await asyncio.to_thread(forget_the_mark)
    await fetcher.take(line)
    assert await asyncio.to_thread(server.unseen) == 0
    assert await kept(world) == 1
    await asyncio.to_thread(line.close)


async def test_a_server_that_was_away_is_found_again(world: World, server: ImapServer, running: None) -> None:
    await asyncio.to_thread(server.deliver, question())
    await eventually(lambda: kept(world))
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.deliver, question("Is 11042 right?", number=2))

    async def both() -> bool:
        return await kept(world) == 2

    await eventually(both, within_s=30)


async def test_too_large_a_mail_is_left_for_people(
    world: World, server: ImapServer, fetcher: Fetcher, mailbox: Mailbox
) -> None:
    await asyncio.to_thread(server.deliver, question("x " * 80_000))
    await asyncio.to_thread(server.deliver, question(number=2))
    line = await asyncio.to_thread(Line, mailbox)
    await fetcher.take(line)
    await fetcher.take(line)
    assert await kept(world) == 1
    assert await asyncio.to_thread(server.unseen) == 1, "flagged, not marked as read"
    await asyncio.to_thread(line.close)


async def test_a_bounce_in_the_mailbox_is_a_machines(
    world: World, server: ImapServer, fetcher: Fetcher, mailbox: Mailbox
) -> None:
    await asyncio.to_thread(server.deliver, question(head="Return-Path: <>\r\n"))
    line = await asyncio.to_thread(Line, mailbox)
    await fetcher.take(line)
    await world.work()
    async with world.parts.database.read() as session:
        row = (await session.execute(select(RawMail))).scalars().one()
    assert (row.fate, row.why) == ("machine", "null envelope sender")
    await asyncio.to_thread(line.close)
