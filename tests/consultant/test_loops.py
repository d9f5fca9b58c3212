"""Two installations and a crowd of auto-responders, connected over real SMTP: whatever starts it, the mail stops."""

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from consultant_world import ANSWERED, World
from sqlalchemy import func, select

from ahead.consultant.intake.dns import ZoneFile
from ahead.consultant.intake.smtp import listen
from ahead.consultant.models import Inquiry, Sent
from ahead.consultant.parts import Parts
from ahead.consultant.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.mail import SmtpPort

ROUNDS, ROUNDS_LONG = 40, 1_000
KICK_EVERY = 20
# From a kick to silence: three turns of a thread, or six mails of an hour, with the ways there and back.
SILENT_AFTER = 16
MARKS = re.compile(
    rb"^(?:auto-submitted|x-auto-response-suppress|dkim-signature):.*\r\n(?:[ \t].*\r\n)*", re.I | re.M
)

# (our mail, how many it has had) -> the words of its reply, and more headers; None where it keeps silent
Robot = Callable[[Message, int], tuple[str, str] | None]


def said(subject: str = "", head: str = "", text: str = "") -> Robot:
    def reply(mail: Message, number: int) -> tuple[str, str] | None:
        about = subject.format(n=number, subject=mail["Subject"]) or f"Re: {mail['Subject']}"
        return f"Subject: {about}\r\n{head.format(n=number)}", text.format(n=number)

    return reply


def marked(mail: Message, _number: int) -> tuple[str, str] | None:
    """A well-behaved one: silent to what is marked as automatic."""
    if mail["Auto-Submitted"] or mail["X-Auto-Response-Suppress"]:
        return None
    return "Subject: away\r\nAuto-Submitted: auto-replied\r\n", "Away until Monday."


THREAD = "In-Reply-To: {0}\r\nReferences: {0}\r\n"
ROBOTS: dict[str, Robot] = {
    "rfc3834": marked,
    "vacation": said(head="Auto-Submitted: auto-replied\r\n", text="I am away ({n})."),
    "exchange": said("Automatic reply: {subject}", "X-Auto-Response-Suppress: All\r\n", "Back on day {n}."),
    "precedence": said(head="Precedence: bulk\r\n", text="We got it, number {n}."),
    "autoreply": said(head="X-Autoreply: yes\r\n", text="Got it {n}."),
    "ooo-words": said("Out of office: {subject}", text="I will be out of the office, note {n}."),
    "ticket": said("[Ticket #{n}] received: {subject}", text="Your request has been received, number {n}."),
    # Without any mark, in words that only somebody who asks would use, new each time.
    "bare-asks": said(text="And what about 2061{n}? Is it payable with 9921{n}?"),
    "bare-new-thread": said("Another one, {n}", text="Is code 1104{n} payable?"),
    "bare-same": said(text="Is 20610 payable?"),
    "bare-growing": said("Re: Re: {subject}", text="Question {n}: does 97597 need a modifier in case {n}?"),
    "bare-short": said(text="noted {n}"),
    "bare-human": said(text="I want to speak with a coder, case {n}, about 20610."),
}


def _without_marks(raw: bytes) -> bytes:
    """What a gateway may do that knows nothing of RFC 3834, and a person who retells the answer."""
    raw = MARKS.sub(b"", raw)
    return raw.replace(
        b"This is an automated answer. Reply HUMAN to reach a coder.", b"Is that so with 99214, too?"
    )


