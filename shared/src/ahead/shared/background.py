"""Runs the parts of a service that serve no requests, and ends them cleanly.

In production relay, scheduler, worker and consumer are processes of their own; on one machine they share one,
because importing a service costs more than a second of CPU. Both are the same function with different parts.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence

import uvloop
from dramatiq import Broker, Worker

from ahead.shared.logging import get_logger
from ahead.shared.processes import report_ready

log = get_logger(__name__)

# Runs until the event is set.
Part = Callable[[asyncio.Event], Awaitable[None]]
WORKER_THREADS = 2
STOP_TIMEOUT_MS = 5_000


def run_background(
    parts: Callable[[], Sequence[Part]],
    *,
    broker: Broker | None = None,
    on_stop: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Run until SIGTERM or SIGINT.

    Args:
        parts: called inside the event loop, so that what it makes belongs to that loop.
        broker: with one, Dramatiq worker threads run beside the parts.
        on_stop: closes what the parts shared.
    """
    worker = None
    if broker is not None:
        worker = Worker(broker, worker_threads=WORKER_THREADS)
        worker.start()
    try:
        uvloop.run(_run(parts, on_stop))
    finally:
        if worker is not None:
            worker.stop(timeout=STOP_TIMEOUT_MS)


async def _run(parts: Callable[[], Sequence[Part]], on_stop: Callable[[], Awaitable[None]] | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        running = [asyncio.ensure_future(part(stop)) for part in parts()]
        stopped = asyncio.ensure_future(stop.wait())
        report_ready()
        done, _ = await asyncio.wait([*running, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            # A part never ends by itself: its error ends the process, and the supervisor starts it anew.
            if task is not stopped:
                task.result()
        stop.set()
        await asyncio.wait_for(asyncio.gather(*running), 10)
    finally:
        if on_stop is not None:
            await on_stop()
