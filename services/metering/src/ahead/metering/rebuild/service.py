"""Counts made again from the raw events, while the consumer goes on counting.

Events up to a mark are counted into shadow tables in chunks, each a short transaction. The last transaction
keeps the consumer out for a moment, counts what has come since the mark, and swaps the tables. Whatever the
consumer stores afterwards it counts into the new tables: every event is counted once.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ahead.metering.ingest import repository as counts
from ahead.metering.ingest.service import Counted, counted, moment
from ahead.metering.models import Rebuild, UsageDaily, UsageHourly, table_of
from ahead.metering.rebuild import repository
from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db.engine import Database
from ahead.shared.db.outbox import insert_for
from ahead.shared.errors import Conflict
from ahead.shared.ids import uuid7

CHUNK = 5_000
# How many times the mark is moved up before the consumer is kept out for whatever is left.
MARKS = 20
_PAUSE_AT_MOST_S = 0.25


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild counted: events, and the rows that came out of them."""

    events: int
    rows: dict[str, int]


def _nothing(_done: int, _all: int) -> None:
    pass


class Rebuilder:
    def __init__(
        self,
        database: Database,
        *,
        clock: Clock | None = None,
        chunk: int = CHUNK,
        progress: Callable[[int, int], None] = _nothing,
    ) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        self._chunk = chunk
        self._progress = progress
        self._token = uuid7()
        self._events = 0
        self._shadows = [repository.shadow_of(model) for model in repository.COUNTED]

    async def run(self) -> Rebuilt:
        """Make the counts again.

        Raises:
            Conflict: another rebuild was started meanwhile; this one has changed nothing.
        """
        async with self._database.write() as session:
            await self._take_over(session)
            await repository.make_shadows(session)
            last = await repository.newest_seq(session)
        seq = 0
        for _ in range(MARKS):
            seq = await self._count_up_to(seq, last)
            async with self._database.write() as session:
                await self._check_still_ours(session)
                newest = await repository.newest_seq(session)
            if newest - last <= self._chunk:
                break
            last = newest
        async with self._database.write() as session:
            # Locks are always taken in this order: the rebuild's row, raw events, counts.
            await self._check_still_ours(session)
            newest = await repository.newest_seq(session)
            while rows := await repository.events_after(session, seq, newest, self._chunk):
                await self._add(session, rows)
                seq = rows[-1].seq
            await repository.swap(session)
            table = table_of(Rebuild)
            await session.execute(
                update(table).values(state="done", finished_at=self._clock.now(), events=self._events)
            )
            rows_of = await repository.sizes(session)
        self._progress(newest, newest)
        return Rebuilt(self._events, rows_of)

    async def _count_up_to(self, seq: int, last: int) -> int:
        while True:
            began = time.monotonic()
            async with self._database.write() as session:
                await self._check_still_ours(session)
                # Read under the lock: an erasure between reading and counting would bring back whom it erased.
                rows = await repository.events_after(session, seq, last, self._chunk)
                if not rows:
                    return seq
                await self._add(session, rows)
            seq = rows[-1].seq
            self._progress(seq, last)
            if self._database.dialect == "sqlite":
                # Its lock isn't fair: who waits asks again every tenth of a second, and a rebuild that took the
                # lock back at once would keep consumers out for longer than they wait.
                await asyncio.sleep(min(time.monotonic() - began, _PAUSE_AT_MOST_S))

    async def _add(self, session: AsyncSession, rows: Sequence[Any]) -> None:
        hourly, daily = counted(
            Counted(
                row.product,
                row.metric,
                row.plan,
                row.period,
                row.principal,
                row.thing,
                row.quantity,
                moment(row.occurred_at),
            )
            for row in rows
        )
        await counts.add_counts(session, UsageHourly, hourly, table=self._shadows[0])
        await counts.add_counts(session, UsageDaily, daily, table=self._shadows[1])
        self._events += len(rows)

    async def _take_over(self, session: AsyncSession) -> None:
        table = table_of(Rebuild)
        ours = {
            "token": self._token,
            "state": "running",
            "started_at": self._clock.now(),
            "finished_at": None,
            "events": 0,
        }
        await session.execute(
            insert_for(session, table)
            .values(id=1, **ours)
            .on_conflict_do_update(index_elements=["id"], set_=ours)
        )

    async def _check_still_ours(self, session: AsyncSession) -> None:
        table = table_of(Rebuild)
        # Locked to the end of the transaction: who takes over meanwhile waits, and finds what was written here.
        token = (await session.execute(select(table.c.token).with_for_update())).scalar_one()
        if token != self._token:
            raise Conflict("Another rebuild has been started; this one stops and changes nothing.")
