"""Everything that has to be done before the services start, in a process of its own.

A process of its own, because loading a catalogue takes memory that the supervisor shouldn't keep, and because
Ctrl-C must be able to end it at once. It reports its progress as lines of JSON on the descriptor in
AHEAD_PROGRESS_FD; what it prints goes to its log.
"""

import asyncio
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import nats
import nats.errors

from ahead.local import installed
from ahead.local.failure import Failure, disk_full, from_os_error
from ahead.shared.events import streams
from ahead.shared.processes import Progress, Service, Step

DESCRIPTOR = "AHEAD_PROGRESS_FD"
NATS_LIMIT = 30.0


def _declare_streams(progress: Progress) -> None:
    """The stream, once, before anybody publishes; and the check that NATS syncs before it acknowledges."""
    progress(0, "")
    asyncio.run(_declare(os.environ["AHEAD_NATS_URL"]))
    streams.check_sync_interval(os.environ["AHEAD_NATS_MONITOR_URL"])


async def _declare(url: str) -> None:
    began = time.monotonic()
    while True:
        try:
            connection = await nats.connect(url, connect_timeout=2, allow_reconnect=False)
            break
        except (OSError, nats.errors.Error):
            if time.monotonic() - began > NATS_LIMIT:
                raise
            await asyncio.sleep(0.05)
    try:
        await streams.declare(connection.jetstream())
    finally:
        await connection.close()


def work(services: tuple[Service, ...]) -> list[tuple[str, tuple[Step, ...]]]:
    """The steps of each service, by its name; what all of them need comes first, under no name."""
    shared = (Step("Event stream", _declare_streams),)
    return [("", shared), *((service.name, service.steps) for service in services)]


class Reporter:
    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, "w", buffering=1)
        self._last = 0.0

    def send(self, kind: str, **fields: Any) -> None:
        self._file.write(json.dumps({"kind": kind, **fields}) + "\n")

    def progress(self, fraction: float, text: str) -> None:
        """At most twenty lines a second, whatever a step calls."""
        now = time.monotonic()
        if now - self._last > 0.05 or fraction >= 1:
            self._last = now
            self.send("progress", fraction=fraction, text=text)


def main() -> int:
    reporter = Reporter(int(os.environ.pop(DESCRIPTOR)))
    title = "Reading what is installed"
    try:
        for name, steps in work(installed.services()):
            for step in steps:
                title = step.title
                reporter.send("step", title=title)
                step.run(reporter.progress)
                reporter.send("done")
            reporter.send("prepared", service=name)
    except Failure as failure:
        reporter.send("failed", text=str(failure))
        return 1
    except Exception as error:
        traceback.print_exc()
        if isinstance(error, OSError):
            text = str(from_os_error(error, Path(os.environ["AHEAD_DATA"])))
        elif "disk is full" in str(error):  # SQLite's own words
            text = str(disk_full(Path(os.environ["AHEAD_DATA"])))
        else:
            text = f"{title}: {type(error).__name__}: {error}"
        reporter.send("failed", text=text)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
