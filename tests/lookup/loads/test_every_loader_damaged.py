"""Every official file damaged in every way: it is refused or read, never half held, and what was held stays.

The files are made small first, so that hundreds can be tried; a table of four hundred lines passes the same readers.
Each trial has a seed of its own: the short form tries a few of all, `--long` every damage of every file three times,
of what can't be made small once.
"""

import hashlib
import os
import random
import sqlite3
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ahead.lookup.catalog.loading import files as reading
from ahead.lookup.catalog.loading.icd10cm_release import Options, Statement
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations

sys.path.insert(0, str(Path(__file__).parent))
import damaging

SENTINEL = "reference/place_of_service_codes_2024.csv"
SEED = 20261130
TOO_MUCH = 20 << 20
SLOW = (
    "icd10cm-index-2017.zip",
    "icd10cm-guidelines-2026.pdf",
    "icd10pcs-xml-2021.zip",
    "icd10cm-tabular-2021.zip",
)
"""Books that can't be made small: left to `--long`."""
ALWAYS_REFUSED = {"cut off": (".zip", ".gz", ".xlsx", ".xml", ".pdf"), "a way out": ("",)}
"""Damages that nobody can read over, by the endings of the files."""
LICENCE = Options(licence=Statement("made up for a test", "a test"))
DATED = {"OPPSCAP_Oct.csv": Options(window_from=date(2025, 10, 1), window_to=date(2025, 12, 31))}
"""What doesn't say its year by itself."""
NEEDS_OTHERS = {"icd10cm-2027.zip"}
"""Has no headers: they carry over from an edition that is held."""


@pytest.fixture(scope="module")
def official() -> Path:
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here)
    if not (folder / SENTINEL).is_file():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    return folder


@dataclass
class Bench:
    """A database in which one release is held, and the folder where damaged files are put."""

    folder: Path
    url: str
    releases: Path
    held: str

    def load(self, content: damaging.Packed | bytes, name: str, number: int) -> str:
        """What came of it: "loaded", "refused", or "some of it": other releases of the same archive than the damaged
        one. Anything but Refused goes through."""
        place = self.folder / f"{number}"
        place.mkdir()
        if isinstance(content, bytes):
            path = place / name
            path.write_bytes(content)
        else:
            path = content.write(place)
        refused: list[Refused] = []
        try:
            loader = CatalogLoader(self.url, self.releases)
            outcome = loader.load([path], DATED.get(name, LICENCE), refuse=refused.append)
        except Refused as problem:
            return "refused" if str(problem) else "refused without a word"
        finally:
            path.unlink()
            place.rmdir()
        assert all(str(one) for one in refused)
        return ("some of it" if refused else "loaded") if outcome.loaded else "refused"

    def check(self) -> None:
        """Nothing is half held: every release is published with its file, its rows and no other file beside it."""
        database = sqlite3.connect(self.url.partition("///")[2])
        rows = database.execute("SELECT id, system, status, sha256, rows FROM releases").fetchall()
        database.close()
        assert {status for _, _, status, *_ in rows} == {"published"}, rows
        files = {f"{key}-{sha[:12]}.db" for key, _, _, sha, _ in rows}
        assert {path.name for path in self.releases.glob("*.db")} == files
        assert not [p for p in self.releases.iterdir() if p.suffix not in (".db", ".lock")]
        assert all(count > 0 for *_, count in rows), rows
        assert self.digest() == self.held

    def digest(self) -> str:
        (path,) = self.releases.glob("1-*.db")
        return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def bench(official: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("damaged")
    url = f"sqlite+aiosqlite:///{folder}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "MAX_BYTES", TOO_MUCH)
        # A database for each test: what one of them loaded would be refused in the other as held already.
        made = Bench(folder, url, folder / "releases", "")
        CatalogLoader(url, made.releases).load([official / SENTINEL])
        made.held = made.digest()
        yield made


def trials(official: Path, *, long: bool) -> Iterator[tuple[Path, str, int]]:
    """File, damage, seed. In the short form each file gets one damage, and all damages come up."""
    paths = sorted(p for p in official.rglob("*") if p.is_file() and p.suffix != ".md")
    names = list(damaging.DAMAGES)
    for number, path in enumerate(paths):
        if not long:
            if path.name not in SLOW:
                yield path, names[number % len(names)], SEED + number
            continue
        for damage in names:
            for again in range(1 if path.name in (*SLOW, *damaging.WHOLE) else 3):
                yield path, damage, zlib.crc32(f"{path.name} {damage} {again}".encode())


@pytest.mark.timeout(1_800)
def test_damaged_files_are_read_whole_or_refused_and_what_is_held_stays(
    bench: Bench, official: Path, long_run: bool
) -> None:
    came: Counter[tuple[str, str]] = Counter()
    opened: dict[Path, damaging.Packed] = {}
    beside = sorted(bench.folder.parent.iterdir())
    for number, (path, damage, seed) in enumerate(trials(official, long=long_run)):
        if path not in opened:
            opened = {path: damaging.small(damaging.opened(path))}
        content = damaging.DAMAGES[damage](opened[path], random.Random(seed))
        try:
            what = bench.load(content, path.name, number)
            bench.check()
        except BaseException as error:
            error.add_note(f"{path.name}, {damage}, seed {seed}")
            raise
        came[damage, what] += 1
        if path.name.endswith(ALWAYS_REFUSED.get(damage, ())):
            assert what == "refused", (path.name, damage, seed)
    print(dict(came))
    assert {damage for damage, _ in came} == set(damaging.DAMAGES)
    # Nothing was written to where the names of members lead.
    assert sorted(bench.folder.parent.iterdir()) == beside
    assert not [path for path in opened if Path("/", path.name).exists()]


def test_the_same_files_undamaged_are_read(bench: Bench, official: Path, long_run: bool) -> None:
    """Else the test above would show nothing: what is refused there is refused for its damage."""
    paths = sorted(p for p in official.rglob("*") if p.is_file() and p.suffix != ".md" and p.name not in SLOW)
    came = {
        path.name: bench.load(damaging.small(damaging.opened(path)), path.name, 100_000 + number)
        for number, path in enumerate(paths)
        if long_run or number % 3 == 0
    }
    bench.check()
    refused = [name for name, what in came.items() if what == "refused"]
    print(f"{len(came)} files read undamaged")
    assert set(refused) <= NEEDS_OTHERS
