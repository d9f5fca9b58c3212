"""Why a file is not loaded."""

from collections.abc import Callable


class Refused(Exception):
    """A file is not what it should be; the message says which line and why, for the person who gave it.

    What was held before stays as it was.
    """

    def __init__(self, file_name: str, reason: str, *, line: int | None = None) -> None:
        where = file_name if line is None else f"{file_name}, line {line}"
        super().__init__(f"{where}: {reason}")
        self.file_name = file_name
        self.reason = reason
        self.line = line


Refuse = Callable[[Refused], None]
"""Is told of what is refused, where the rest is to be loaded all the same."""


def at_once(refused: Refused) -> None:
    """Ends the load."""
    raise refused
