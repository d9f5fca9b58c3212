"""Named places where a process can be made to die, for tests that show what a crash leaves behind.

``AHEAD_CRASH_AT=relay.after_publish`` kills the process at that place as SIGKILL would; unset (always in
production) a crash point costs one comparison.
"""

import os
import signal

_AT = os.environ.get("AHEAD_CRASH_AT", "")


def crash_point(name: str) -> None:
    if _AT and name == _AT:
        os.kill(os.getpid(), signal.SIGKILL)
