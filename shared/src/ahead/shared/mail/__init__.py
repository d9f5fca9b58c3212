"""Outgoing mail of every service."""

from ahead.shared.mail.maildir import MaildirPort
from ahead.shared.mail.port import (
    BadAddress,
    MailDelayed,
    MailPort,
    MailRefused,
    checked_address,
    compose,
    mail_domain,
    message_id_for,
)
from ahead.shared.mail.smtp import SmtpPort
from ahead.shared.settings import SharedSettings

__all__ = [
    "BadAddress",
    "MailDelayed",
    "MailPort",
    "MailRefused",
    "MaildirPort",
    "SmtpPort",
    "checked_address",
    "compose",
    "mail_domain",
    "make_mail_port",
    "message_id_for",
]


def make_mail_port(settings: SharedSettings) -> MailPort:
    """SMTP when ``AHEAD_SMTP_HOST`` is set, else the maildir ``<AHEAD_DATA>/mail/out``."""
    if settings.smtp_host:
        return SmtpPort(
            settings.smtp_host,
            settings.smtp_port,
            username=settings.smtp_username,
            password=settings.smtp_password,
            encryption=settings.smtp_tls,
        )
    return MaildirPort(settings.data.absolute() / "mail" / "out")
