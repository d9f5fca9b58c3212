"""Reads the cells of HCPCS files, alike in every form they come in."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import StringIO

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

CODE = re.compile(r"[A-Z][0-9]{4}")
MODIFIER = re.compile(r"[A-Z][A-Z0-9]")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?: 00:00:00)?")
_MAX_BYTES = 32 * 1024 * 1024
"""The ANWEB text has 5.4 MB."""


class BadCell(ValueError):
    """A cell is not what its column is for."""


def text_of(file: InputFile) -> str:
    """The whole text: UTF-8, else the Windows code page in which CMS writes.

    Raises:
        Refused: too large, or neither.
    """
    data = file.content(_MAX_BYTES)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n")
    raise Refused(file.name, "is neither UTF-8 nor Windows text")


def csv_rows(file: InputFile, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """(row of the file from 1, cells) for each row below the header.

    A row is counted as a line; none of these files has line breaks in cells.

    Raises:
        Refused: the header is another, a row has more or fewer cells, or none follows.
    """
    text = text_of(file)
    if not text.endswith("\n"):
        raise Refused(file.name, "is cut off: its last line has no end")
    reader = csv.reader(StringIO(text), strict=True)
    found = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1:
                if cells != list(header):
                    raise Refused(file.name, f"its header is not {','.join(header)[:200]}", line=1)
                continue
            if reader.line_num != number:
                raise Refused(file.name, "has a line break inside a cell", line=number)
            if len(cells) != len(header):
                raise Refused(file.name, f"has {len(cells)} cells where {len(header)} are meant", line=number)
            found += 1
            yield number, cells
    except csv.Error as error:
        raise Refused(file.name, f"can't be read: {error}", line=reader.line_num) from None
    if not found:
        raise Refused(file.name, "has no line below its header")


def has_header(file: InputFile, header: Sequence[str]) -> bool:
    """Is this the csv with just that header?"""
    first = file.head.partition(b"\n")[0].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r")
    return first == ",".join(header).encode()


def day(cell: object) -> int | None:
    """A day as a number: "20240930", "2024-09-30", a date of a workbook; None for nothing or zeros."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.year * 10_000 + cell.month * 100 + cell.day
    text = printed(cell)
    if not text or not text.strip("0"):
        return None
    match = _DAY.fullmatch(text)
    if match is not None:
        year, month, day_of_month = (int(part) for part in match.groups())
        try:
            date(year, month, day_of_month)
        except ValueError:
            match = None
        else:
            if 1960 <= year <= 2100 or text.startswith("9999"):
                return None if year == 9999 else year * 10_000 + month * 100 + day_of_month
    raise BadCell(f"{text[:40]!r} is not a date")


def printed(cell: object) -> str:
    """The text of a cell, tidied at its ends. A formula is no text of a publisher's table."""
    text = "" if cell is None else str(cell).strip()
    if text.startswith("=") and not isinstance(cell, (int, float)):
        raise BadCell("a cell is a formula")
    return text


def several(cells: Sequence[object], by: str = " ") -> str:
    """Values of one kind in several columns; references to manuals have blanks inside: "2130 A"."""
    return by.join(filter(None, map(printed, cells)))


def one_of(text: str, pattern: str, what: str) -> str:
    """Raises BadCell unless the whole text matches."""
    if not re.fullmatch(pattern, text):
        raise BadCell(f"{text[:40]!r} is not {what}")
    return text


def words(text: str) -> str:
    """A description on one line, with single blanks."""
    return " ".join(text.split())
