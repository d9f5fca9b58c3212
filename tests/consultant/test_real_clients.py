"""Mail sent and read with clients that people use: swaks, and Python's own smtplib and imaplib."""

import asyncio
import imaplib
import shutil
import smtplib
from collections.abc import AsyncGenerator, Generator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from consultant_world import World
from imap_server import PASSWORD, USER, ImapServer
from sqlalchemy import func, select

from ahead.consultant.intake.smtp import listen
from ahead.consultant.models import Inquiry
from ahead.shared.mail import SmtpPort
from ahead.shared.testing.waiting import free_port

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


@pytest.fixture(scope="module")
def mailbox_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ImapServer]:
    with ImapServer(tmp_path_factory.mktemp("imap")) as running:
        yield running


class Deliverer(Message):
    """The last mail server of the way: what we hand over lies in the person's mailbox."""

    def __init__(self, server: ImapServer) -> None:
        super().__init__()
        self._server = server

    def handle_message(self, message: EmailMessage) -> None:
        self._server.deliver(message.as_bytes())


@pytest.fixture
async def outgoing(world: World, mailbox_server: ImapServer) -> AsyncGenerator[None]:
    """Our mail goes out over real SMTP, and into a real IMAP server."""
    controller = Controller(Deliverer(mailbox_server), hostname="127.0.0.1", port=free_port())
    await asyncio.to_thread(controller.start)
    world.port = SmtpPort("127.0.0.1", controller.port, encryption="none")
    yield
    await asyncio.to_thread(controller.stop)


def fetch_unseen(port: int) -> list[EmailMessage]:
    """What Python's own client shows a person of new mail."""
    found = []
    with imaplib.IMAP4("127.0.0.1", port, timeout=10) as client:
        client.login(USER, PASSWORD)
        client.select("INBOX")
        for number in client.search(None, "UNSEEN")[1][0].split():
            _, ((_, raw), *_rest) = client.fetch(number.decode(), "(RFC822)")
            found.append(message_from_bytes(raw, policy=policy.default))
            client.store(number.decode(), "+FLAGS", "\\Seen")
    return found


def send(port: int, text: str, answered: EmailMessage | None = None) -> None:
    """A new mail, or an answer to one as mail programs write it."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Jane <jane@clinic.example>", "knee"
    mail["To"] = answered["Reply-To"] if answered else "ask@ahead.example"
    mail["Message-ID"] = make_msgid(domain="clinic.example")
    if answered:
        mail.replace_header("Subject", answered["Subject"])
        mail["In-Reply-To"] = answered["Message-ID"]
        mail["References"] = f"{answered['References'] or ''} {answered['Message-ID']}".strip()
        said = answered.get_body(("plain",))
        assert said
        text += "\n\nOn Tuesday Coding Ahead wrote:\n" + "".join(
            f"> {line}\n" for line in said.get_content().splitlines()
        )
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(mail)


async def test_answers_are_read_with_imaplib_and_answered_in_the_same_thread(
    world: World, port: int, mailbox_server: ImapServer, outgoing: None
) -> None:
    await world.link("jane@clinic.example")
    await asyncio.to_thread(send, port, "Can I bill 20610-LT with 99213-25? Patient John Smith.")
    await world.work()
    (first,) = await asyncio.to_thread(fetch_unseen, mailbox_server.port)
    assert (first["To"], first["Subject"]) == ("jane@clinic.example", "Re: knee")
    assert first["Auto-Submitted"] == "auto-replied"
    for kind in ("plain", "html"):
        body = first.get_body((kind,))
        assert body
        assert "Report 20610 with LT." in body.get_content()
        assert "Smith" not in body.get_content()

    await asyncio.to_thread(send, port, "And is J1030 covered with it?", first)
    await world.work()
    (second,) = await asyncio.to_thread(fetch_unseen, mailbox_server.port)
    assert second["Subject"] == "Re: knee"
    assert first["Message-ID"] in second["References"]
    assert "J1030" in world.assistant.asked[-1]["question"]
    async with world.parts.database.read() as session:
        assert (await session.execute(select(func.count()).select_from(Inquiry))).scalar_one() == 1
