"""The relay: carries what transactions recorded to NATS (events) and to the broker (jobs).

Killed anywhere it starts again and sends what isn't marked; the ids make twice count once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Table

from ahead.shared.clock import Clock, SystemClock
from ahead.shared.crash_points import crash_point
from ahead.shared.db import outbox as rows
from ahead.shared.db.engine import Database
from ahead.shared.events.publisher import Publisher
from ahead.shared.logging import get_logger

log = get_logger(__name__)

BATCH = 500
IDLE_S = 0.1
BACKOFF_S = 1.0
# A job whose worker died waits for Dramatiq's heartbeat (60 s); later than that the broker has lost it.
RESEND_AFTER = timedelta(seconds=120)

# Hands a job to the broker: (job id, actor, args as JSON, request id). Blocks; called in a thread.
SendJob = Callable[[str, str, str, str], None]


class Relay:
    def __init__(
        self,
        service: str,
        database: Database,
        outbox: Table,
        publisher: Publisher,
        *,
        jobs: Table | None = None,
        send_job: SendJob | None = None,
        resend_after: timedelta = RESEND_AFTER,
        clock: Clock | None = None,
    ) -> None:
        """``resend_after``: when a job that was handed out and isn't done is handed out again."""
        self._source = f"/ahead/{service}"
        self._database = database
        self._outbox = outbox
        self._publisher = publisher
        self._jobs = jobs
        self._send_job = send_job
        self._resend_after = resend_after
        self._clock = clock or SystemClock()

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set. Errors are logged and tried again: it never gives up.

        Events and jobs go their own ways: a service works on while the event server is away.
        """
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._again_and_again(self.relay_events, stop))
                group.create_task(self._again_and_again(self.relay_jobs, stop))
        finally:
            # Left open, it may outlive its cancellation while it connects again, and the process wouldn't end.
            await self._publisher.close()

    async def _again_and_again(self, move: Callable[[], Awaitable[int]], stop: asyncio.Event) -> None:
        while not stop.is_set():
            wait = IDLE_S
            try:
                if await move():
                    continue
            except Exception as error:
                log.warning("relay failed, trying again", error=repr(error))
                wait = BACKOFF_S
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)

    async def relay_events(self) -> int:
        """Publish one batch; returns how many are marked published.

        Nothing is locked while the server is asked: only marking is a transaction. Two relays of one
        service send some events twice, which costs a duplicate that nobody counts.
        """
        async with self._database.quick() as session:
            waiting = await rows.unpublished(session, self._outbox, BATCH)
        if not waiting:
            return 0
        keys: dict[str, int] = {f"{self._source}#{row.event_id}": row.seq for row in waiting}
        crash_point("relay.before_publish")
        acknowledged = await self._publisher.publish(
            [(row.subject, f"{self._source}#{row.event_id}", row.body.encode()) for row in waiting]
        )
        crash_point("relay.after_publish")
        if not acknowledged:
            raise ConnectionError("no event was acknowledged")
        async with self._database.write() as session:
            await rows.mark_published(
                session, self._outbox, [keys[key] for key in acknowledged], self._clock.now()
            )
        crash_point("relay.after_mark")
        return len(acknowledged)

    async def relay_jobs(self) -> int:
        """Hand due jobs to the broker; a job is marked after it was handed over, actors are idempotent."""
        if self._jobs is None or self._send_job is None:
            return 0
        now = self._clock.now()
        async with self._database.quick() as session:
            due: Any = await rows.due_jobs(session, self._jobs, now, self._resend_after)
        if not due:
            return 0
        for row in due:
            await asyncio.to_thread(self._send_job, row.id, row.actor, row.args, row.request_id)
        async with self._database.write() as session:
            await rows.mark_sent(session, self._jobs, [row.id for row in due], now)
        return len(due)
