"""One run of what is due, as a process of its own that can be killed: `python alert_run.py ISO-TIME`."""

import asyncio
import sys
from datetime import datetime

from ahead.careers.alerts.service import Alerts
from ahead.careers.board.documents import SCHEMA
from ahead.careers.board.service import Board
from ahead.careers.settings import Settings
from ahead.shared.clock import FixedClock
from ahead.shared.db.engine import Database
from ahead.shared.search.rebuild import open_engine
from ahead.shared.settings import load


async def main(at: str) -> None:
    settings = load(Settings)
    database, engine = Database(settings.database), open_engine(settings.shared, "careers")
    clock = FixedClock(datetime.fromisoformat(at))
    await Alerts(database, settings, Board(database, engine.index(SCHEMA)), clock).run_due()
    await engine.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
