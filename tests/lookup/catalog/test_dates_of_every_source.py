"""Rule 8 over every source that is loaded: whatever releases are held, each day has one answer, the days are cut up
without a gap and without an overlap, and the first and the last day of a window are the window's own.

The releases are rows of the service's own table, asked for through the door that every feature reads by.
"""

import asyncio
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, insert

from ahead.lookup.catalog.editions import choose_list
from ahead.lookup.catalog.loading.calendar import icd10cm_window
from ahead.lookup.catalog.loading.icd10cm_groups import group
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.package import package_files
from ahead.lookup.catalog.loading.recognise import recognise
from ahead.lookup.catalog.loading.registry import claims, source_names, sources
from ahead.lookup.catalog.models import RELEASES
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.schemas import Edition
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import MIGRATIONS
from ahead.shared.db import migrations
from ahead.shared.db.engine import Database

Window = tuple[date, date | None]
FIRST, DAYS = date(2025, 1, 1), 150
ONE_DAY = timedelta(days=1)
SOURCES = tuple(source_names())
LISTS = ("icd10cm-poa", "icd10cm-conversion")
"""Go with ICD-10-CM and are asked for by their kind."""


class Held(NamedTuple):
    system: str
    kind: str
    window: Window


class Desk:
    """A database whose releases are exchanged, and the reader of every source over it."""

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite+aiosqlite:///{folder}/lookup.db"
        migrations.upgrade(self._url, MIGRATIONS)
        self._writer = create_engine(f"sqlite:///{folder}/lookup.db")
        self._folder = folder
        self._runner = asyncio.Runner()
        self._database = Database(self._url)
        self._catalog = Catalog(self._database, folder)
        self._reader = SourceReader(self._catalog, CatalogRepository(self._database, folder), source_names())

    def hold(self, releases: Iterable[Held]) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        rows = [
            {
                "system": one.system, "kind": one.kind, "edition": f"made up {number}", "source": "made up",
                "files": "[]", "sha256": f"{number:064}", "loader": "made-up/1", "window_from": one.window[0],
                "window_to": one.window[1], "window_origin": "option", "status": "published", "started_at": now,
                "loaded_at": now + timedelta(minutes=number),
            }
            for number, one in enumerate(releases)
        ]  # fmt: skip
        with self._writer.begin() as connection:
            connection.execute(delete(RELEASES))
            if rows:
                connection.execute(insert(RELEASES), rows)
        self._catalog.forget_releases()

    def answers(self, system: str, days: Sequence[date], kind: str = "") -> list[Edition]:
        async def ask() -> list[Edition]:
            if kind:
                held = await self._catalog.releases(system)
                return [choose_list(kind, held, day) for day in days]
            return [await self._reader.edition(system, day) for day in days]

        return self._runner.run(ask())

    def close(self) -> None:
        self._runner.run(self._reader.close())
        self._runner.run(self._catalog.close())
        self._runner.run(self._database.close())
        self._runner.close()
        self._writer.dispose()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("dates"))
    yield made
    made.close()


def covers(window: Window, day: date) -> bool:
    return window[0] <= day and (window[1] is None or day <= window[1])


def expected(windows: Sequence[Window], day: date) -> str:
    """Rule 8 in other words than the product's: by what lies on each side of the day."""
    if not windows:
        return "nothing_loaded"
    if any(covers(window, day) for window in windows):
        return "held"
    behind = [window for window in windows if window[0] < day]
    ahead = [window for window in windows if window[0] > day]
    return "gap" if behind and ahead else "after_newest" if behind else "before_first"


def judge(edition: Edition, windows: Sequence[Window], day: date, name: str) -> None:
    wanted = expected(windows, day)
    assert (edition.status, edition.as_of) == (wanted, day)
    assert edition.marked == (wanted == "after_newest")
    release = edition.release
    if wanted == "held":
        assert release is not None
        assert covers((release.window_from, release.window_to), day)
        assert edition.message == ""
    elif wanted == "after_newest":
        assert release is not None
        # The newest: nothing that is held ends later.
        end = max(window[1] for window in windows if window[1] is not None)
        assert release.window_to == end
        assert end.isoformat() in edition.message
    else:
        assert release is None
        assert edition.message
        if wanted == "nothing_loaded":
            assert name in edition.message


