"""Outgoing mail: composed safely, kept in a real maildir, handed to a real SMTP server."""

import asyncio
import mailbox
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from ahead.shared.mail import (
    BadAddress,
    MailDelayed,
    MaildirPort,
    MailRefused,
    SmtpPort,
    compose,
    mail_domain,
    make_mail_port,
    message_id_for,
)
from ahead.shared.settings import SharedSettings

AT = datetime(2026, 11, 5, 12, tzinfo=UTC)


def a_mail(to: str = "jane@example.org", text: str = "Hello – grüße\n.\nFrom here\n") -> EmailMessage:
    return compose(
        sender="Coding Ahead <no-reply@example.org>",
        to=to,
        subject="Confirm your address",
        text=text,
        message_id=message_id_for("example.org", "step", "one"),
        at=AT,
    )


async def test_a_maildir_that_any_mail_program_reads(tmp_path: Path) -> None:
    port = MaildirPort(tmp_path / "mail" / "out")
    await asyncio.gather(*(port.send(a_mail(f"jane{number}@example.org")) for number in range(20)))
    box = mailbox.Maildir(tmp_path / "mail" / "out", create=False)
    assert len(box) == 20
    assert {message["To"] for message in box} == {f"jane{number}@example.org" for number in range(20)}
    assert list((tmp_path / "mail" / "out" / "tmp").iterdir()) == []
    message = next(iter(box))
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode() == "Hello – grüße\n.\nFrom here\n"
    assert (message["Date"], message["Auto-Submitted"]) == (
        "Thu, 05 Nov 2026 12:00:00 +0000",
        "auto-generated",
    )


async def test_a_link_is_whole_in_the_file_as_it_lies_there(tmp_path: Path) -> None:
    link = "https://codes.example/account/confirm?token=" + "x" * 80
    await MaildirPort(tmp_path).send(a_mail(text=f"Open this:\n\n{link}\n"))
    (file,) = (tmp_path / "new").iterdir()
    assert link in file.read_text().splitlines()


async def test_a_maildir_that_can_not_be_written_delays_the_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(MailDelayed):
        await MaildirPort(tmp_path / "mail" / "out").send(a_mail())


def test_a_step_has_one_message_id() -> None:
    assert message_id_for("example.org", "a", "b") == message_id_for("example.org", "a", "b")
    assert message_id_for("example.org", "a", "b") != message_id_for("example.org", "ab")
    assert mail_domain("Coding Ahead <no-reply@example.org>", "") == "example.org"
    assert mail_domain("", "https://codes.example/") == "codes.example"


@pytest.mark.parametrize(
    "to",
    [
        "", "jane", "@example.org", "jane@", "a b@example.org", "jane@example.org\nBcc: all@example.org",
        "jane@example.org, all@example.org", "<jane@example.org>", '"x"@example.org', "x" * 65 + "@example.org",
        "jane@" + "x" * 300, "jane@exa\x00mple.org", "jane@..",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(to: str) -> None:
    with pytest.raises(BadAddress):
        a_mail(to)


def test_nobody_adds_headers_through_a_subject() -> None:
    for value in ("Hello\nBcc: all@example.org", "Hello\r\n\r\nbody", "a\x00b"):
        with pytest.raises(ValueError, match="control character"):
            compose(
                sender="a@example.org", to="b@example.org", subject=value, text="", message_id="<1@x>", at=AT
            )


class SmtpServer:
    """A small real SMTP server: takes, defers or refuses as it is told."""

    def __init__(self, replies: dict[str, str]) -> None:
        self.replies = replies
        self.taken: list[bytes] = []
        self.port = 0
        self.ended: list[asyncio.Event] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.Event()
        self.ended.append(ended)
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            ended.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")

        say("220 ready")
        while line := await reader.readline():
            verb = line.decode().split(":")[0].split()[0].upper()
            if verb == "DATA" and "DATA" not in self.replies:
                say("354 go on")
                body = b""
                while (line := await reader.readline()) != b".\r\n":
                    body += line
                if self.replies.get("END") == "drop":
                    break
                if "END" not in self.replies:
                    self.taken.append(body)
                say(self.replies.get("END", "250 taken"))
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say(self.replies.get(verb, "250 fine"))


@asynccontextmanager
async def smtp_server(**replies: str) -> AsyncGenerator[SmtpServer]:
    server = SmtpServer(replies)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server
        for ended in server.ended:
            await asyncio.wait_for(ended.wait(), 5)


async def test_a_relay_gets_the_mail() -> None:
    async with smtp_server() as server:
        await SmtpPort("127.0.0.1", server.port, encryption="none").send(a_mail())
    assert len(server.taken) == 1
    assert b"Subject: Confirm your address" in server.taken[0]


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        ({"RCPT": "550 no such user"}, MailRefused),
        ({"RCPT": "450 try later"}, MailDelayed),
        ({"MAIL": "421 closing"}, MailDelayed),
        ({"DATA": "554 no"}, MailRefused),
        ({"END": "451 try later"}, MailDelayed),
        ({"END": "554 spam"}, MailRefused),
        ({"END": "drop"}, MailDelayed),
    ],
)
async def test_what_the_relay_says_decides_whether_to_try_again(
    replies: dict[str, str], error: type[Exception]
) -> None:
    async with smtp_server(**replies) as server:
        with pytest.raises(error):
            await SmtpPort("127.0.0.1", server.port, encryption="none", timeout_s=5).send(a_mail())


async def test_a_relay_that_is_away_delays_the_mail() -> None:
    async with smtp_server() as server:
        port = server.port
    with pytest.raises(MailDelayed):
        await SmtpPort("127.0.0.1", port, encryption="none", timeout_s=2).send(a_mail())


async def test_a_relay_without_tls_gets_nothing_when_tls_is_wanted() -> None:
    async with smtp_server() as server:
        with pytest.raises(MailDelayed):
            await SmtpPort("127.0.0.1", server.port, encryption="starttls", timeout_s=5).send(a_mail())
    assert server.taken == []


def test_the_settings_choose_the_port(tmp_path: Path) -> None:
    local = make_mail_port(SharedSettings(data=tmp_path))
    assert isinstance(local, MaildirPort)
    assert local.folder == tmp_path / "mail" / "out"
    assert isinstance(make_mail_port(SharedSettings(smtp_host="relay.example")), SmtpPort)
