"""Loads of official files against bare programs that parse the same file and insert the same rows with the same
indexes and chunks. The bare rows are compared with ours, so that neither does less. NCCI's edits have a benchmark of
their own.
"""

import gc
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.schema import CreateIndex, CreateTable

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "helpers"), str(ROOT / "tests" / "bench")]

import bare_loads
from bare_loads import Rows
from http_load import report

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.load import Loader
from ahead.lookup.catalog.loading.package import package_files, package_source
from ahead.lookup.catalog.loading.registry import CatalogLoader, sources
from ahead.lookup.catalog.loading.writer import CHUNK
from ahead.lookup.catalog.models import bulk_metadata
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations

ROUNDS = 3
AT_LEAST = 0.4


@dataclass(frozen=True)
class Case:
    """`system`: what is loaded of a file that several sources read. `parse` is the bare program."""

    name: str
    file: str
    system: str
    parse: Callable[..., Rows]
    options: Options | None = None
    on_tabular: bool = False
    """Whether the tabular list, untimed, is held before, and given to the bare program."""


OCTOBER = Options(system="pfs-opps-caps", window_from=date(2025, 10, 1))
CASES = (
    Case("ICD-10-CM", "icd10cm/icd10cm-2026.zip", "icd10cm", bare_loads.diagnoses, on_tabular=True),
    Case("ICD-10-PCS", "icd10pcs/icd10pcs-2026.zip", "icd10pcs", bare_loads.procedures),
    Case("GEMs", "gems/dxgem-2018.zip", "gem-icd10cm", bare_loads.gems),
    Case("POA exempt", "icd10cm/poa-exempt-2026.zip", "icd10cm", bare_loads.exempt),
    Case("MUE", "ncci/mue_practitioner_2024-07-01.csv", "mue-practitioner", bare_loads.unit_limits),
    Case("PFS", "pfs/PPRRVU2025_Oct.csv", "pfs", bare_loads.values),
    Case("OPPS caps", "pfs/OPPSCAP_Oct.csv", "pfs-opps-caps", bare_loads.caps, OCTOBER),
    Case("ZIP localities", "pfs/zip5-locality-2025-october.zip", "pfs-zip", bare_loads.zips),
    Case("Table 6J", "msdrg/ipps-fy2026-tables.zip", "ipps-6j", bare_loads.mcc_and_cc),
    Case("Table 6K", "msdrg/ipps-fy2026-tables.zip", "ipps-6k", bare_loads.exclusions),
    Case("MCE lists", "mce/MCE_Simple_Code_Edits_v37.txt", "mce", bare_loads.editor),
    Case("coverage list", "mcd/lcd-code-coverage-2026-derived.zip", "lcd-code-coverage", bare_loads.coverage),
)


def bare(rows: Rows, target: Path) -> set[str]:
    """Returns the tables that it wrote: keys, chunks and one fsync as ours, indexes after the rows as ours."""
    engine = create_engine("sqlite://")
    waiting: dict[str, list[Any]] = {}
    written: set[str] = set()
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")

        def write(name: str) -> None:
            rows = waiting[name]
            if name not in written:
                connection.execute(str(CreateTable(bulk_metadata.tables[name]).compile(engine)))
                written.add(name)
            connection.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)
            connection.commit()
            rows.clear()

        for name, row in rows:
            if (chunk := waiting.get(name)) is None:
                chunk = waiting[name] = []
            chunk.append((1, *row))
            if len(chunk) == CHUNK:
                write(name)
        for name in [name for name, chunk in waiting.items() if chunk]:
            write(name)
        for name in written:
            for index in bulk_metadata.tables[name].indexes:
                connection.execute(str(CreateIndex(index).compile(engine)))
        connection.commit()
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return written


def content(paths: list[Path], table: str) -> list[tuple[Any, ...]]:
    """The rows of a table in several files, without their release; of trees, the names of sections are ours."""
    columns = ", ".join(column.name for column in list(bulk_metadata.tables[table].columns)[1:])
    where = "WHERE kind NOT IN ('chapter', 'section')" if table == "nodes" else ""
    found: list[tuple[Any, ...]] = []
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                found += connection.execute(f"SELECT {columns} FROM {table} {where}").fetchall()
    return sorted(found, key=repr)


def once(case: Case, path: Path, compare: bool) -> tuple[float, float]:
    """Seconds of ours and of the bare program."""
    with tempfile.TemporaryDirectory(prefix="ahead-bench-") as name:
        folder = Path(name)
        releases = folder / "releases"
        url = f"sqlite+aiosqlite:///{folder}/lookup.db"
        migrations.upgrade(url, MIGRATIONS)
        parse = case.parse
        if case.on_tabular:
            with Loader(url, releases) as loader:
                loader.load(package_files(), Options(source=package_source()))
            (tabular,) = releases.glob("*.db")
            parse = partial(parse, tabular=tabular)
        before = set(releases.glob("*.db"))
        options = case.options or Options(system=case.system)
        gc.collect()
        began = time.perf_counter()
        CatalogLoader(url, releases).load([path], options)
        middle = time.perf_counter()
        tables = bare(parse(path), folder / "bare.db")
        ended = time.perf_counter()
        if compare:
            for table in tables:
                ours = content(sorted(set(releases.glob("*.db")) - before), table)
                theirs = content([folder / "bare.db"], table)
                different = next((pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]), "")
                assert ours == theirs, f"{table}: {len(ours)} and {len(theirs)} rows; {different}"
    return middle - began, ended - middle


def main() -> int:
    data = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or ROOT.parent / "shared" / "data")
    if not data.is_dir():
        print("skipped: the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
        return 1 if os.environ.get("AHEAD_REQUIRE_DATA") == "1" else 0
    sources()  # imports their readers and tables, which belongs to no load
    met: list[bool] = []
    for case in CASES:
        if sys.argv[1:] and case.name not in sys.argv[1:]:
            continue
        times = [once(case, data / case.file, number == 0) for number in range(ROUNDS)]
        # The best of each: whatever else the machine does only adds.
        ours, theirs = (min(column) for column in zip(*times, strict=True))
        said = f"load of {case.name}, {ours:.2f} s to {theirs:.2f} s"
        met.append(report(said, theirs / ours, at_least=AT_LEAST))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
