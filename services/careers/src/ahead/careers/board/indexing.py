"""Keeping the search index to the database: rebuilt when it isn't there, then change by change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from sqlalchemy import update

from ahead.careers.board.documents import SCHEMA, document, holds
from ahead.careers.jobs import repository
from ahead.careers.jobs.service import job_of
from ahead.careers.models import Posting
from ahead.shared.clock import Clock
from ahead.shared.db.engine import Database
from ahead.shared.logging import get_logger
from ahead.shared.search.index import Document, IndexMissing, Progress, SearchError, SearchIndex
from ahead.shared.search.rebuild import rebuild_if_changed

log = get_logger(__name__)
BATCH = 500
PAUSE_S = 1.0


class Indexer:
    """The background's side. What a job is in the index is told by its row: ``indexed`` follows ``version``."""

    def __init__(self, database: Database, index: SearchIndex, clock: Clock) -> None:
        self._database = database
        self._index = index
        self._clock = clock

    async def rebuild(self, progress: Progress | None = None, *, force: bool = True) -> int:
        """Make the index anew from the database; returns how many jobs it holds."""
        async with self._database.read() as session:
            total = await repository.count_open(session, self._clock.now())
        try:
            made = await rebuild_if_changed(
                self._index,
                self._documents,
                fingerprint="database",
                total=total,
                progress=progress,
                force=force,
            )
        except BaseException:
            async with self._database.write() as session:
                await session.execute(update(Posting).values(indexed=0))
            raise
        return made.documents if made else 0

    async def _documents(self) -> AsyncIterator[Document]:
        async with self._database.write() as session:
            # What changes from here on is behind again, and is caught up with after the exchange.
            await session.execute(update(Posting).values(indexed=Posting.version))
        after = ""
        while True:
            async with self._database.read() as session:
                pairs = await repository.held(session, limit=BATCH, after=after)
            for pair in pairs:
                yield document(job_of(pair))
            if len(pairs) < BATCH:
                return
            after = pairs[-1][0].id

    async def catch_up(self) -> int:
        """Bring the jobs that changed into the index; returns how many."""
        async with self._database.read() as session:
            pairs = await repository.behind_index(session, BATCH)
        if not pairs:
            return 0
        jobs = [job_of(pair) for pair in pairs]
        upserts = [document(job) for job in jobs if holds(job)]
        gone = [job.id for job in jobs if not holds(job)]
        try:
            await self._index.apply(upserts=upserts, deletes=gone)
        except IndexMissing:
            await self.rebuild()
            return len(jobs)
        async with self._database.write() as session:
            await repository.mark_indexed(session, [(job.id, job.row.version) for job in jobs])
        return len(jobs)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                while await self.catch_up() == BATCH:
                    pass
            except SearchError as error:
                log.warning("careers.index_waits", reason=str(error))
            except Exception as error:
                log.error("careers.index_failed", error=repr(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE_S)


__all__ = ["SCHEMA", "Indexer"]
