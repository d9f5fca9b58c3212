"""Outgoing mail as a port: real SMTP in production, a maildir on disk where no relay is set."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import urlsplit

from ahead.shared.ids import deterministic_id

MAX_ADDRESS_LENGTH = 254
MAX_LINE = 990  # RFC 5322 allows 998


class MailRefused(Exception):
    """The mail can't be delivered as it is: trying again won't help."""


class MailDelayed(Exception):
    """The mail was not taken this time; try again later."""


class BadAddress(ValueError):
    """Not an e-mail address that mail can be sent to."""


class MailPort(Protocol):
    async def send(self, message: EmailMessage, *, envelope_from: str | None = None) -> None:
        """Hand one mail over.

        Args:
            envelope_from: where bounces go, when not to the address in From.

        Raises:
            MailRefused, MailDelayed: it was not taken.
        """
        ...


def message_id_for(domain: str, *step: str) -> str:
    """The Message-ID of one step, always the same: a mail handed over twice is recognised as one."""
    return f"<{deterministic_id('message-id', *step)}@{domain}>"


def mail_domain(sender: str, public_url: str) -> str:
    """The domain for Message-IDs: the sender's, else that of the platform."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return domain or urlsplit(public_url).hostname or "localhost"


def compose(
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    message_id: str,
    at: datetime,
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> EmailMessage:
    """A plain-text mail. Line breaks in header values are refused, so nobody adds headers of their own.

    Raises:
        BadAddress: if ``to`` can't be mailed.
        ValueError: for control characters in a header.
    """
    message = EmailMessage(policy=SMTP)
    values = {"From": sender, "Subject": subject, "Message-ID": message_id, **(headers or {})}
    if reply_to:
        values["Reply-To"] = reply_to
    for name, value in values.items():
        if any(character < " " or character == "\x7f" for character in value):
            raise ValueError(f"control character in the header {name}")
        message[name] = value
    message["To"] = checked_address(to)
    message["Date"] = format_datetime(at)
    # What we send by ourselves must never start a conversation between two machines (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    # Plain where it can be: a link broken over lines is no link to somebody who opens the file.
    plain = text.isascii() and max(map(len, text.splitlines()), default=0) <= MAX_LINE
    message.set_content(text, cte="7bit" if plain else "quoted-printable")
    return message


def checked_address(text: str) -> Address:
    """One plain address, ``local@domain``.

    Raises:
        BadAddress
    """
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or len(text) > MAX_ADDRESS_LENGTH or len(local.encode()) > 64:
        raise BadAddress("an address looks like name@example.org")
    if any(character <= " " or character == "\x7f" or character in '"(),:;<>[]\\' for character in text):
        raise BadAddress("an address has no spaces, quotes or brackets")
    try:
        return Address(username=local, domain=domain.encode("idna").decode())
    except (ValueError, UnicodeError) as error:
        raise BadAddress(str(error)) from error
