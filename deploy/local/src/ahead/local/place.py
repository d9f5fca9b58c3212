"""Where things lie: the root of the tree and the folder for data."""

import os
from functools import cache
from pathlib import Path

from ahead.local.failure import Failure


@cache
def root() -> Path:
    """The workspace: AHEAD_ROOT, else upwards from the working directory, else where this file lies."""
    given = os.environ.get("AHEAD_ROOT")
    starts = [Path(given)] if given else [Path.cwd(), Path(__file__).parent]
    for start in starts:
        for folder in (start, *start.resolve().parents):
            if (folder / "deploy" / "caddy" / "Caddyfile").is_file() and (folder / "locks").is_dir():
                return folder.resolve()
    raise Failure("the Coding Ahead source tree was not found: run this inside it, or set AHEAD_ROOT")


def data() -> Path:
    """AHEAD_DATA (which --data sets), else .data at the root; absolute, not necessarily there yet."""
    given = os.environ.get("AHEAD_DATA")
    return Path(given).expanduser().absolute() if given else root() / ".data"


def cache_folder() -> Path:
    """For what can be fetched or built again, shared by all data folders."""
    return root() / ".cache"
