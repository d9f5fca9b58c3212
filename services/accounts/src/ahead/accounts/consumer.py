"""The consumer: accounts stops mailing addresses that mail came back from. A process of its own, and a part of the
background process."""

from ahead.accounts.models import RETURNED
from ahead.accounts.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.mail.returned import ReturnedFollower
from ahead.shared.settings import load

DURABLE = "accounts-returned-mail"


def consumer_part(settings: Settings, database: Database) -> Part:
    return ReturnedFollower(database, RETURNED).consumer(settings.shared.nats_url, DURABLE).run


def main() -> None:
    settings = load(Settings)
    logging.configure("accounts-consumer", settings.shared.log_level)
    run_background(lambda: [consumer_part(settings, Database(settings.database))])


if __name__ == "__main__":
    main()