class Post:
    """A relay on a real port; what it takes is carried on in the next round."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content
        assert isinstance(raw, bytes)
        self.taken += [(envelope.mail_from or "", to.lower(), raw) for to in envelope.rcpt_tos]
        return "250 OK"

    @asynccontextmanager
    async def open(self) -> AsyncGenerator["Post"]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()


class Net:
    """The two installations, the robots, and the post between them."""

    def __init__(self, worlds: dict[str, World], doors: dict[str, int], post: Post, *, strip: bool) -> None:
        self.worlds, self.doors, self.post, self.strip = worlds, doors, post, strip
        self.had: Counter[str] = Counter()
        self.carried: Counter[str] = Counter()

    async def round(self, number: int) -> int:
        """Carry what lies at the post, let everybody answer; returns how many mails were carried."""
        taken, self.post.taken = self.post.taken, []
        for envelope, to, raw in taken:
            domain = to.rpartition("@")[2]
            self.carried[domain] += 1
            if domain in self.worlds:
                if self.strip:  # and forwarded under the name of who wrote it
                    envelope, raw = f"ask@{envelope.rpartition('@')[2]}", _without_marks(raw)
                await self.deliver(domain, envelope, to, raw)
            else:
                await self.answer(to, raw)
        for world in self.worlds.values():
            result = deepcopy(ANSWERED)
            result["sentences"][0]["text"] = f"Report 20610 with LT, as told {number} times."
            world.assistant.result = result
            await world.work()
            world.advance(minutes=3)
        return len(taken)

    async def deliver(self, domain: str, envelope: str, to: str, raw: bytes) -> None:
        await aiosmtplib.send(
            raw,
            sender=envelope,
            recipients=[to],
            hostname="127.0.0.1",
            port=self.doors[domain],
            start_tls=False,
        )

    async def answer(self, robot: str, raw: bytes) -> None:
        mail = message_from_bytes(raw, policy=default)
        self.had[robot] += 1
        reply = ROBOTS[robot.partition("@")[0]](mail, self.had[robot])
        if reply is None:
            return
        head, text = reply
        to = str(mail["Reply-To"])
        thread = "" if "new-thread" in robot else THREAD.format(mail["Message-ID"])
        await self.say(robot, to, f"{head}{thread}", text)

    async def say(self, sender: str, to: str, head: str, text: str) -> None:
        number = self.had.total() + sum(self.carried.values())
        raw = (
            f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <{number}.{sender}>\r\n{head}"
            f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        )
        await self.deliver(to.rpartition("@")[2], sender, to, raw.encode())

    async def kick(self, number: int) -> None:
        """Everybody, the other installation too, has asked something today."""
        one, two = sorted(self.worlds, reverse=bool(number // KICK_EVERY % 2))
        for robot in ROBOTS:
            text = f"Kick {number}: is 20610-LT payable in the office?"
            await self.say(f"{robot}@robots.example", f"ask@{one}", f"Subject: kick {number}\r\n", text)
        await self.say(
            f"ask@{one}", f"ask@{two}", f"Subject: kick {number}\r\n", f"Is 9921{number % 10} payable?"
        )


@pytest.mark.parametrize("strip", [False, True], ids=["marks-kept", "marks-stripped"])
async def test_the_mail_stops_by_itself(
    settings: Settings, empty_database: Path, tmp_path: Path, strip: bool, long_run: bool
) -> None:
    rounds = ROUNDS_LONG if long_run else ROUNDS
    async with Post().open() as post:
        worlds: dict[str, World] = {}
        doors: dict[str, int] = {}
        servers: list[asyncio.Server] = []
        for name in ("one.example", "two.example"):
            path = tmp_path / f"{name}.db"
            shutil.copy(empty_database, path)
            own = settings.model_copy(
                update={"address": f"ask@{name}", "database_url": f"sqlite+aiosqlite:///{path}"}
            )
            parts = Parts.make(own, clock=FixedClock(datetime(2026, 11, 24, 12, tzinfo=UTC)))
            port = SmtpPort("127.0.0.1", post.port, encryption="none")
            worlds[name] = World(parts, port, tmp_path / name, ZoneFile(""))
            servers.append(await listen(worlds[name].intake, own.address, "127.0.0.1", 0, 2**20))
            doors[name] = servers[-1].sockets[0].getsockname()[1]
        net = Net(worlds, doors, post, strip=strip)
        for name, world in worlds.items():
            other = next(one for one in worlds if one != name)
            await world.link(f"ask@{other}", account="a:other")
            for robot in ROBOTS:
                await world.link(f"{robot}@robots.example", account=f"a:{robot}")
        moved: list[int] = []
        for number in range(rounds):
            if number % KICK_EVERY == 0:
                await net.kick(number)
            moved.append(await net.round(number))
        for server in servers:
            server.close()
        silent = [moved[begin + SILENT_AFTER : begin + KICK_EVERY] for begin in range(0, rounds, KICK_EVERY)]
        print(f"{rounds} rounds, {sum(moved)} mails, the most in one round {max(moved)}; {dict(net.carried)}")
        assert sum(moved) > 0
        assert all(sum(part) == 0 for part in silent), "after each kick the mail stops"
        await check(worlds)
        for world in worlds.values():
            await world.close()


async def check(worlds: dict[str, World]) -> None:
    for world in worlds.values():
        async with world.parts.database.read() as session:
            statement: Any = (
                select(Inquiry.id, func.count())  # type: ignore[call-overload]
                .join(Sent, Sent.inquiry == Inquiry.id)  # type: ignore[arg-type]
                .where(Sent.automatic)  # type: ignore[arg-type]
                .group_by(Inquiry.id)
            )
            turns = [count for _, count in (await session.execute(statement)).all()]
        # Three answers, and at most one "a coder will look at it".
        assert max(turns) <= world.parts.settings.automatic_turns_per_thread + 1
