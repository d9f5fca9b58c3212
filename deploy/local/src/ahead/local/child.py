"""One supervised process: started, waited for, restarted when it ends by itself, stopped."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ahead.local import spawn
from ahead.local.failure import Failure
from ahead.local.logfile import LogFile

Ready = Callable[[], Awaitable[bool]]

START_LIMIT = 60.0  # seconds until ready
STEADY = 5.0  # a process that ran this long is started again at once
BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0)  # at most: somebody waits for it


@dataclass(frozen=True)
class Plan:
    """What to run, and how to know that it is ready; `ready` None: once it has stayed alive a moment."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    ready: Ready | None = None
    grace: float = 6.0  # seconds between SIGTERM and SIGKILL
    ready_file: Path | None = None  # made by the process; taken away before each start
    missing: str = ""  # the package that brings the program, for the message when it isn't there


@dataclass
class Child:
    plan: Plan
    log: LogFile
    cwd: Path
    say: Callable[[str], None]
    on_start: Callable[["Child"], None]
    pid: int = 0
    ready: bool = False
    _process: asyncio.subprocess.Process | None = None
    _watch: asyncio.Task[None] | None = None
    _reader: asyncio.Task[None] | None = None
    _stopping: bool = False
    _failures: int = field(default=0)

    async def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            Failure: it ended, or it wasn't ready in time; with the last lines of its log.
        """
        await self._spawn()
        await self._until_ready()
        self.ready = True
        self._watch = asyncio.create_task(self._keep_running(), name=f"watch {self.plan.name}")

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL, to it and all it started; returns once it is gone."""
        self._stopping = True
        if self._watch:
            self._watch.cancel()
        process = self._process
        if process is None:
            self.log.close()
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self.plan.grace)
            except TimeoutError:
                self.say(f"{self.plan.name} did not end within {self.plan.grace:g} s and is killed")
        spawn.signal_group(process.pid, signal.SIGKILL)
        await process.wait()
        if self._reader:
            await asyncio.wait([self._reader], timeout=1)
        self.log.close()

    async def _spawn(self) -> None:
        if self.plan.ready_file:
            self.plan.ready_file.unlink(missing_ok=True)
        try:
            spawned = await spawn.start(self.plan.argv, self.plan.env, cwd=self.cwd)
        except FileNotFoundError as error:
            package = f": the package {self.plan.missing} is missing" if self.plan.missing else ""
            raise Failure(
                f"{self.plan.name} can't start, {self.plan.argv[0]} isn't there{package}; "
                "delete .venv and start again, it is made anew"
            ) from error
        self._process = spawned.process
        self.pid = spawned.pid
        self._reader = asyncio.create_task(self._read(spawned.output), name=f"log {self.plan.name}")
        self.on_start(self)

    async def _read(self, output: asyncio.StreamReader) -> None:
        while chunk := await output.read(1 << 16):
            self.log.write(chunk)

    async def _until_ready(self) -> None:
        process = self._process
        assert process is not None
        began = time.monotonic()
        while time.monotonic() - began < START_LIMIT:
            if process.returncode is not None:
                await self._ended(process)
                raise Failure(
                    f"{self.plan.name} ended while starting ({_how(process.returncode)}); "
                    f"its log: {self.log.path}",
                    detail=self.log.tail(),
                )
            if self.plan.ready is None:
                if time.monotonic() - began > 0.3:
                    return
            elif await self.plan.ready():
                return
            await asyncio.sleep(0.05)
        raise Failure(
            f"{self.plan.name} was not ready after {START_LIMIT:.0f} s; its log: {self.log.path}",
            detail=self.log.tail(),
        )

    async def _ended(self, process: asyncio.subprocess.Process) -> None:
        """Its workers must not hold the port when it is started again."""
        spawn.signal_group(process.pid, signal.SIGKILL)
        if self._reader:
            await asyncio.wait([self._reader], timeout=1)

    async def _keep_running(self) -> None:
        while not self._stopping:
            process = self._process
            assert process is not None
            began = time.monotonic()
            status = await process.wait()
            if self._stopping:
                return
            await self._ended(process)
            self._failures = 0 if time.monotonic() - began > STEADY else self._failures + 1
            pause = BACKOFF[min(self._failures, len(BACKOFF) - 1)]
            what = f"{self.plan.name} ended ({_how(status)}); starting it again in {pause:g} s"
            self.say(f"{what}; its log: {self.log.path}")
            await asyncio.sleep(pause)
            try:
                await self._spawn()
                await self._until_ready()
            except Failure as failure:
                self.say(str(failure))
                continue
            self.say(f"{self.plan.name} is back")


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-status).name}"
    return f"killed by signal {-status}"
