"""What only reads waits for no writer: pages that are open, and pages while a large load runs (SQLite)."""

import asyncio
import os
import shutil
import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from ahead.lookup.catalog.loading.registry import CatalogLoader

PAGE = "/codes/icd10cm/E11.9"
LONG_MS = 600_000
"""Far longer than the test may take: whoever waits for the lock is caught by the test's own deadline."""
DEADLINE_S = 60


@contextmanager
def locked(database: Path) -> Generator[None]:
    """Another process writes."""
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            writer.rollback()


async def test_an_open_page_waits_for_no_writer_in_a_process_that_never_saw_it(visit, tmp_path, monkeypatch):
    first = await visit()
    assert (await first.get(PAGE)).status_code == 200
    monkeypatch.setattr(
        "ahead.shared.db.sqlite_here.PRAGMAS", ("journal_mode=WAL", f"busy_timeout={LONG_MS}")
    )
    second = await visit()
    second.cookies.update(first.cookies)
    with locked(tmp_path / "data" / "lookup" / "lookup.db"):
        async with asyncio.timeout(DEADLINE_S):
            page = await second.get(PAGE)
            section = await second.get("/api/lookup/v1" + PAGE)
    assert page.status_code == 200
    assert "Common Language Description" in page.text
    assert section.status_code == 200


async def test_pages_open_and_are_granted_while_a_large_load_writes(visit, tmp_path, settings):
    own_releases(tmp_path / "data" / "lookup" / "releases")
    browser = await visit()
    assert (await browser.get(PAGE)).status_code == 200
    made = settings()
    file = tmp_path / "ptp_practitioner_2024-07-01.tsv"
    _edits(file, 60_000)
    writing, go_on, done = threading.Event(), threading.Event(), threading.Event()
    stages = count()

    def halt(_: float, stage: str) -> None:
        # Somewhere in the middle of the rows: chunks are written, and more are to come.
        if stage == "Writing" and next(stages) == 1:
            writing.set()
            assert go_on.wait(DEADLINE_S)

    loaded: list[int] = []

    def load() -> None:
        try:
            outcome = CatalogLoader(made.database, made.releases_dir).load([file], progress=halt)
            loaded.append(outcome.loaded[0].rows)
        finally:
            writing.set()
            done.set()

    thread = threading.Thread(target=load)
    thread.start()
    try:
        assert await asyncio.to_thread(writing.wait, DEADLINE_S)
        assert not done.is_set(), "the load is in its middle"
        async with asyncio.timeout(DEADLINE_S):
            assert (await browser.get(PAGE)).status_code == 200
            browser.cookies.clear()
            new = await browser.get("/codes/icd10cm/I10")
        assert new.status_code == 200, "a grant, while the load holds on"
        assert not done.is_set()
    finally:
        go_on.set()
        while thread.is_alive():
            # While it goes on at full speed too.
            page = await browser.get("/codes/icd10cm/I10")
            assert page.status_code == 200
        thread.join()
    assert loaded == [60_000]


def own_releases(folder: Path) -> None:
    """A load writes into the folder, which is shared by all tests: this one gets its own, with links to the files."""
    shared = folder.resolve()
    folder.unlink()
    shutil.copytree(shared, folder, copy_function=os.link, ignore=shutil.ignore_patterns("*.lock", "*.db-*"))


def _edits(file: Path, rows: int) -> None:
    """Made-up pairs in the form of the derived file."""
    with file.open("w") as out:
        out.write("column_1\tcolumn_2\tdeletion_date\tmodifier_indicator\trationale\n")
        for number in range(rows):
            out.write(f"{10_000 + number // 300}\t{50_000 + number % 300}\t*\t1\tMade up\n")
