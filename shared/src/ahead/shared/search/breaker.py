"""When an engine that failed is left alone, and when it is tried again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

State = Literal["closed", "open", "half-open"]

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 15.0


@dataclass
class Breaker:
    """closed: everything is asked. open: nothing is. half-open: one probe is under way, nothing else is asked.

    One failure opens it, because whoever asks has an equal answer at hand elsewhere: caution costs nobody
    anything. Each failed probe doubles the pause before the next; whoever succeeded with real work in between
    begins again with the shortest.
    """

    now: Callable[[], float] = time.monotonic
    state: State = "closed"
    reason: str = ""
    opened: int = 0
    """How often it went from closed to open."""
    _pause: float = FIRST_PAUSE_S
    _until: float = field(default=0.0)

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    def worked(self) -> None:
        """Real work succeeded. It says nothing while open: an answer that was asked for before comes late."""
        if self.closed:
            self._pause = FIRST_PAUSE_S

    def failed(self, reason: str) -> bool:
        """Leave it alone from now on; True when it wasn't left alone before."""
        first = self.closed
        if self.state == "open":
            return False
        self.state, self.reason = "open", reason
        self.opened += first
        self._until = self.now() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE_S)
        return first

    def try_again(self) -> bool:
        """Whether the caller shall probe now; it then has to tell `failed` or `recovered`."""
        if self.state != "open" or self.now() < self._until:
            return False
        self.state = "half-open"
        return True

    def recovered(self) -> None:
        self.state, self.reason = "closed", ""
