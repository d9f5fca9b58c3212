"""Mail in by SMTP, LMTP and IMAP as a process of its own, and as parts of the background process."""

from collections.abc import Sequence

from ahead.consultant.intake.imap import Mailbox, imap_part
from ahead.consultant.intake.service import Intake
from ahead.consultant.intake.smtp import smtp_part
from ahead.consultant.parts import Parts
from ahead.consultant.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.settings import SettingsError, load


def inbound_parts(settings: Settings, database: Database) -> Sequence[Part]:
    """Each door that is set up; SMTP always is."""
    parts = Parts.make(settings, database=database)
    intake = Intake(parts.database, parts.keybox, parts.clock)
    most = settings.max_message_mb * 1024 * 1024
    doors = [smtp_part(intake, settings.address, settings.smtp_host, settings.smtp_port, most)]
    if settings.lmtp_port:
        lmtp = smtp_part(intake, settings.address, settings.smtp_host, settings.lmtp_port, most, lmtp=True)
        doors.append(lmtp)
    if settings.imap_host:
        if settings.imap_tls == "none" and settings.imap_host not in ("127.0.0.1", "::1", "localhost"):
            raise SettingsError("AHEAD_CONSULTANT_IMAP_TLS: none is for a server on this machine only")
        mailbox = Mailbox(
            settings.imap_host,
            settings.imap_port,
            settings.imap_user,
            settings.imap_password,
            settings.imap_folder,
            settings.imap_tls,
            most,
        )
        doors.append(imap_part(intake, settings.address, mailbox))
    return doors


def main() -> None:
    settings = load(Settings)
    logging.configure("consultant-inbound", settings.shared.log_level)
    run_background(lambda: inbound_parts(settings, Database(settings.database)))


if __name__ == "__main__":
    main()
