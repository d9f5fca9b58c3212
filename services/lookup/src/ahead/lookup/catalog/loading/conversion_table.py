"""Reads the ICD-10-CM conversion table (xlsx): each new code, when it came, and what was assigned before.

The effective date is a year (October 1 of it) or a date. Several previous codes are joined by "and" (both were
needed together) or by commas or a semicolon (any of them); some are ranges. The same code may stand in several rows.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from .files import InputFile
from .icd10cm_lists import CODE
from .recognise import Source
from .refusal import Refused
from .workbook import check_parts, first_sheet

_WORDS = re.compile(r"\b(?:and|a|codes?|from|in|category|categories)\b", re.IGNORECASE)
_RANGE = re.compile(r"([0-9A-Z]+(?:\.[0-9A-Z]+)?)(\.?-([0-9A-Z]+(?:\.[0-9A-Z]+)?)?)?")
_HEADER = "current code assignment"


@dataclass(frozen=True, slots=True)
class Conversion:
    """`row` is the sheet's, from 1; `previous` has (first, last) of each code or range; `printed` is the cell of
    previous codes as it stands."""

    code: str
    effective: date
    previous: tuple[tuple[str, str], ...]
    printed: str
    row: int


def read(source: Source) -> list[Conversion]:
    """
    Raises:
        Refused: the workbook can't be read, or a row has another form.
    """
    file = InputFile(source.path, source.member)
    check_parts(file)
    rows: list[Conversion] = []
    headed = False
    for number, cells in first_sheet(file):
        values = [_text(cell) for cell in cells[:3]] + [""] * (3 - len(cells))
        if not any(values):
            continue
        if not headed:
            headed = values[0].lower() == _HEADER
            if number > 20:
                break
            continue
        rows.append(_row(source, number, values, cells[1] if len(cells) > 1 else None))
    if not headed:
        raise Refused(source.name, "has no row that begins with 'Current code assignment'")
    if not rows:
        raise Refused(source.name, "is empty")
    return rows


def _row(source: Source, number: int, values: list[str], effective: object) -> Conversion:
    code = _code(source, number, values[0])
    previous = _previous(source, number, values[2])
    if isinstance(effective, datetime):
        day = effective.date()
    elif re.fullmatch(r"20[0-9]{2}", values[1]):
        day = date(int(values[1]), 10, 1)
    else:
        raise Refused(source.name, f"{values[1][:20]!r} is no effective year or date", line=number)
    return Conversion(code, day, previous, " ".join(values[2].split()), number)


def _previous(source: Source, number: int, printed: str) -> tuple[tuple[str, str], ...]:
    """(first, last) of each code or range; "R11-" and "I63.-" mean everything below. Empty for "None"."""
    if printed.lower() == "none":
        return ()
    found: dict[str, str] = {}
    for token in re.split(r"[,;&\s]+", _WORDS.sub(" ", printed)):
        if not token:
            continue
        match = _RANGE.fullmatch(token)
        if match is None:
            raise Refused(source.name, f"{token[:20]!r} is not a code of ICD-10-CM", line=number)
        first = _code(source, number, match[1])
        last = _code(source, number, match[3]) if match[3] else first
        # The end of a range takes in what is below it.
        found[first] = last.ljust(7, "Z") if match[2] else last
    if not found:
        raise Refused(source.name, "has no previous code", line=number)
    return tuple(found.items())


def _code(source: Source, number: int, printed: str) -> str:
    code = printed.replace(".", "", 1)
    if not CODE.fullmatch(code):
        raise Refused(source.name, f"{printed[:20]!r} is not a code of ICD-10-CM", line=number)
    return code


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
