"""The relay as a process of its own, and as a part of the background process."""

from ahead.lookup.models import OUTBOX
from ahead.lookup.settings import Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.events.publisher import Publisher
from ahead.shared.events.relay import Relay
from ahead.shared.settings import load


def relay_part(settings: Settings, database: Database) -> Part:
    publisher = Publisher(settings.shared.nats_url, "lookup relay")
    return Relay("lookup", database, OUTBOX, publisher).run


def main() -> None:
    settings = load(Settings)
    logging.configure("lookup-relay", settings.shared.log_level)
    run_background(lambda: [relay_part(settings, Database(settings.database))])


if __name__ == "__main__":
    main()
