"""Recurring work of one service. One scheduler per service; what it calls is idempotent all the same."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from ahead.shared.logging import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class _Entry:
    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Scheduler:
    def __init__(self) -> None:
        self._entries: list[_Entry] = []

    def every(self, interval: timedelta, name: str, run: Callable[[], Awaitable[object]]) -> None:
        """Call ``run`` at start and then at every interval; a failure is logged and the next turn comes."""
        self._entries.append(_Entry(name, interval, run))

    async def run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            for entry in self._entries:
                group.create_task(self._repeat(entry, stop))

    async def _repeat(self, entry: _Entry, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await entry.run()
            except Exception as error:
                log.error("scheduled work failed", name=entry.name, error=repr(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), entry.every.total_seconds())
