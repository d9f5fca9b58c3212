"""Starting a process so that it can't outlive the platform, and ending what outlived it all the same.

Each process leads a group of its own, so that its workers end with it. On Linux the kernel sends SIGTERM to
it when the supervisor dies, however that dies. What still runs then (another system, a process that ignored
the signal) is found by the next `up` from the record kept in the data folder.
"""

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1


def _die_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes the program; made here, because a fork may not load libraries."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and this line
            os._exit(1)

    return before_exec


@dataclass(frozen=True)
class Spawned:
    """A process, and what it and everything it started print.

    The pipe is our own: asyncio's `wait` doesn't return while a grandchild still holds a pipe that asyncio made.
    """

    process: asyncio.subprocess.Process
    output: asyncio.StreamReader

    @property
    def pid(self) -> int:
        return self.process.pid


async def start(
    argv: Sequence[str], env: Mapping[str, str], *, cwd: Path, pass_fds: Sequence[int] = ()
) -> Spawned:
    """Start a process. On the main thread: the kernel ties the child to it."""
    reading, writing = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            env=dict(env),
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(),
            pass_fds=pass_fds,
        )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return Spawned(process, await read_pipe(reading))


async def read_pipe(descriptor: int) -> asyncio.StreamReader:
    """The reading end of a pipe as a stream, closed at its end."""
    reader = asyncio.StreamReader(limit=1 << 20)
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader


def signal_group(leader: int, number: signal.Signals) -> None:
    """To the process and everything it started; nothing happens when all of it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


@dataclass(frozen=True)
class Record:
    """A started process: its id alone isn't enough, ids are used again."""

    name: str
    pid: int
    started: float


class Records:
    """The processes of this data folder, in a file that survives the supervisor."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, records: Iterable[Record]) -> None:
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps([vars(record) for record in records]))
        partial.replace(self._path)

    def read(self) -> list[Record]:
        try:
            return [Record(**entry) for entry in json.loads(self._path.read_text())]
        except (FileNotFoundError, ValueError, TypeError):
            return []


def record_of(name: str, pid: int) -> Record:
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        started = time.time()
    return Record(name, pid, started)


def _group_of(record: Record) -> list[psutil.Process]:
    """What still runs of a recorded process's group.

    A process id isn't given out again while a group of that number has members, so when another process holds
    the id, the recorded group is gone.
    """
    try:
        if abs(psutil.Process(record.pid).create_time() - record.started) > 1:
            return []
    except psutil.NoSuchProcess:
        pass
    members: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == record.pid and process.create_time() >= record.started - 1:
                members.append(process)
    return members


def end_leftovers(records: Iterable[Record], *, grace: float = 5) -> list[str]:
    """End what a killed supervisor left behind. Returns the names of what was found."""
    found = {record.name: _group_of(record) for record in records}
    processes = [process for group in found.values() for process in group]
    for number, wait in ((signal.SIGTERM, grace), (signal.SIGKILL, 2.0)):
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        _, processes = psutil.wait_procs(processes, timeout=wait)
        if not processes:
            break
    return [name for name, group in found.items() if group]
