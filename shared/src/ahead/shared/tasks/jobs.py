"""Jobs: recorded in a transaction (`ahead.shared.db.outbox.enqueue`), carried to Dramatiq by the relay, and
made again from their rows when the broker has lost them. A job runs at least once; its actor is idempotent.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from dramatiq import Broker, Message, Middleware, Worker
from dramatiq.actor import Actor
from dramatiq.asyncio import get_event_loop_thread
from sqlalchemy import Table

from ahead.shared.clock import Clock, SystemClock
from ahead.shared.db import outbox as rows
from ahead.shared.db.engine import Database
from ahead.shared.logging import get_logger, request_id_var

log = get_logger(__name__)

# Does one kind of job. The arguments are those that were enqueued; raising means "try again".
Handler = Callable[..., Awaitable[None]]


class GiveUp(Exception):
    """Raised by a handler when trying again can't help; the text is kept with the job."""


class TryLater(Exception):
    """Raised by a handler that can't do it now: the job's row waits, and the relay gives it out again when it is due.

    Unlike other errors it leaves nothing with the broker, so a job may wait for days without piling up there.
    """

    def __init__(self, reason: str, delay: timedelta) -> None:
        super().__init__(reason)
        self.delay = delay


class Jobs:
    """The jobs of one service.

    The worker's actors run on Dramatiq's own event loop, so they need a `Database` of their own: it is opened by
    ``open_database`` on first use inside that loop and never shared with the web application's.
    """

    def __init__(
        self,
        broker: Broker,
        table: Table,
        open_database: Callable[[], Database],
        *,
        clock: Clock | None = None,
    ) -> None:
        self._broker = broker
        self._table = table
        self._open_database = open_database
        self._clock = clock or SystemClock()
        self._database: Database | None = None
        self._actors: dict[str, Actor[Any, Any]] = {}
        broker.add_middleware(_CloseAfterWork(self))

    async def close(self) -> None:
        """Runs in the loop that the handlers ran in."""
        database, self._database = self._database, None
        if database is not None:
            await database.close()

    @property
    def broker(self) -> Broker:
        return self._broker

    @property
    def database(self) -> Database:
        """For handlers only."""
        if self._database is None:
            self._database = self._open_database()
        return self._database

    def add(
        self,
        name: str,
        handler: Handler,
        *,
        max_retries: int = 5,
        min_backoff: timedelta = timedelta(seconds=1),
        max_backoff: timedelta = timedelta(minutes=1),
        time_limit: timedelta = timedelta(minutes=1),
    ) -> None:
        """Register ``handler(**args)`` for jobs recorded under ``name``."""

        async def run(job_id: str, args: str, request_id: str) -> None:
            token = request_id_var.set(request_id)
            try:
                await self._run(handler, job_id, args)
            finally:
                request_id_var.reset(token)

        self._actors[name] = Actor(
            run,
            broker=self._broker,
            actor_name=name,
            queue_name="default",
            priority=0,
            options={
                "max_retries": max_retries,
                "min_backoff": int(min_backoff.total_seconds() * 1000),
                "max_backoff": int(max_backoff.total_seconds() * 1000),
                "time_limit": int(time_limit.total_seconds() * 1000),
            },
        )

    async def _run(self, handler: Handler, job_id: str, args: str) -> None:
        async with self.database.read() as session:
            if await rows.start_job(session, self._table, job_id) is None:
                return  # done already: the broker delivered it twice
        error = ""
        try:
            await handler(**json.loads(args))
        except TryLater as reason:
            async with self.database.write() as session:
                due = self._clock.now() + reason.delay
                await rows.postpone_job(session, self._table, job_id, due, str(reason))
            return
        except GiveUp as reason:
            error = str(reason) or "given up"
            log.error("job given up", job=job_id, reason=error)
        async with self.database.write() as session:
            await rows.finish_job(session, self._table, job_id, self._clock.now(), error=error)

    def send(self, job_id: str, actor: str, args: str, request_id: str) -> None:
        """Hand one job to the broker; what the relay calls. Blocks on Redis."""
        options = self._actors[actor].options if actor in self._actors else {}
        self._broker.enqueue(
            Message(
                queue_name="default",
                actor_name=actor,
                args=(job_id, args, request_id),
                kwargs={},
                options={key: value for key, value in options.items() if key != "broker"},
            )
        )


class _CloseAfterWork(Middleware):
    """Closes the handlers' database when the worker stops.

    Dramatiq calls "after" hooks in reverse order: this one, added last, still finds the loop running.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        if (thread := get_event_loop_thread()) is not None:
            thread.run_coroutine(self._jobs.close())
