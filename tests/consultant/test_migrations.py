"""The schema comes and goes on both engines, and says what the models say."""

from ahead.consultant.db import SCRIPTS
from ahead.shared.db import migrations


def test_up_check_down_and_up_again(database_url: str) -> None:
    migrations.upgrade(database_url, SCRIPTS)
    migrations.check(database_url, SCRIPTS)
    migrations.downgrade(database_url, SCRIPTS)
    migrations.upgrade(database_url, SCRIPTS)
    migrations.check(database_url, SCRIPTS)
