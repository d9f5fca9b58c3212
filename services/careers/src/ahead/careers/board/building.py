"""The index of jobs made from the command line: at start, and after a bulk load."""

import asyncio

from ahead.careers.board.documents import SCHEMA
from ahead.careers.board.indexing import Indexer
from ahead.careers.settings import SERVICE, Settings
from ahead.shared.clock import SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.processes import Progress
from ahead.shared.search.rebuild import open_engine


def build_index(settings: Settings, progress: Progress, *, force: bool) -> int:
    """Returns how many jobs it holds; 0 when it was there and nothing had to be done."""
    return asyncio.run(_build(settings, progress, force=force))


async def _build(settings: Settings, progress: Progress, *, force: bool) -> int:
    database = Database(settings.database)
    engine = open_engine(settings.shared, SERVICE)
    try:
        indexer = Indexer(database, engine.index(SCHEMA), SystemClock())
        return await indexer.rebuild(progress, force=force)
    finally:
        await engine.close()
        await database.close()
