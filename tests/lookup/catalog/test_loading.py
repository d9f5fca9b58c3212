"""Loading is atomic, happens once, and leaves nothing behind; on SQLite and on PostgreSQL alike."""

import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.load import Loader
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.testing.waiting import eventually

Small = Callable[..., list[Path]]

KILLED_LOAD = """
import os, signal
from pathlib import Path
from ahead.lookup.catalog.loading.load import Loader

def die(fraction, stage):
    if stage == "Writing":
        os.kill(os.getpid(), signal.SIGKILL)

Loader({url!r}, Path({folder!r})).load([Path(p) for p in {files!r}], progress=die)
"""


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(migrations.sync_url(url))
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def state(url: str, folder: Path) -> tuple[object, ...]:
    """Everything a load could have changed."""
    held = rows(url, "SELECT id, sha256, status, window_from, window_to FROM releases ORDER BY id")
    bulk = (
        []
        if url.startswith("sqlite")
        else rows(url, "SELECT release_id, count(*) FROM nodes GROUP BY 1 ORDER BY 1")
    )
    files = (
        sorted(path.name for path in folder.glob("*") if path.name != "load.lock") if folder.exists() else []
    )
    return held, bulk, files


async def test_a_release_is_loaded_and_read_back_whole(
    loader: Loader, catalog: Catalog, small: Small
) -> None:
    loaded = loader.load(small())
    assert (loaded.new, loaded.codes, loaded.billable) == (True, 9, 6)
    release = (await catalog.releases())[0]
    assert (release.rows, release.nodes, release.billable) == (9, 14, 6)
    assert (release.window_from, release.window_to) == (date(2025, 10, 1), date(2026, 9, 30))
    assert release.window_origin == "calendar"
    documents = [document async for document in catalog.documents(release.id)]
    assert [d.code for d in documents] == [
        "1", "A00-A09", "A00", "A000", "A001", "B99-B99", "B99",
        "2", "S00-S09", "S00", "S000", "S000XXA", "S000XXD", "S000XXS",
    ]  # fmt: skip


async def test_the_same_files_twice_change_nothing(
    loader: Loader, migrated: str, small: Small, tmp_path: Path
) -> None:
    first = loader.load(small())
    before = state(migrated, tmp_path / "releases")
    again = loader.load(small())
    assert not again.new
    assert again.release_id == first.release_id
    assert state(migrated, tmp_path / "releases") == before


async def test_editions_are_held_side_by_side(loader: Loader, catalog: Catalog, small: Small) -> None:
    loader.load(small(2025, "old kind"))
    loader.load(small(2026, "new kind"))
    for day, word in ((date(2025, 3, 1), "old kind"), (date(2026, 3, 1), "new kind")):
        found = await catalog.find("icd10cm", "A00.1", day)
        assert found.node is not None
        assert found.node.title == f"First disease, other {word}"
        assert found.edition.status == "held"


async def test_what_the_operator_says_about_the_window_is_kept_and_told(
    loader: Loader, catalog: Catalog, small: Small
) -> None:
    loader.load(small(), Options(release="mine", window_from=date(2026, 1, 1), window_to=date(2026, 6, 30)))
    release = (await catalog.releases())[0]
    assert (release.edition, release.window_from, release.window_to, release.window_origin) == (
        "mine",
        date(2026, 1, 1),
        date(2026, 6, 30),
        "option",
    )


@pytest.mark.parametrize("broken_at", ["writing", "publishing"])
async def test_a_load_that_fails_leaves_what_was_held_untouched(
    loader: Loader, migrated: str, small: Small, tmp_path: Path, broken_at: str
) -> None:
    loader.load(small(2025))
    before = state(migrated, tmp_path / "releases")

    def break_down(fraction: float, stage: str) -> None:
        # The last call before the end of each stage.
        if stage == ("Writing" if broken_at == "writing" else "Published"):
            raise KeyboardInterrupt

    if broken_at == "publishing":
        loader._publish = lambda *_: break_down(1, "Published")  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        loader.load(small(2026), progress=break_down)
    assert state(migrated, tmp_path / "releases") == before


