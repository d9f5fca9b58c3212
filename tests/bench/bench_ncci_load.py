"""Loading the official PTP edits of hospitals, against a bare program that parses the same file and inserts the
same rows with the same indexes and chunks.
"""

import gzip
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "helpers")]

from http_load import report

from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.catalog.loading.writer import CHUNK
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations

ROUNDS = 3
ROWS = 1_775_818
REST = "deleted_on, effective_on, modifier"


def bare(source: Path, target: Path) -> None:
    connection = sqlite3.connect(target)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute(
        "CREATE TABLE ptp (release_id INTEGER, column1 TEXT, column2 TEXT, deleted_on INTEGER, "
        "effective_on INTEGER, modifier INTEGER, rationale INTEGER, before_1996 INTEGER, "
        "source_file INTEGER, source_row INTEGER)"
    )
    texts: dict[str, int] = {}

    def rows():
        with gzip.open(source, "rt") as lines:
            next(lines)
            for number, line in enumerate(lines, 2):
                one, two, end, modifier, why = line.rstrip("\n").split("\t")
                day = None if end == "*" else int(end.replace("-", ""))
                text = texts.setdefault(why, len(texts))
                yield 1, one, two, day, None, int(modifier), text, None, 0, number

    making = rows()
    while chunk := list(islice(making, CHUNK)):
        with connection:
            connection.executemany("INSERT INTO ptp VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", chunk)
    connection.execute(f"CREATE INDEX one ON ptp (release_id, column1, column2, {REST})")
    connection.execute(f"CREATE INDEX two ON ptp (column2, release_id, column1, {REST})")
    connection.commit()
    connection.close()


def ours(source: Path, folder: Path) -> None:
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    (loaded,) = CatalogLoader(url, folder / "releases").load([source]).loaded
    assert loaded.rows == ROWS, loaded


def timed(run: Callable[[Path, Path], None], source: Path, name: str) -> float:
    with tempfile.TemporaryDirectory(prefix="ahead-bench-") as folder:
        began = time.perf_counter()
        run(source, Path(folder) / name)
        return time.perf_counter() - began


def main() -> int:
    data = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    source = next((data / "ncci").glob("ptp_outpatient_hospital_*"), None)
    if source is None:
        print("skipped: the official NCCI files are not on this machine (AHEAD_OFFICIAL_DATA)")
        return 1 if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else 0
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        mine.append(timed(ours, source, "."))
        theirs.append(timed(bare, source, "bare.db"))
    a, b = statistics.median(mine), statistics.median(theirs)
    print(f"ours {ROWS / a:,.0f} rows/s ({a:.1f} s), bare {ROWS / b:,.0f} rows/s ({b:.1f} s)")
    return 0 if report("NCCI PTP load", b / a, at_least=0.4) else 1


if __name__ == "__main__":
    sys.exit(main())
