"""Totals of long tests, kept over runs: a run that was cut off is taken up where it stopped."""

import json
from pathlib import Path

FILE = Path(__file__).parents[2] / ".cache" / "long-totals.json"


def kept(name: str) -> int:
    """How much of a test has been done in former runs since it was last completed."""
    try:
        return int(json.loads(FILE.read_text()).get(name, 0))
    except (FileNotFoundError, ValueError):
        return 0


def keep(name: str, done: int) -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    totals = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.write_text(json.dumps(totals | {name: done}))
