"""Mail to a relay by SMTP (``AHEAD_SMTP_*``)."""

from email.message import EmailMessage
from typing import Literal

import aiosmtplib

from ahead.shared.mail.port import MailDelayed, MailRefused

Encryption = Literal["none", "starttls", "tls"]


class SmtpPort:
    """One connection a mail: simple, and no half-dead connection is ever reused."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str = "",
        password: str = "",
        encryption: Encryption = "starttls",
        timeout_s: float = 30,
    ) -> None:
        self._host = host
        self._port = port
        self._username = username or None
        self._password = password or None
        self._encryption = encryption
        self._timeout = timeout_s

    async def send(self, message: EmailMessage, *, envelope_from: str | None = None) -> None:
        try:
            refused, _ = await aiosmtplib.send(
                message,
                sender=envelope_from,
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                use_tls=self._encryption == "tls",
                # True insists: a relay that offers no STARTTLS is an error, never plain text instead.
                start_tls=self._encryption == "starttls",
                timeout=self._timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refusal.code for refusal in error.recipients]
            if codes and all(code >= 500 for code in codes):
                raise MailRefused(f"recipient refused ({codes[0]})") from error
            raise MailDelayed("recipient deferred") from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailDelayed("the relay refused our login") from error  # ours to repair
        except aiosmtplib.SMTPResponseException as error:
            if error.code >= 500:
                raise MailRefused(f"refused ({error.code})") from error
            raise MailDelayed(f"deferred ({error.code})") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailDelayed(type(error).__name__) from error
        if refused:
            raise MailRefused("recipient refused")