async def test_a_load_killed_in_the_middle_is_cleaned_away_by_the_next(
    migrated: str, small: Small, tmp_path: Path, catalog: Catalog, loader: Loader
) -> None:
    files = small()
    script = KILLED_LOAD.format(
        url=migrated, folder=str(tmp_path / "releases"), files=[str(f) for f in files]
    )
    for _ in range(2):
        killed = subprocess.run([sys.executable, "-c", script], check=False)  # noqa: ASYNC221
        assert killed.returncode == -signal.SIGKILL
        assert await catalog.releases() == ()
        catalog.forget_releases()
    loaded = loader.load(files)
    assert loaded.new
    held, bulk, names = state(migrated, tmp_path / "releases")
    assert [row[2] for row in held] == ["published"]  # type: ignore[index, union-attr]
    assert bulk in ([], [(loaded.release_id, 14)])
    assert len(names) in (0, 1)  # type: ignore[arg-type]
    assert (await catalog.find("icd10cm", "A00.0", date(2026, 1, 1))).node is not None


def test_of_two_loads_at_once_one_loads_and_the_other_finds_it_held(
    migrated: str, small: Small, tmp_path: Path
) -> None:
    files = small()
    results: list[bool] = []

    def run() -> None:
        with Loader(migrated, tmp_path / "releases") as loader:
            results.append(loader.load(files).new)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert len(rows(migrated, "SELECT id FROM releases")) == 1


async def test_a_load_does_not_hold_the_lock_that_a_grant_needs(
    sqlite_url: str, small: Small, tmp_path: Path
) -> None:
    migrations.upgrade(sqlite_url, MIGRATIONS)
    reached = threading.Event()
    go_on = threading.Event()

    def pause(_fraction: float, stage: str) -> None:
        if stage == "Writing":
            reached.set()
            assert go_on.wait(20)

    def load() -> None:
        with Loader(sqlite_url, tmp_path / "releases") as loader:
            loader.load(small(), progress=pause)

    thread = threading.Thread(target=load)
    thread.start()
    assert reached.wait(20)
    with closing(sqlite3.connect(sqlite_url.split("///", 1)[1], timeout=0)) as connection:
        connection.execute("BEGIN IMMEDIATE")  # raises at once when somebody holds it
        connection.rollback()
    go_on.set()
    thread.join()


async def test_a_lost_or_outdated_release_file_is_made_again(
    sqlite_url: str, small: Small, tmp_path: Path
) -> None:
    migrations.upgrade(sqlite_url, MIGRATIONS)
    with Loader(sqlite_url, tmp_path / "releases") as loader:
        first = loader.load(small())
        for spoil in (Path.unlink, lambda path: path.write_bytes(b"not a database"), _outdate):
            newest = max((tmp_path / "releases").glob("*.db"), key=lambda path: int(path.name.split("-")[0]))
            spoil(newest)
            again = loader.load(small())
            assert again.new
            assert again.release_id > first.release_id, "an id is never given twice: caches go by it"
            assert rows(sqlite_url, "SELECT count(*) FROM releases") == [(1,)]
            first = again


def _outdate(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE release_info SET schema_version = 0")
        connection.commit()


async def test_a_reader_at_work_is_not_disturbed_by_a_new_edition(
    loader: Loader, catalog: Catalog, small: Small
) -> None:
    loader.load(small(2026, "before"))
    found = await catalog.find("icd10cm", "A00.1", date(2026, 1, 1))
    assert found.node is not None
    loader.load(small(2027, "after"))

    async def seen() -> bool:
        return (await catalog.edition_for("icd10cm", date(2027, 1, 1))).status == "held"

    await eventually(seen, within_s=10)
    facts = await catalog.facts(found.node.release_id, "A001")
    assert facts.node.title.endswith("before")


def test_zips_are_read_as_published(loader: Loader, small: Small, tmp_path: Path) -> None:
    tabular, listed = small()
    archive = tmp_path / "edition.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.write(tabular, "folder/tabular.xml")
        zipped.write(listed, "folder/codes.txt")
        zipped.writestr("readme.txt", "read me")
        zipped.writestr("icd10cm_tabular.xsd", "<schema/>")
    assert loader.load([archive]).codes == 9


def test_migrations_go_up_down_and_up_again(database_url: str) -> None:
    migrations.upgrade(database_url, MIGRATIONS)
    migrations.check(database_url, MIGRATIONS)
    migrations.downgrade(database_url, MIGRATIONS)
    migrations.upgrade(database_url, MIGRATIONS)
    migrations.check(database_url, MIGRATIONS)


def test_the_list_of_another_edition_is_refused(loader: Loader, small: Small) -> None:
    tabular, listed = small()
    listed.write_text(listed.read_text() + "A002\n")
    with pytest.raises(Refused, match=r"does not belong to .*: 1 of its codes .*\(A002, \.\.\.\)"):
        loader.load([tabular, listed])
