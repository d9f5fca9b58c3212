"""The migrations make what the models say, and can be taken back."""

from ahead.metering.db import MIGRATIONS
from ahead.shared.db import migrations


def test_upgrade_check_downgrade_upgrade(database_url: str) -> None:
    migrations.upgrade(database_url, MIGRATIONS)
    migrations.check(database_url, MIGRATIONS)
    migrations.downgrade(database_url, MIGRATIONS)
    migrations.upgrade(database_url, MIGRATIONS)
    migrations.check(database_url, MIGRATIONS)
