"""The database of CasePilot: where its migrations are, and bringing it up to date."""

from pathlib import Path

from ahead.assistant.settings import Settings
from ahead.shared.db import migrations

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(settings: Settings) -> None:
    """Bring the schema to the newest revision; fast when it is there."""
    migrations.upgrade(settings.database, MIGRATIONS)
