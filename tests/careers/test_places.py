"""Where a ZIP is."""

import asyncio
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from careers_world import Person, World

from ahead.careers.board.places import Places, miles_between, read_gazetteer, state_of
from ahead.shared.errors import BadInput
from ahead.shared.testing.plugin import missing

People = Callable[..., Person]
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


# Invented figures in the layouts of the gazetteer of 2024 and of 2025: blanks that fill up the last name and value, a
# blank where a minus might be, zeros that lead, the areas in square meters and miles.
PLACES = (
    ("02108", 351_423, 0, 0.136, 0.0, 42.357768, -71.064858),
    ("02139", 4_011_733, 166_218, 1.549, 0.064, 42.364061, -71.104377),
    ("03060", 31_415_926, 271_828, 12.13, 0.105, 42.750303, -71.464611),
    ("00601", 166_836_394, 799_292, 64.416, 0.309, 18.180555, -66.749961),
)


def gazetteer(year: int, end: str) -> str:
    names = ["GEOID", "ALAND", "AWATER", "ALAND_SQMI", "AWATER_SQMI", "INTPTLAT", "INTPTLONG"]
    rows = [[code, *map(str, areas), f" {lat}", f"{lon}"] for code, *areas, lat, lon in PLACES]
    if year == 2025:
        names.insert(1, "GEOIDFQ")
        for row in rows:
            row.insert(1, f"860Z200US{row[0]}")
    between = "|" if year == 2025 else "\t"
    filled = " " * (0 if year == 2025 else 100)
    return "".join(between.join(row) + filled + end for row in (names, *rows))


@pytest.mark.parametrize("year", [2024, 2025])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_layouts_that_are_published_are_read(tmp_path: Path, year: int, end: str, mark: str) -> None:
    file = tmp_path / f"{year}_Gaz_zcta_national.txt"
    file.write_bytes((mark + gazetteer(year, end)).encode())
    assert list(read_gazetteer(file)) == [(row[0], row[-2], row[-1]) for row in PLACES]


@pytest.mark.parametrize("year", [2024, 2025])
async def test_jobs_are_looked_for_by_distance_once_an_operator_has_loaded_it(
    world: World, person: People, tmp_path: Path, year: int
) -> None:
    company = await world.company()
    for title, zip_code, city, state in (
        ("Boston Coder", "02108", "Boston", "MA"), ("Cambridge Coder", "02139", "Cambridge", "MA"),
        ("Nashua Coder", "03060", "Nashua", "NH"), ("Adjuntas Coder", "00601", "Adjuntas", "PR"),
        ("Worcester Coder", "01608", "Worcester", "MA"),
    ):  # fmt: skip
        await world.job(
            company, title=title, zip=zip_code, city=city, state=state, workplace="on-site", states=()
        )
    guest = person()

    async def found(query: str) -> set[str]:
        page = (await guest.get(f"/careers?{query}")).text
        return {
            city
            for city in ("Boston", "Cambridge", "Nashua", "Adjuntas", "Worcester")
            if f"{city} Coder" in page
        }

    assert await found("near=02108&miles=10") == {"Boston", "Cambridge", "Worcester"}, (
        "by state, and it says so"
    )
    assert "can be done in Massachusetts" in (await guest.get("/careers?near=02108&miles=10")).text
    file = tmp_path / f"{year}_Gaz_zcta_national.txt"
    file.write_text(gazetteer(year, "\r\n"))
    command = f"from ahead.careers.cli import app; app(['zips', {str(file)!r}])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", command, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    assert (process.returncode, told.decode().strip()) == (0, "4 ZIPs are held.")
    assert await found("near=02108&miles=10") == {"Boston", "Cambridge"}
    assert await found("near=02108&miles=50") == {"Boston", "Cambridge", "Nashua"}
    assert await found("near=00601&miles=100") == {"Adjuntas"}


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
