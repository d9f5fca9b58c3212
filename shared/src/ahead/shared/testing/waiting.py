"""Waiting for something to become true, with a deadline: tests never sleep for a guess."""

import asyncio
import inspect
import os
import secrets
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
POLL_S = 0.02


class NotInTime(AssertionError):
    """The condition didn't come true before the deadline."""


# Below what the system gives to outgoing connections: one of those would take a port before its server does.
_PORTS = range(15_000, 32_000)
_WORKERS = 16
# Given a short while ago, and perhaps not taken yet.
_given: deque[int] = deque(maxlen=100)


def free_port() -> int:
    """A port on loopback that was free a moment ago, and isn't about to be taken by another server of the test run."""
    worker = int("0" + "".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "")))) % _WORKERS
    mine = [port for port in _PORTS[worker::_WORKERS] if port not in _given]
    while True:
        port = secrets.choice(mine)
        mine.remove(port)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given.append(port)
            return port


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
