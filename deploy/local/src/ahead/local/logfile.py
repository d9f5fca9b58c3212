"""What a process prints, kept in a file that doesn't grow without end."""

from collections import deque
from pathlib import Path

LIMIT = 8 * 1024 * 1024
KEPT = 2  # older files beside the current one


class LogFile:
    """Appends bytes; at LIMIT the file becomes `name.log.1`, and so on. Not shared between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")
        self._tail: deque[bytes] = deque(maxlen=30)
        self._part = b""

    def write(self, chunk: bytes) -> None:
        *lines, self._part = (self._part + chunk).split(b"\n")
        self._part = self._part[-4096:]
        self._tail.extend(lines)
        if self._file.tell() + len(chunk) > LIMIT:
            self._rotate()
        try:
            self._file.write(chunk)
            self._file.flush()
        except OSError:
            # A full disk must not end the supervisor: the platform goes on, its log has a gap.
            return

    def tail(self, count: int = 12) -> list[str]:
        """The last lines, for a person who wants to know why a process ended."""
        lines = [*self._tail, self._part] if self._part else list(self._tail)
        return [line.decode(errors="replace") for line in lines[-count:]]

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(KEPT, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if newer.exists():
                newer.replace(older)
        self._file = self.path.open("ab")
