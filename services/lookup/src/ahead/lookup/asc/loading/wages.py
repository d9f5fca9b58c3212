"""Reads the wage indices of a calendar year: tab- or comma-separated, one heading."""

import csv
import re
from dataclasses import dataclass

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

_HEAD = re.compile(r'^(?:\ufeff)?"?CBSA"?([\t,])"?CBSA Name"?\1"?WI([0-9]{2})"?$')
_INDEX = re.compile(r"[0-3](\.[0-9]{1,6})?")
_ENCODINGS = ("utf-8-sig", "cp1252", "cp437")
"""Tried in this order: the files of 2025 and 2026 are in the code page of old PCs (\\x81 is ü), in which every
byte is a character, and which is told from Windows' own by bytes that this one doesn't have."""
_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True)
class Area:
    """A line. `area` is a state (two digits) or a core-based statistical area (five)."""

    line: int
    area: str
    name: str
    wage_index: str | None


def year_of(head: bytes) -> int | None:
    """The calendar year of a wage index file, by its heading; None for any other file."""
    match = _HEAD.match(head.split(b"\n", 1)[0].decode("latin-1").rstrip("\r").removeprefix("ï»¿"))
    return None if match is None else 2000 + int(match[2])


def read(file: InputFile) -> list[Area]:
    """All areas, in the order of the file; a key may stand several times.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    lines = _text(file).splitlines()
    head = _HEAD.match(lines[0]) if lines else None
    if head is None:
        raise Refused(file.name, "its heading is not CBSA, CBSA Name, WI and the year", line=1)
    found: list[Area] = []
    for number, line in enumerate(lines[1:], 2):
        try:
            cells = next(csv.reader([line], delimiter=head[1], strict=True), [])
        except csv.Error as error:
            raise Refused(file.name, f"can't be read: {error}", line=number) from None
        if len(cells) != 3:
            raise Refused(file.name, f"has {len(cells)} cells where 3 are meant", line=number)
        area, name, index = (cell.strip() for cell in cells)
        if not re.fullmatch(r"[0-9]{2}|[0-9]{5}", area) or not name or name[0] in "=+-@":
            raise Refused(file.name, f"{area[:20]!r}, {name[:40]!r} is no area", line=number)
        if index and not _INDEX.fullmatch(index):
            raise Refused(file.name, f"{index[:40]!r} is not a wage index", line=number)
        found.append(Area(number, area, name, index or None))
    if not found:
        raise Refused(file.name, "has no area below its heading")
    return found


def _text(file: InputFile) -> str:
    data = file.content(_LIMIT)
    if b"\0" in data:
        raise Refused(file.name, "is not text: it has a zero byte")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(file.name, "is in no encoding known here")
