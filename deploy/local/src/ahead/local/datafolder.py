"""The folder that holds everything kept on disk: made, checked, and locked by one supervisor at a time."""

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ahead.local.failure import Failure, from_os_error

NEEDED_NEW = 500_000_000  # bytes for a first start: catalogue and index, then streams, logs, what users do
NEEDED = 100_000_000


def prepare(data: Path) -> None:
    """Make the folder with its parts.

    Raises:
        Failure: it can't be made, read or written, or the disk has too little room.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        for part in ("run", "logs"):
            (data / part).mkdir(exist_ok=True)
        if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied", str(data))
        free = shutil.disk_usage(data).free
    except OSError as error:
        raise from_os_error(error, data) from error
    needed = NEEDED if (data / "secrets.env").exists() else NEEDED_NEW
    if free < needed:
        raise Failure(
            f"only {free // 1_000_000} MB are free where {data} lies, {needed // 1_000_000} MB are needed: "
            "free some space, or choose another folder with --data"
        )


@contextmanager
def lock(data: Path) -> Generator[None]:
    """Held until the block or the process ends, however it ends: the kernel frees it.

    Raises:
        Failure: another supervisor holds it.
    """
    path = data / "run" / "supervisor.lock"
    try:
        file = path.open("a+")
    except OSError as error:
        raise from_os_error(error, data) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text().strip() or "unknown"
            raise Failure(
                f"the platform already runs on {data} (process {holder}): stop it with Ctrl-C there, "
                "or give this one another folder with --data"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def is_running(data: Path) -> bool:
    """Whether a supervisor holds this folder now."""
    path = data / "run" / "supervisor.lock"
    if not path.is_file():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
