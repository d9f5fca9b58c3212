"""One outgoing mail: plain text and simple HTML, marked so that no machine answers it, signed."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import dkim

from ahead.shared.mail import checked_address

MAX_REFERENCES = 12
_SIGNED = [b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references",
           b"auto-submitted", b"mime-version", b"content-type"]  # fmt: skip


def compose(
    *,
    sender: str,
    to: str,
    reply_to: str,
    subject: str,
    text: str,
    page: str,
    message_id: str,
    references: Sequence[str],
    at: datetime,
    automatic: bool,
) -> EmailMessage:
    """Raises BadAddress when ``to`` can't be mailed.

    Args:
        page: the same as ``text``, as HTML.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = checked_address(to)
    message["Reply-To"] = reply_to
    message["Subject"] = _subject(subject)
    message["Message-ID"] = message_id
    if references:
        message["In-Reply-To"] = references[-1]
        message["References"] = " ".join(references[-MAX_REFERENCES:])
    message["Date"] = format_datetime(at)
    if automatic:
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    # The boundary is the mail's own: the same mail composed again is the same to the byte.
    message.set_boundary(f"=_{message_id.strip('<>').partition('@')[0]}")
    return message


def sign(message: EmailMessage, *, domain: str, selector: str, key: bytes) -> None:
    """Add a DKIM signature in place; without a key nothing happens."""
    if not key:
        return
    header: bytes = dkim.sign(
        message.as_bytes(),
        selector.encode(),
        domain.encode(),
        key,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name for name in _SIGNED if name.decode() in message],
    )
    name, _, value = header.decode().partition(":")
    message[name] = " ".join(value.split())


def _subject(subject: str) -> str:
    """One line, with Re: once."""
    line = " ".join("".join(sign if sign >= " " and sign != "\x7f" else " " for sign in subject).split())
    return line[:300] if line.lower().startswith("re:") else f"Re: {line[:300]}".strip()
