"""Where a ZIP is."""

import os
import zipfile
from pathlib import Path

import pytest
from careers_world import World

from ahead.careers.board.places import Places, miles_between, read_gazetteer, state_of
from ahead.shared.errors import BadInput
from ahead.shared.testing.plugin import missing

MADE_UP = "GEOID\tALAND\tINTPTLAT\tINTPTLONG                    \n43215\t1\t39.97\t-83.00   \n43054\t1\t40.08\t-82.80\n"


def test_a_degree_of_latitude_is_69_miles() -> None:
    assert miles_between((40, -80), (41, -80)) == pytest.approx(69.1, abs=0.1)
    assert miles_between((40, -80), (40, -80)) == 0
    # New York to Los Angeles, by the coordinates of their city halls.
    assert miles_between((40.7128, -74.006), (34.0537, -118.2428)) == pytest.approx(2446, abs=5)


async def test_a_gazetteer_is_loaded_whole_or_not_at_all(world: World, tmp_path: Path) -> None:
    places = Places(world.database)
    assert await places.within("43215", 25) is None
    file = tmp_path / "zcta.txt"
    file.write_text(MADE_UP)
    assert await places.load(file) == 2
    assert set(await places.within("43215", 25) or ()) == {"43215", "43054"}
    assert await places.within("43215", 10) == ("43215",)
    packed = tmp_path / "zcta.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("zcta.txt", MADE_UP.replace("\t", "|"))
    assert await places.load(packed) == 2
    for wrong in (
        "",
        "a,b\n1,2\n",
        MADE_UP + "x\t1\t2\t3\n",
        MADE_UP + "12345\t1\tnorth\t3\n",
        "GEOID\tINTPTLAT\tINTPTLONG\n",
    ):
        file.write_text(wrong)
        with pytest.raises(BadInput):
            await places.load(file)
    assert set(await places.within("43215", 25) or ()) == {"43215", "43054"}, "what was held stays"
    assert next(iter(read_gazetteer(packed))) == ("43215", 39.97, -83.0)


def test_the_state_of_a_zip_is_the_one_that_medicare_prices_it_by() -> None:
    """Against every ZIP of the payment localities: the first three digits say the state, but for border towns."""
    folder = (
        Path(os.environ.get("AHEAD_OFFICIAL_DATA") or Path(__file__).parents[3] / "shared" / "data") / "pfs"
    )
    files = sorted(folder.glob("*zip*")) if folder.exists() else []
    rows: list[tuple[str, str]] = []
    for path in files:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.lower().startswith("zip5") and name.endswith(".txt"):
                    rows += [
                        (line[2:7], line[:2]) for line in archive.read(name).decode("latin-1").splitlines()
                    ]
    if not rows:
        missing("no file of ZIPs among the official files")
    # Medicare's carriers divide two states.
    carriers = {"EM": "MO", "WM": "MO", "WK": "KS"}
    known = [(code, carriers.get(state, state)) for code, state in rows if state_of(code)]
    assert len(known) > 40_000
    wrong = [row for row in known if state_of(row[0]) != row[1]]
    assert len(wrong) / len(known) < 0.01, wrong[:20]
