"""The service's database: where its migrations are, and bringing it up to date."""

from pathlib import Path

from ahead.consultant.settings import Settings
from ahead.shared.db import migrations

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(settings: Settings) -> None:
    migrations.upgrade(settings.database, SCRIPTS)
