"""What stops a command for a reason that a person can do something about."""

import errno
from pathlib import Path


class Failure(Exception):
    """Shown as one line: what is wrong and what to do; `detail`, such as a log's end, comes before it."""

    def __init__(self, text: str, *, detail: list[str] | None = None) -> None:
        super().__init__(text)
        self.detail = detail or []


def disk_full(place: Path) -> Failure:
    return Failure(f"the disk that holds {place} is full: free some, or choose another folder with --data")


def from_os_error(error: OSError, place: Path) -> Failure:
    """The system's refusal in words, for the cases that happen to people."""
    where = error.filename or place
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(place)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Failure(f"no right to write {where}: change its owner, or choose another folder with --data")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return Failure(f"{where} is no folder: choose another one with --data")
    return Failure(f"{where}: {error.strerror or error}")
