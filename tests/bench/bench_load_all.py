"""Every official file in one call of `ahead catalog load`, on SQLite and on PostgreSQL: seconds, memory of all its
processes, rows.

Seconds and memory have bounds of their own on SQLite (4 minutes, 1 GB): they are what an operator's machine needs.
PostgreSQL is to stay within the same order: twice the bound. Its server's memory is not counted, as that is another
machine's where one is used.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from ahead.shared.db.migrations import sync_url
from ahead.shared.testing.postgres_server import PostgresServer

ROOT = Path(__file__).parents[2]
MOST_S = 240
MOST_MB = 1_000
MOST_POSTGRES_S = 2 * MOST_S
LOOK_EVERY_S = 0.2
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Took:
    seconds: float
    megabytes: float
    rows: list[tuple[str, int, int]]
    """System, releases, rows."""

    @property
    def row_count(self) -> int:
        return sum(row[2] for row in self.rows)


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


def load(files: Sequence[Path], folder: Path, database_url: str) -> Took:
    """Raises SystemExit: what the command said when it failed."""
    command = [sys.executable, "-m", "ahead.local", "catalog", "load", *map(str, files)]
    env = os.environ | {"AHEAD_DATA": str(folder), "AHEAD_LOOKUP_DATABASE_URL": database_url}
    began, peak = time.perf_counter(), 0
    with (folder / "said.txt").open("w+") as said:
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=said, stderr=subprocess.STDOUT)
        while running.poll() is None:
            peak = max(peak, resident(running.pid))
            time.sleep(LOOK_EVERY_S)
        seconds = time.perf_counter() - began
        said.seek(0)
        if running.returncode:
            raise SystemExit(said.read())
    engine = create_engine(sync_url(database_url))
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT system, count(*), sum(rows) FROM releases WHERE status = 'published' GROUP BY system"
            )
        ).all()
    engine.dispose()
    return Took(seconds, peak / 1e6, [(row[0], row[1], int(row[2])) for row in rows])


def on_sqlite(files: Sequence[Path]) -> Took:
    with tempfile.TemporaryDirectory(prefix="ahead-bench-") as name:
        (Path(name) / "lookup").mkdir()
        return load(files, Path(name), f"sqlite+aiosqlite:///{name}/lookup/lookup.db")


def on_postgres(files: Sequence[Path]) -> Took:
    server = PostgresServer()
    try:
        with tempfile.TemporaryDirectory(prefix="ahead-bench-") as name:
            return load(files, Path(name), server.new_database())
    finally:
        server.stop()


def main() -> int:
    data = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    files = sorted(path for path in data.rglob("*") if path.is_file() and path.suffix != ".md")
    if not files:
        print("skipped: the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
        return 1 if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else 0
    plain = on_sqlite(files)
    for system, releases, count in sorted(plain.rows, key=lambda row: -row[2]):
        print(f"  {system:28} {releases:2} releases {count:10,} rows")
    met = plain.seconds <= MOST_S and plain.megabytes <= MOST_MB
    print(
        f"load of {len(files)} files, {plain.row_count:,} rows: {plain.seconds:.0f} s (at most {MOST_S}), "
        f"{plain.megabytes:.0f} MB (at most {MOST_MB}): {'met' if met else 'NOT MET'}",
        flush=True,
    )
    other = on_postgres(files)
    assert sorted(other.rows) == sorted(plain.rows), "PostgreSQL holds other releases or rows"
    near = other.seconds <= MOST_POSTGRES_S
    print(
        f"the same on PostgreSQL: {other.seconds:.0f} s (at most {MOST_POSTGRES_S}), "
        f"{other.seconds / plain.seconds:.1f} times as long, {other.megabytes:.0f} MB: {'met' if near else 'NOT MET'}"
    )
    return 0 if met and near else 1


if __name__ == "__main__":
    sys.exit(main())
