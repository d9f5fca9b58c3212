"""Mail in by SMTP: 250 is said when the message is kept, never before.

LMTP (RFC 2033) is the same for a mail server of our own, with one answer for each recipient.

Line ends: only CRLF ends a line, and data with a bare CR or LF in it is refused, so that what another server
took for one message can't be two here (SMTP smuggling).
"""

import asyncio
import re
from contextlib import suppress
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from ahead.consultant.intake.addresses import OurAddress
from ahead.consultant.intake.service import Intake
from ahead.shared.background import Part
from ahead.shared.logging import get_logger

log = get_logger(__name__)

MAX_RECIPIENTS = 20
MAX_AT_ONCE = 50
TIMEOUT_S = 60
RETRY_S = 30
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")


class Door:
    """What aiosmtpd asks at each step."""

    def __init__(self, intake: Intake, ours: OurAddress) -> None:
        self._intake = intake
        self._ours = ours

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if not self._ours.is_ours(address):
            return "550 5.1.1 No such mailbox here"
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if address not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        raw = content if isinstance(content, bytes) else b""
        if _BARE.search(raw):
            return "554 5.6.11 Lines have to end with CRLF"
        peer: Any = session.peer
        try:
            await self._intake.accept(
                raw,
                envelope_from=envelope.mail_from or "",
                recipient=self._ours.recipient(envelope.rcpt_tos),
                peer=peer[0] if isinstance(peer, tuple) else "",
            )
        except Exception as error:
            log.error("mail not kept", reason=type(error).__name__)
            return "451 4.3.0 Not kept, try again later"
        return "250 2.0.0 Kept"


class _Limited(SMTP):
    """One connection; never more of them than a machine bears."""

    open_now = 0

    def connection_made(self, transport: Any) -> None:
        _Limited.open_now += 1
        super().connection_made(transport)
        if self.open_now > MAX_AT_ONCE:
            transport.write(b"421 4.3.2 Too busy, try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        _Limited.open_now -= 1
        super().connection_lost(error)


class _Lmtp(_Limited, LMTP):
    """A server of our own hands over: it has checked addresses, and hears of each recipient by itself."""


class _LmtpDoor(Door):
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = await super().handle_DATA(server, session, envelope)
        return "\r\n".join([said] * len(envelope.rcpt_tos))


async def listen(
    intake: Intake, address: str, host: str, port: int, max_bytes: int, *, lmtp: bool = False
) -> asyncio.Server:
    """Start listening; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    ours = OurAddress(address)
    door = _LmtpDoor(intake, ours) if lmtp else Door(intake, ours)
    protocol = _Lmtp if lmtp else _Limited

    def make() -> SMTP:
        return protocol(
            door,
            data_size_limit=max_bytes,
            hostname=ours.domain,
            ident="LMTP" if lmtp else "ESMTP",
            enable_SMTPUTF8=True,
            decode_data=False,
            timeout=TIMEOUT_S,
            loop=loop,
        )

    return await loop.create_server(make, host, port)


def smtp_part(
    intake: Intake, address: str, host: str, port: int, max_bytes: int, *, lmtp: bool = False
) -> Part:
    async def run(stop: asyncio.Event) -> None:
        server = None
        while server is None and not stop.is_set():
            try:
                server = await listen(intake, address, host, port, max_bytes, lmtp=lmtp)
            except OSError as error:  # the port is another program's: everything else goes on
                log.error("no mail is taken in", port=port, reason=error.strerror or str(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RETRY_S)
        await stop.wait()
        if server is not None:
            server.close()

    return run
