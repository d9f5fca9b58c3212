"""Waiting for something to become true, with a deadline: tests never sleep for a guess."""

import asyncio
import inspect
import socket
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
POLL_S = 0.02


class NotInTime(AssertionError):
    """The condition didn't come true before the deadline."""


def free_port() -> int:
    """A port that was free a moment ago, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], T], *, within_s: float = 10.0, what: str = "") -> T:
    """Poll until the condition is true and return its value; exceptions count as "not yet"."""
    deadline = time.monotonic() + within_s
    last: object = None
    while time.monotonic() < deadline:
        try:
            if value := condition():
                return value
            last = value
        except Exception as error:
            last = error
        time.sleep(POLL_S)
    raise NotInTime(f"{what or condition} not within {within_s} s; last: {last!r}")


async def eventually(
    condition: Callable[[], Awaitable[T] | T], *, within_s: float = 10.0, what: str = ""
) -> T:
    """The same for async code."""
    deadline = time.monotonic() + within_s
    last: object = None
    while time.monotonic() < deadline:
        try:
            value = condition()
            if inspect.isawaitable(value):
                value = await value
            if value:
                return value  # pyright: ignore[reportReturnType]
            last = value
        except Exception as error:
            last = error
        await asyncio.sleep(POLL_S)
    raise NotInTime(f"{what or condition} not within {within_s} s; last: {last!r}")


def accepts_connections(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0
