"""Mail in by SMTP as a process of its own, and as a part of the background process."""

from ahead.consultant.intake.service import Intake
from ahead.consultant.intake.smtp import smtp_part
from ahead.consultant.parts import Parts
from ahead.consultant.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.settings import load


def inbound_part(settings: Settings, database: Database) -> Part:
    parts = Parts.make(settings, database=database)
    intake = Intake(parts.database, parts.keybox, parts.clock)
    most = settings.max_message_mb * 1024 * 1024
    return smtp_part(intake, settings.address, settings.smtp_host, settings.smtp_port, most)


def main() -> None:
    settings = load(Settings)
    logging.configure("consultant-inbound", settings.shared.log_level)
    run_background(lambda: [inbound_part(settings, Database(settings.database))])


if __name__ == "__main__":
    main()
