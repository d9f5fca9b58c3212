"""Where a ZIP is: its coordinates where they are held, and always its state.

Coordinates come from the Census Bureau's gazetteer of ZIP Code tabulation areas, a public file that an operator
loads. Without it, and for a ZIP that isn't in it, the state says the distance.
"""

import csv
import io
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import delete, insert
from sqlmodel import col, select

from ahead.careers.models import ZipPlace
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput

CHUNK = 5000
MILES_A_DEGREE = 69.0
EARTH_MILES = 3958.8

# First and last three digits of the ZIPs of a state, as the Postal Service assigns them.
_PREFIXES: tuple[tuple[int, int, str], ...] = (
    (5, 5, "NY"), (6, 7, "PR"), (9, 9, "PR"), (10, 27, "MA"), (28, 29, "RI"), (30, 38, "NH"), (39, 49, "ME"),
    (50, 54, "VT"), (55, 55, "MA"), (56, 59, "VT"), (60, 69, "CT"), (70, 89, "NJ"), (100, 149, "NY"),
    (150, 196, "PA"), (197, 199, "DE"), (200, 200, "DC"), (201, 201, "VA"), (202, 205, "DC"), (206, 219, "MD"),
    (220, 246, "VA"), (247, 268, "WV"), (270, 289, "NC"), (290, 299, "SC"), (300, 319, "GA"), (320, 339, "FL"),
    (341, 349, "FL"), (350, 369, "AL"), (370, 385, "TN"), (386, 397, "MS"), (398, 399, "GA"), (400, 427, "KY"),
    (430, 459, "OH"), (460, 479, "IN"), (480, 499, "MI"), (500, 528, "IA"), (530, 549, "WI"), (550, 567, "MN"),
    (569, 569, "DC"), (570, 577, "SD"), (580, 588, "ND"), (590, 599, "MT"), (600, 629, "IL"), (630, 658, "MO"),
    (660, 679, "KS"), (680, 693, "NE"), (700, 714, "LA"), (716, 729, "AR"), (730, 732, "OK"), (733, 733, "TX"),
    (734, 749, "OK"), (750, 799, "TX"), (800, 816, "CO"), (820, 831, "WY"), (832, 838, "ID"), (840, 847, "UT"),
    (850, 865, "AZ"), (870, 884, "NM"), (885, 885, "TX"), (889, 898, "NV"), (900, 961, "CA"), (967, 968, "HI"),
    (970, 979, "OR"), (980, 994, "WA"), (995, 999, "AK"),
)  # fmt: skip


def state_of(zip_code: str) -> str:
    """The state of a ZIP by its first three digits; "" where none has them."""
    prefix = int(zip_code[:3]) if zip_code[:3].isdigit() else -1
    return next((state for first, last, state in _PREFIXES if first <= prefix <= last), "")


def miles_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the surface, between (latitude, longitude) in degrees."""
    (a, b), (c, d) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_MILES * math.asin(min(1.0, math.sqrt(h)))


class Places:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def within(self, zip_code: str, miles: int) -> tuple[str, ...] | None:
        """All ZIPs whose middle is so near; None where the coordinates of this one are not held."""
        async with self._database.read() as session:
            middle = await session.get(ZipPlace, zip_code)
            if middle is None:
                return None
            high = miles / MILES_A_DEGREE
            wide = high / max(math.cos(math.radians(middle.latitude)), 0.1)
            box = select(col(ZipPlace.zip), col(ZipPlace.latitude), col(ZipPlace.longitude)).where(
                col(ZipPlace.latitude).between(middle.latitude - high, middle.latitude + high),
                col(ZipPlace.longitude).between(middle.longitude - wide, middle.longitude + wide),
            )
            rows = (await session.execute(box)).all()
        here = (middle.latitude, middle.longitude)
        return tuple(one for one, lat, lon in rows if miles_between(here, (lat, lon)) <= miles)

    async def load(self, path: Path) -> int:
        """Replace what is held by a gazetteer file, zipped or not; returns how many ZIPs it has.

        Raises:
            BadInput: it isn't one; what was held stays.
        """
        rows = [
            {"zip": code, "latitude": latitude, "longitude": longitude}
            for code, latitude, longitude in read_gazetteer(path)
        ]
        if not rows:
            raise BadInput(f"{path.name} names no ZIP.")
        async with self._database.write() as session:
            await session.execute(delete(ZipPlace))
            for start in range(0, len(rows), CHUNK):
                await session.execute(insert(ZipPlace), rows[start : start + CHUNK])
        return len(rows)


def read_gazetteer(path: Path) -> Iterator[tuple[str, float, float]]:
    """(ZIP, latitude, longitude) of each line: tab-separated or, since 2025, with |, under a line of names.

    Raises:
        BadInput: with the line that can't be read.
    """
    lines = _text(path).splitlines()
    separator = "|" if lines and "|" in lines[0] else "\t"
    names = [name.strip() for name in lines[0].split(separator)] if lines else []
    try:
        at = [names.index(name) for name in ("GEOID", "INTPTLAT", "INTPTLONG")]
    except ValueError as error:
        raise BadInput(
            f"{path.name} is no gazetteer of ZIPs: its first line names no GEOID, INTPTLAT and INTPTLONG."
        ) from error
    for number, cells in enumerate(csv.reader(lines[1:], delimiter=separator), 2):
        if not cells:
            continue
        try:
            code, latitude, longitude = (cells[one].strip() for one in at)
            place = (code, float(latitude), float(longitude))
        except (ValueError, IndexError) as error:
            raise BadInput(f"Line {number} of {path.name} can't be read.") from error
        if len(code) != 5 or not code.isdigit() or abs(place[1]) > 90 or abs(place[2]) > 180:
            raise BadInput(f"Line {number} of {path.name} is no place of a ZIP.")
        yield place


def _text(path: Path) -> str:
    try:
        if not zipfile.is_zipfile(path):
            return path.read_text("utf-8-sig")
        with zipfile.ZipFile(path) as archive:
            name = next((one for one in archive.namelist() if one.endswith(".txt")), "")
            if not name or archive.getinfo(name).file_size > 50 << 20:
                raise BadInput(f"{path.name} holds no gazetteer.")
            return io.TextIOWrapper(archive.open(name), "utf-8-sig").read()
    except (OSError, UnicodeError, zipfile.BadZipFile) as error:
        raise BadInput(f"{path.name} can't be read: {error}") from error
