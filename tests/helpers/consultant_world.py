"""CaseConsultant with its real parts: an SMTP door on a free port, the jobs run in order, a maildir to look into."""

import asyncio
import json
import mailbox
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from ahead.consultant.inquiries.answering import Answerer
from ahead.consultant.inquiries.service import ANSWER, Reader
from ahead.consultant.inquiries.steps import SEND
from ahead.consultant.intake.authentication import Authenticator
from ahead.consultant.intake.dns import Dns
from ahead.consultant.intake.service import PROCESS, Intake
from ahead.consultant.models import JOBS, OUTBOX, LinkedAddress, RawMail
from ahead.consultant.parts import Parts
from ahead.consultant.sending.service import Sender
from ahead.consultant.settings import SERVICE
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.clock import FixedClock
from ahead.shared.mail import MailPort

ANSWERED: dict[str, Any] = {
    "id": "a1",
    "status": "answered",
    "sentences": [{"text": "Report 20610 with LT.", "citations": [1]}],
    "citations": [
        {"n": 1, "source": "NCCI", "release": "2026Q4", "from": "2026-10-01", "to": None, "url": "u"}
    ],
    "codes": [{"system": "cpt", "code": "20610", "title": "Made-up title"}],
}


class Assistant:
    """The other side of the contract, over real HTTP semantics: token, then answer. What it says is set by a test."""

    def __init__(self) -> None:
        self.result: dict[str, Any] | None = ANSWERED
        # By a word of the question, before `result`.
        self.results: dict[str, dict[str, Any] | None] = {}
        self.asked: list[dict[str, Any]] = []

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/service-tokens"):
            return httpx.Response(201, json={"token": "t", "expires_at": 4e9})
        asked = json.loads(request.content)
        self.asked.append({**asked, "for": request.headers["Ahead-Principal"]})
        found = [result for word, result in self.results.items() if word in asked["question"]]
        result = found[0] if found else self.result
        return httpx.Response(200, json=result) if result else httpx.Response(503, json={})


class World:
    def __init__(self, parts: Parts, port: MailPort, folder: Path, dns: Dns) -> None:
        self.parts = parts
        self.clock = parts.clock
        self.folder = folder
        self.port = port
        self.assistant = Assistant()
        self.intake = Intake(parts.database, parts.keybox, parts.clock)
        client = ServiceClient(
            parts.settings.shared,
            SERVICE,
            "k" * 40,
            ["assistant:answer"],
            transport=self.assistant.transport(),
        )
        self.client = client
        settings = parts.settings
        authenticator = Authenticator(
            dns, trusted_relay=settings.trusted_relay, verified_peers=settings.verified_peers
        )
        self._handlers: dict[str, Callable[..., Awaitable[None]]] = {
            PROCESS: Reader(parts, authenticator).process,
            ANSWER: Answerer(parts, client).answer,
            SEND: lambda step: Sender(parts, self.port).send(step),
        }
        self._done: set[str] = set()

    def handle(self, actor: str, handler: Callable[..., Awaitable[None]]) -> None:
        self._handlers[actor] = handler

    async def close(self) -> None:
        await self.client.aclose()
        await self.parts.database.close()

    async def link(self, address: str, account: str = "a:jane", plan: str = "pro") -> None:
        async with self.parts.database.write() as session:
            key = self.parts.keybox.blind(address)
            session.add(LinkedAddress(address=key, account=account, plan=plan, at=self.clock.now()))

    async def take(self, raw: bytes, *, envelope: str = "jane@clinic.example", to: str | None = None) -> str:
        """One mail in, all its jobs done; what became of it."""
        to = to or self.parts.settings.address
        await self.intake.accept(raw, envelope_from=envelope, recipient=to, peer="127.0.0.1")
        await self.work()
        async with self.parts.database.read() as session:
            row = (await session.execute(select(RawMail).order_by(RawMail.id.desc()))).scalars().first()  # type: ignore[attr-defined]
            assert row is not None
            return row.fate

    async def work(self, *, twice: bool = False) -> None:
        """Run every job that is due until none is left; ``twice`` as a broker may deliver them."""
        while True:
            async with self.parts.database.read() as session:
                rows = (await session.execute(select(JOBS).order_by(JOBS.c.created_at, JOBS.c.id))).all()
            todo = [row for row in rows if row.id not in self._done]
            if not todo:
                return
            for row in todo:
                for _ in range(2 if twice else 1):
                    await self._handlers[row.actor](**json.loads(row.args))
                self._done.add(row.id)

    def mails(self) -> list[mailbox.MaildirMessage]:
        if not self.folder.exists():
            return []
        box = mailbox.Maildir(self.folder, create=False)
        return [message for _, message in sorted(box.items())]

    async def events(self) -> list[dict[str, Any]]:
        async with self.parts.database.read() as session:
            rows = await session.execute(select(OUTBOX.c.body).order_by(OUTBOX.c.seq))
            return [json.loads(body) for body in rows.scalars()]

    def advance(self, **delta: float) -> None:
        assert isinstance(self.clock, FixedClock)
        self.clock.advance(timedelta(**delta))


def plain_of(mail: mailbox.MaildirMessage) -> str:
    return _decoded(mail, 0)


def page_of(mail: mailbox.MaildirMessage) -> str:
    """The HTML part."""
    return _decoded(mail, 1)


def _decoded(mail: mailbox.MaildirMessage, part: int) -> str:
    body = mail.get_payload(part).get_payload(decode=True)  # type: ignore[union-attr]
    assert isinstance(body, bytes)
    return body.decode().replace("\r\n", "\n")


def question(
    text: str = "Can I bill 20610-LT with 99213-25?",
    *,
    sender: str = "Jane <jane@clinic.example>",
    number: int = 1,
    head: str = "",
    subject: str = "knee",
) -> bytes:
    return (
        f"{head}From: {sender}\r\nTo: ask@ahead.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <{number}@clinic.example>\r\n\r\n{text}\r\n"
    ).encode()


async def speak(port: int, commands: bytes) -> bytes:
    """Say raw bytes to an SMTP server and read until it hangs up or is silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(commands)
    await writer.drain()
    data = await asyncio.wait_for(reader.read(-1), 20)
    writer.close()
    return data
