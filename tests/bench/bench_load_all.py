"""Every official file in one call of `ahead catalog load`, on SQLite: seconds, memory of all its processes, rows.

Seconds and memory have bounds of their own (4 minutes, 1 GB): they are what an operator's machine needs.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_S = 240
MOST_MB = 1_000
LOOK_EVERY_S = 0.2
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def resident(pid: int) -> int:
    """Bytes that a process and all below it hold in memory; what they share counts for each."""
    below: dict[int, list[int]] = {}
    held: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                below.setdefault(int(fields[1]), []).append(int(folder.name))
                held[int(folder.name)] = int(fields[21]) * PAGE_BYTES
    total, left = 0, [pid]
    while left:
        one = left.pop()
        total += held.get(one, 0)
        left += below.get(one, [])
    return total


def main() -> int:
    data = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    files = sorted(path for path in data.rglob("*") if path.is_file() and path.suffix != ".md")
    if not files:
        print("skipped: the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
        return 1 if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else 0
    with tempfile.TemporaryDirectory(prefix="ahead-bench-") as folder:
        command = [sys.executable, "-m", "ahead.local", "catalog", "load", *map(str, files)]
        began, peak = time.perf_counter(), 0
        with (Path(folder) / "said.txt").open("w+") as said:
            running = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | {"AHEAD_DATA": folder},
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            while running.poll() is None:
                peak = max(peak, resident(running.pid))
                time.sleep(LOOK_EVERY_S)
            seconds = time.perf_counter() - began
            said.seek(0)
            if running.returncode:
                print(said.read())
                return 1
        with contextlib.closing(sqlite3.connect(Path(folder) / "lookup" / "lookup.db")) as database:
            rows = database.execute(
                "SELECT system, count(*), sum(rows) FROM releases WHERE status = 'published' GROUP BY system"
            ).fetchall()
    for system, releases, count in sorted(rows, key=lambda row: -row[2]):
        print(f"  {system:28} {releases:2} releases {count:10,} rows")
    megabytes = peak / 1e6
    met = seconds <= MOST_S and megabytes <= MOST_MB
    print(
        f"load of {len(files)} files, {sum(row[2] for row in rows):,} rows: {seconds:.0f} s (at most {MOST_S}), "
        f"{megabytes:.0f} MB (at most {MOST_MB}): {'met' if met else 'NOT MET'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
