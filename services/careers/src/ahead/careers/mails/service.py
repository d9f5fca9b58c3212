"""The ledger of mails: recorded in the transaction that causes them, sent once, under one Message-ID.

Killed after the server took it and before the mark, the worker hands the same Message-ID over again, never a
second mail.
"""

from typing import Any, Self

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from ahead.careers.models import JOBS, RETURNED, Mail
from ahead.careers.settings import Settings
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import enqueue
from ahead.shared.ids import deterministic_id
from ahead.shared.logging import get_logger
from ahead.shared.mail import BadAddress, MailPort, MailRefused, compose, mail_domain, message_id_for
from ahead.shared.mail.returned import is_returned

log = get_logger(__name__)
SEND = "careers.mail_send"
CAME_BACK = "mail to this address came back"


class WholeHeader(str):
    """A header that is written on one line: the library encodes a link that is longer than a line, and no mail
    program reads an encoded List-Unsubscribe. RFC 5322 allows 998 characters."""

    name: str

    def __new__(cls, name: str, value: str) -> Self:
        made = super().__new__(cls, value)
        made.name = name
        return made

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


async def queue(
    session: AsyncSession,
    clock: Clock,
    *,
    kind: str,
    key: tuple[str, ...],
    recipient: str,
    subject: str,
    body: str,
    unsubscribe: str = "",
) -> str | None:
    """Record a mail; None when the one of this kind and key was recorded before.

    Args:
        unsubscribe: an address that stops these mails by POST alone (RFC 8058).
    """
    mail_id = deterministic_id("careers-mail", kind, *key)
    if await session.get(Mail, mail_id) is not None:
        return None
    session.add(
        Mail(
            id=mail_id,
            kind=kind,
            recipient=recipient,
            subject=" ".join(subject.split())[:300],
            body=body,
            unsubscribe=unsubscribe,
            created_at=clock.now(),
        )
    )
    await session.flush()
    await enqueue(session, JOBS, SEND, {"mail_id": mail_id}, key=mail_id, clock=clock)
    return mail_id


async def send(database: Database, settings: Settings, port: MailPort, clock: Clock, mail_id: str) -> None:
    """Raises MailDelayed, for the broker to try again."""
    async with database.read() as session:
        mail = await session.get(Mail, mail_id)
        if mail is None or mail.sent_at is not None:
            return
        shared = settings.shared
        returned = await is_returned(session, RETURNED, shared.guest_key, mail.recipient)
    headers: dict[str, str] = {}
    if mail.unsubscribe:
        headers = {
            "List-Unsubscribe": WholeHeader("List-Unsubscribe", f"<{mail.unsubscribe}>"),
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    problem = CAME_BACK if returned else ""
    try:
        message = compose(
            sender=shared.mail_from,
            to=mail.recipient,
            subject=mail.subject,
            text=mail.body,
            message_id=message_id_for(mail_domain(shared.mail_from, shared.public_url), mail.id),
            at=mail.created_at,
            headers=headers,
        )
        if not returned:
            await port.send(message)
    except (MailRefused, BadAddress) as error:  # no use in trying again
        problem = str(error)[:200]
        log.warning("mail_refused", mail=mail.id, kind=mail.kind, reason=problem)
    async with database.write() as session:
        await session.execute(
            update(Mail)
            .where(col(Mail.id) == mail.id)
            .values(sent_at=clock.now(), recipient="", body="", unsubscribe="", problem=problem)
        )
