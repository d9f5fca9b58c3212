"""The database of metering: how it is opened and brought up to date."""

from pathlib import Path

from ahead.metering.settings import Settings
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(settings: Settings) -> Database:
    return Database(settings.database)


def upgrade(settings: Settings) -> None:
    """Bring the schema to the newest revision; fast when it is there."""
    migrations.upgrade(settings.database, MIGRATIONS)
