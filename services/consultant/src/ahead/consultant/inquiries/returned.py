"""Bounces and complaints: believed only about a mail that we sent, whose return path they show."""

import re
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from ahead.consultant import events
from ahead.consultant.classification import failures_in
from ahead.consultant.inquiries import repository
from ahead.consultant.models import OUTBOX, Inquiry, Sent, Suppressed
from ahead.consultant.parts import Parts
from ahead.shared.db import outbox
from ahead.shared.mail.returned import address_name

# In the recipient of a bounce; in a complaint, and in what a server quotes, among the headers of our mail.
_RETURN_PATH = re.compile(rb"\bbounces\+(b[a-z2-7]{42})@", re.IGNORECASE)
_COMPLAINT = re.compile(rb"^content-type:\s*message/feedback-report", re.IGNORECASE | re.MULTILINE)
MOST_TAGS = 20


@dataclass(frozen=True)
class Report:
    """What a machine's mail says came back. ``tags``: return paths it shows, not yet believed."""

    why: str = ""
    tags: tuple[str, ...] = ()


def read_report(raw: bytes, recipient: str) -> Report:
    """Reads the whole message: done before any transaction."""
    failures = failures_in(raw)
    why = (
        "complained"
        if failures.complained or _COMPLAINT.search(raw)
        else "bounced"
        if failures.permanent
        else ""
    )
    if not why:
        return Report()
    found = [*_RETURN_PATH.findall(recipient.encode()), *_RETURN_PATH.findall(raw)]
    return Report(why, tuple(dict.fromkeys(tag.decode().lower() for tag in found))[:MOST_TAGS])


async def note_returned(parts: Parts, session: AsyncSession, report: Report) -> int:
    """Stop mailing the addresses of our mails that came back; returns how many mails that were.

    A forged report proves nothing: the tag is signed for the very address that the mail went to, and only who
    got that mail has seen it.
    """
    noted = 0
    for tag in report.tags:
        known = await _mail_of(parts, session, tag)
        if known is None or known[0].returned:
            continue
        mail, inquiry = known
        mail.returned = report.why
        inquiry.why = f"mail to them {report.why}"
        if not await repository.suppressed(session, inquiry.sender):
            session.add(Suppressed(address=inquiry.sender, why=report.why, at=parts.clock.now()))
        name = address_name(parts.settings.shared.guest_key, parts.unseal(inquiry.address))
        event = events.returned(report.why, inquiry, mail, name, parts.clock)
        await outbox.record(session, OUTBOX, event, clock=parts.clock)
        noted += 1
    return noted


async def _mail_of(parts: Parts, session: AsyncSession, tag: str) -> tuple[Sent, Inquiry] | None:
    sent_id = parts.keybox.claimed_tag(tag, "b")
    mail = await repository.sent(session, sent_id) if sent_id else None
    inquiry = await repository.inquiry(session, mail.inquiry) if mail else None
    if mail is None or inquiry is None or not inquiry.address:
        return None
    if parts.keybox.read_tag(tag, "b", parts.unseal(inquiry.address)) != sent_id:
        return None
    return mail, inquiry
