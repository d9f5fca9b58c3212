"""A load generator that costs less than what it measures: plain sockets, keep-alive, one request at a time
per connection.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """One round: requests a second, and each request's time in milliseconds, sorted."""

    per_second: float
    times_ms: list[float]

    def percentile(self, share: float) -> float:
        return self.times_ms[min(len(self.times_ms) - 1, int(len(self.times_ms) * share))]


def get(path: str, port: int, headers: dict[str, str] | None = None) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Send a request and read its whole answer; returns the status."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    if (at := lower.find(b"content-length:")) >= 0:
        length = int(lower[at + 15 : lower.index(b"\r\n", at)])
        await reader.readexactly(length)
    elif b"transfer-encoding: chunked" in lower:
        while size := int((await reader.readline()).strip() or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status


async def run(port: int, requests: Iterator[bytes], *, connections: int, expect: int = 200) -> Load:
    """Send all requests over some connections; every answer must have the expected status."""
    times: list[float] = []

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4 * 1024 * 1024)
        for request in requests:
            began = time.perf_counter()
            status = await _ask(reader, writer, request)
            times.append((time.perf_counter() - began) * 1000)
            if status != expect:
                raise AssertionError(f"answered {status}, not {expect}: {request[:120]!r}")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(connections)))
    took = time.perf_counter() - began
    return Load(len(times) / took, sorted(times))


Round = Callable[[], Load]


def side_by_side(ours: Round, bare: Round, rounds: int) -> tuple[list[Load], list[Load]]:
    """Alternate the two, so that whatever else the machine does hits both; the first pair warms up."""
    ours(), bare()
    mine: list[Load] = []
    theirs: list[Load] = []
    for number in range(rounds):
        pair = [(ours, mine), (bare, theirs)]
        for run_one, into in pair if number % 2 else reversed(pair):
            into.append(run_one())
    return mine, theirs


def median(loads: list[Load], figure: Callable[[Load], float]) -> float:
    return statistics.median(figure(load) for load in loads)


def report(name: str, ratio: float, *, at_least: float | None = None, at_most: float | None = None) -> bool:
    """Print a ratio with its bound; returns whether it is met."""
    met = (at_least is None or ratio >= at_least) and (at_most is None or ratio <= at_most)
    bound = f"at least {at_least}" if at_least is not None else f"at most {at_most}"
    print(f"{name}: ratio {ratio:.2f} ({bound}): {'met' if met else 'NOT MET'}")
    return met