def edges(windows: Iterable[Window]) -> set[date]:
    found: set[date] = set()
    for start, end in windows:
        found |= {start - ONE_DAY, start}
        found |= {end, end + ONE_DAY} if end is not None else set()
    return found


@st.composite
def held_windows(draw: st.DrawFn) -> list[Window]:
    """Windows of a source: some follow each other to the day, some overlap, some leave a gap, some never end."""
    windows: list[Window] = []
    start = draw(st.integers(0, 40))
    for _ in range(draw(st.integers(0, 4))):
        length = draw(st.integers(0, 40))
        first = FIRST + timedelta(days=start)
        last = None if draw(st.integers(0, 7)) == 0 else first + timedelta(days=length)
        windows.append((first, last))
        start = max(0, start + length + 1 + draw(st.sampled_from((0, 0, 1, 17, -9))))
    return draw(st.permutations(windows))


CASES = st.lists(held_windows(), min_size=len(SOURCES), max_size=len(SOURCES))


def test_every_source_of_the_registry_is_asked() -> None:
    assert {key for source in sources() for key in source.names} <= set(SOURCES)
    assert len(SOURCES) > 40


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(held=CASES, lists=st.lists(held_windows(), min_size=2, max_size=2))
def test_every_day_of_every_source_has_one_answer(
    desk: Desk, held: list[list[Window]], lists: list[list[Window]]
) -> None:
    everything = dict(zip(SOURCES, held, strict=True))
    desk.hold(
        [
            *(Held(system, system, window) for system, windows in everything.items() for window in windows),
            *(
                Held("icd10cm", kind, one)
                for kind, windows in zip(LISTS, lists, strict=True)
                for one in windows
            ),
        ]
    )
    asked = [(system, "", windows) for system, windows in everything.items()]
    asked += [("icd10cm", kind, windows) for kind, windows in zip(LISTS, lists, strict=True)]
    for system, kind, windows in asked:
        days = sorted({FIRST + timedelta(days=7 * n) for n in range(DAYS // 7)} | edges(windows))
        for day, edition in zip(days, desk.answers(system, days, kind), strict=True):
            judge(edition, windows, day, source_names()[system] if not kind else "edition")


@settings(max_examples=30, deadline=None)
@given(system=st.sampled_from(SOURCES), windows=held_windows())
def test_the_days_are_cut_up_whole_and_only_at_the_edges_of_windows(
    desk: Desk, system: str, windows: list[Window]
) -> None:
    desk.hold(Held(system, system, window) for window in windows)
    days = [FIRST + timedelta(days=n) for n in range(-2, 2 * DAYS)]
    answers = desk.answers(system, days)
    cuts = edges(windows)
    for before, day, edition in zip(answers, days[1:], answers[1:], strict=False):
        judge(edition, windows, day, source_names()[system])
        if (before.status, before.release) != (edition.status, edition.release):
            # The answer changes on the first day of a window, or on the day after its last.
            assert day in cuts
            assert {day - ONE_DAY, day} <= cuts


# The windows of the official files.

REAL = {
    "add-on": ["2024-07-01 2024-09-30"],
    "asc": ["2025-01-01 2025-03-31", "2025-04-01 2025-06-30", "2025-07-01 2025-09-30",
            "2025-10-01 2025-12-31", "2026-01-01 2026-03-31", "2026-04-01 2026-06-30"],
    "asc-wage-index": ["2025-01-01 2025-12-31", "2026-01-01 2026-12-31"],
    "clfs": ["2026-04-01 2026-06-30"],
    "cpt": ["2025-10-01 2025-12-31"],
    "gem-icd10cm": ["2017-10-01 2018-09-30"],
    "gem-icd9cm": ["2017-10-01 2018-09-30"],
    "hcpcs": ["2020-10-01 2020-12-31", "2024-07-01 2024-09-30"],
    "icd10cm": ["2020-10-01 2021-09-30", "2025-04-01 2025-09-30", "2025-10-01 2026-09-30",
                "2026-10-01 2027-09-30"],
    "icd10pcs": ["2025-10-01 2026-09-30"],
    "icd9cm": ["2014-10-01 2015-09-30"],
    "ipps-6k": ["2025-10-01 2026-09-30"],
    "mce": ["2019-10-01 2020-09-30"],
    "msdrg": ["2022-10-01 2023-09-30", "2025-10-01 2026-09-30"],
    "mue-dme": ["2024-07-01 2024-09-30"],
    "mue-hospital": ["2024-07-01 2024-09-30"],
    "mue-practitioner": ["2024-07-01 2024-09-30"],
    "pfs": ["2025-10-01 2025-12-31"],
    "pfs-gpci": ["2025-01-01 2025-12-31"],
    "ptp-hospital": ["2024-07-01 2024-09-30"],
    "ptp-practitioner": ["2024-07-01 2024-09-30"],
}  # fmt: skip
"""By the files' own words and the README that comes with them; the tabular list of the package shares the window of
the official list of its year."""


@pytest.fixture(scope="module")
def real_releases() -> list[Held]:
    """What the official files say their windows are: claimed as a load claims them, nothing is loaded."""
    here = Path(__file__).parents[4] / "shared" / "data"
    folder = Path(os.environ.get("AHEAD_OFFICIAL_DATA") or here)
    if not folder.is_dir():
        if os.environ.get("AHEAD_REQUIRE_DATA") == "1":
            pytest.fail(f"the official files are not there (AHEAD_OFFICIAL_DATA): {folder}")
        pytest.skip("the official files are not on this machine (AHEAD_OFFICIAL_DATA)")
    names = ("icd10cm-2025", "icd10cm-2026", "icd10cm-2027", "icd10cm-tabular", "icd10cm-conversion", "poa-")
    own = [path for path in sorted((folder / "icd10cm").iterdir()) if path.name.startswith(names)]
    others = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "README.md" and path not in own
    ]
    found = [Held(work.system, work.kind, (work.window_from, work.window_to)) for work in claims(others)]
    files = [one for path in own for one in recognise([path])] + recognise(package_files())
    for one in group(files, Options()):
        kind = {"poa": LISTS[0], "conversion": LISTS[1], "tabular": "icd10cm-tabular"}.get(
            one.kind, "icd10cm-order"
        )
        if one.window is not None:
            window = (one.window.start, one.window.end)
        else:
            # A tabular list says its year in its text, too, which only a load reads.
            _, *window = icd10cm_window("", one.sources[0].name)
        found.append(Held("icd10cm", kind, (window[0], window[1])))
    return found


def test_the_official_files_answer_on_their_own_days_only(desk: Desk, real_releases: list[Held]) -> None:
    desk.hold(real_releases)
    named: dict[str, list[Window]] = {}
    for one in real_releases:
        if one.kind not in LISTS:
            named.setdefault(one.system, []).append(one.window)
    for system, windows in named.items():
        days = sorted(edges(windows) | {date(2010, 1, 1), date(2030, 1, 1)})
        for day, edition in zip(days, desk.answers(system, days), strict=True):
            judge(edition, windows, day, source_names()[system])
    for system, windows in REAL.items():
        printed = sorted({f"{start} {end}" for start, end in named[system]})
        assert printed == windows, system


@pytest.mark.parametrize(
    ("system", "day", "status"),
    [
        ("ptp-practitioner", "2024-06-30", "before_first"),
        ("ptp-practitioner", "2024-07-01", "held"),
        ("ptp-practitioner", "2024-09-30", "held"),
        ("ptp-practitioner", "2024-10-01", "after_newest"),
        ("icd10cm", "2021-09-30", "held"),
        ("icd10cm", "2021-10-01", "gap"),
        ("icd10cm", "2025-03-31", "gap"),
        ("icd10cm", "2025-04-01", "held"),
        ("icd10cm", "2025-09-30", "held"),
        ("icd10cm", "2027-09-30", "held"),
        ("icd10cm", "2027-10-01", "after_newest"),
        ("hcpcs", "2021-01-01", "gap"),
        ("hcpcs", "2024-06-30", "gap"),
        ("msdrg", "2023-10-01", "gap"),
        ("asc", "2026-06-30", "held"),
        ("asc", "2026-07-01", "after_newest"),
        ("mcd-ncd", "2026-01-01", "nothing_loaded"),
    ],
)
def test_days_of_the_official_files(
    desk: Desk, real_releases: list[Held], system: str, day: str, status: str
) -> None:
    desk.hold(real_releases)
    (edition,) = desk.answers(system, [date.fromisoformat(day)])
    assert edition.status == status
