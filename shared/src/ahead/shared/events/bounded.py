"""A bound on time that holds against a library that swallows cancellations."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

# A swallowed cancellation is lost; the next one meets the work somewhere else.
_TRIES = 5
_PAUSE_S = 0.5


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, or an end to it.

    nats-py takes a cancellation that meets it at a flush for its own and goes on. Around it, neither
    `asyncio.timeout` nor `asyncio.wait_for` ends, and a task that is cancelled goes on for ever. Here the work is a
    task of its own, and whoever waits for it is free at the end of the time, or when it is cancelled itself.

    Raises:
        TimeoutError: it took longer.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task], timeout=seconds)
    except asyncio.CancelledError:
        await _end(task)
        raise
    if not task.done():
        await _end(task)
        raise TimeoutError
    return task.result()


async def _end(task: asyncio.Task[Any]) -> None:
    for _ in range(_TRIES):
        task.cancel()
        await asyncio.wait([task], timeout=_PAUSE_S)
        if task.done():
            break
    if task.done() and not task.cancelled():
        # Looked at, so that nobody reports it as never looked at.
        task.exception()
