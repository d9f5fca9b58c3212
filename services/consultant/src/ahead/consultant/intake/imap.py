"""Mail in from a mailbox by IMAP: told of new mail by IDLE, connected again when the line drops.

A message is marked as seen once it is kept, never before: whatever happens between, it is fetched again, and the
very same message is kept once. Mail larger than allowed is flagged and left where it is, for people.
"""

import asyncio
import random
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from ahead.consultant.intake.addresses import OurAddress, envelope_in
from ahead.consultant.intake.service import Intake
from ahead.consultant.reading import read_message
from ahead.shared.background import Part
from ahead.shared.logging import get_logger

log = get_logger(__name__)

TIMEOUT_S = 30.0
# How long one wait is: how soon the process can stop. Servers end IDLE after half an hour: begin anew before.
WAIT_S = 2.0
IDLE_S = 600.0
# Without IDLE: how often new mail is asked for.
POLL_S = 20.0
SHORTEST_S, LONGEST_S = 1.0, 60.0


@dataclass(frozen=True)
class Mailbox:
    """Where mail lies. ``tls``: "tls", "starttls" or "none"."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    tls: str = "tls"
    max_bytes: int = 25 << 20


class Line:
    """One connection. Every call blocks, and raises OSError or IMAPClientError when the line is gone."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        context = ssl.create_default_context() if mailbox.tls != "none" else None
        self._client: Any = IMAPClient(
            mailbox.host, mailbox.port, ssl=mailbox.tls == "tls", ssl_context=context, timeout=TIMEOUT_S
        )
        try:
            if mailbox.tls == "starttls":
                self._client.starttls(context)
            self._client.login(mailbox.user, mailbox.password)
            self._client.select_folder(mailbox.folder)
            self._can_idle = self._client.has_capability("IDLE")
        except BaseException:
            self.close()
            raise

    def new(self) -> list[int]:
        return sorted(self._client.search(["UNSEEN", "UNFLAGGED"]))

    def fetch(self, uid: int) -> bytes | None:
        """The message without marking it; None when it is too large, or gone."""
        size = self._client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
        if size > self._mailbox.max_bytes:
            self._client.add_flags([uid], [b"\\Flagged"])
            log.warning("mail too large is left in its mailbox", size=size)
            return None
        return self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")

    def kept(self, uid: int) -> None:
        self._client.add_flags([uid], [b"\\Seen"])

    def begin_waiting(self) -> None:
        if self._can_idle:
            self._client.idle()

    def told(self, seconds: float) -> bool:
        """Whether the server told of something within so many seconds."""
        return bool(self._client.idle_check(timeout=seconds))

    def end_waiting(self) -> None:
        """Leave IDLE, or show the server that we are there."""
        if self._can_idle:
            self._client.idle_done()
        else:
            self._client.noop()

    @property
    def can_idle(self) -> bool:
        return self._can_idle

    def close(self) -> None:
        with suppress(Exception):
            self._client.shutdown()


class Fetcher:
    def __init__(self, intake: Intake, address: str, mailbox: Mailbox) -> None:
        self._intake = intake
        self._ours = OurAddress(address)
        self._mailbox = mailbox

    async def run(self, stop: asyncio.Event) -> None:
        pause = SHORTEST_S
        while not stop.is_set():
            line = None
            try:
                line = await asyncio.to_thread(Line, self._mailbox)
                log.info("mailbox open", host=self._mailbox.host)
                while not stop.is_set():
                    await self.take(line)
                    pause = SHORTEST_S
                    await self._wait(line, stop)
            except (OSError, IMAPClientError) as error:
                log.warning("mailbox away", host=self._mailbox.host, reason=type(error).__name__)
            except (
                Exception
            ) as error:  # not kept, such as a database that is away: all of it is fetched again
                log.error("mail of a mailbox not kept", reason=type(error).__name__)
            finally:
                if line is not None:
                    await asyncio.to_thread(line.close)
            if not stop.is_set():
                await _until(stop, pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that not all come at once
                pause = min(pause * 2, LONGEST_S)

    async def take(self, line: Line) -> None:
        """Keep what is new, one after the other, and mark each when it is kept."""
        for uid in await asyncio.to_thread(line.new):
            raw = await asyncio.to_thread(line.fetch, uid)
            if raw is None:
                continue
            message = await asyncio.to_thread(read_message, raw)
            await self._intake.accept(
                raw, envelope_from=envelope_in(message), recipient=self._ours.recipient_in(message)
            )
            await asyncio.to_thread(line.kept, uid)

    async def _wait(self, line: Line, stop: asyncio.Event) -> None:
        await asyncio.to_thread(line.begin_waiting)
        if not line.can_idle:
            await _until(stop, POLL_S)
        waited = 0.0
        while line.can_idle and not stop.is_set() and waited < IDLE_S:
            if await asyncio.to_thread(line.told, WAIT_S):
                break
            waited += WAIT_S
        await asyncio.to_thread(line.end_waiting)


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def imap_part(intake: Intake, address: str, mailbox: Mailbox) -> Part:
    return Fetcher(intake, address, mailbox).run
