"""Relay, scheduler and consumer in one process: what runs beside the web process."""

from collections.abc import Sequence

from ahead.assistant.consumer import DURABLE, make_eraser
from ahead.assistant.models import OUTBOX
from ahead.assistant.scheduler import scheduler_part
from ahead.assistant.settings import SERVICE, Settings
from ahead.shared import logging
from ahead.shared.background import Part, run_background
from ahead.shared.db.engine import Database
from ahead.shared.events.publisher import Publisher
from ahead.shared.events.relay import Relay
from ahead.shared.settings import load


def main() -> None:
    settings = load(Settings)
    logging.configure("assistant-background", settings.shared.log_level)

    def parts() -> Sequence[Part]:
        database = Database(settings.database)
        nats = settings.shared.nats_url
        return [
            Relay(SERVICE, database, OUTBOX, Publisher(nats, "assistant relay")).run,
            scheduler_part(database, settings),
            make_eraser(database).consumer(nats, DURABLE).run,
        ]

    run_background(parts)


if __name__ == "__main__":
    main()
