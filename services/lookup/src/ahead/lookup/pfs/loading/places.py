"""Where: geographic indices, counties of localities, anesthesia factors by locality, ZIP codes."""

import re
from collections.abc import Iterator
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from . import cells
from .cells import BadCell

_GPCI_HEADER = (
    r"MEDICARE ADMINISTRATIVE CONTRACTOR.*",
    r"STATE",
    r"LOCALITY NUMBER",
    r"LOCALITY NAME",
    r".*PW GPCI.*",
    r".*PE GPCI.*",
    r".*MP GPCI.*",
)
_LOCALITY_HEADER = (
    r"MEDICARE ADMINI?STRATIVE CONTRACTOR",
    r"LOCALITY NUMBER",
    r"STATE",
    r"FEE SCHEDULE AREA",
    r"COUNTIES",
)
_ANESTHESIA_HEADER = (
    r"CONTRACTOR",
    r"LOCALITY",
    r"LOCALITY NAME",
    r".*ANES.* CF OF +([0-9]{1,3}\.[0-9]{2,4})",
)
_HEADER_ROWS = 8
_STATE = re.compile(r"[A-Z]{2}")
_ZIP_LINE = re.compile(
    r"(?P<state>[A-Z]{2})(?P<zip>[0-9]{5})(?P<contractor>[0-9]{5})(?P<locality>[0-9]{2})(?P<rural>[ RB])"
    r"(?P<laboratory>Z[0-9]| {2})(?P<rural2>[ RB]) {2}(?P<plus_four>[01]) ."
    r" {52}(?P<quarter>20[0-9]{2}[1-4])"
)
# The last four digits follow the flag that says whether there are any.
_ZIP9_LINE = re.compile(
    r"(?P<state>[A-Z]{2})(?P<zip>[0-9]{5})(?P<contractor>[0-9]{5})(?P<locality>[0-9]{2})(?P<rural>[ RB])"
    r"[ 0-9A-Z]{5}(?:1(?P<four>[0-9]{4})|0 {4}) {6}. {43}(?P<quarter>20[0-9]{2}[1-4])"
)


def heads(file_header: tuple[str, ...], row: list[str]) -> re.Match[str] | None:
    """Whether a row is that header; the match of its last column."""
    last: re.Match[str] | None = None
    if len(row) < len(file_header) or any(row[len(file_header) :]):
        return None
    for pattern, cell in zip(file_header, row, strict=False):
        last = re.fullmatch(pattern, " ".join(cell.upper().split()))
        if last is None:
            return None
    return last


def zip9_quarter(line: str) -> tuple[int, int] | None:
    """Year and quarter of a line of ZIP+4 codes; None if it isn't one."""
    match = _ZIP9_LINE.fullmatch(line.rstrip("\r\n"))
    return (int(match["quarter"][:4]), int(match["quarter"][4])) if match else None


def is_gpci(row: list[str]) -> bool:
    return heads(_GPCI_HEADER, row) is not None


def is_locality(row: list[str]) -> bool:
    return heads(_LOCALITY_HEADER, row) is not None


def is_anesthesia(row: list[str]) -> bool:
    return heads(_ANESTHESIA_HEADER, row) is not None


def zip_quarter(line: str) -> tuple[int, int] | None:
    """Year and quarter of a line of ZIP codes; None if it isn't one."""
    match = _ZIP_LINE.fullmatch(line.rstrip("\r\n"))
    return (int(match["quarter"][:4]), int(match["quarter"][4])) if match else None


def _below(file: InputFile, header: tuple[str, ...]) -> Iterator[tuple[int, list[str], re.Match[str] | None]]:
    """Rows from the header on; the match is given with the header only."""
    found = False
    for number, row in cells.rows_of(file):
        if not found:
            match = heads(header, row)
            if match is not None:
                found = True
                yield number, row, match
            elif number > _HEADER_ROWS:
                raise Refused(file.name, "has no row of column names in its first lines", line=number)
        else:
            yield number, row, None
    if not found:
        raise Refused(file.name, "has no row of column names")


def gpcis(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """The columns of the table after `release_id`; notes stand below the localities."""
    cells.must_end(file)
    seen: set[tuple[str, str]] = set()
    notes = False
    for number, row, header in _below(file, _GPCI_HEADER):
        if header is not None or not any(row):
            continue
        try:
            if not any(row[1:]):  # a sentence
                cells.words(row[0].lstrip("*"), "a note")
                notes = True
                continue
            if notes or len(row) < 7:
                raise BadCell("stands below the notes, or has too few cells")
            if not _STATE.fullmatch(row[1]):
                raise BadCell(f"{row[1][:40]!r} is not a state")
            key = (cells.padded(row[0], 5, "a contractor"), cells.padded(row[2], 2, "a locality"))
            if key in seen:
                raise BadCell(f"has locality {' '.join(key)} a second time")
            seen.add(key)
            name = cells.words(row[3], "a name")
            work, pe, mp = (cells.index(cell, "an index") for cell in row[4:7])
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
        yield (*key, row[1], name, work, pe, mp, number)
    if not seen:
        raise Refused(file.name, "has no locality")


def localities(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """The columns of the table after `release_id`. The state stands in the first row of its group only, and the
    numbers lost their leading zeros."""
    cells.must_end(file)
    state, count = "", 0
    for number, row, header in _below(file, _LOCALITY_HEADER):
        if header is not None or not any(row):
            continue
        try:
            if not any(row[1:]):
                cells.words(row[0].lstrip("* "), "a note")
                continue
            if len(row) < 5:
                raise BadCell("has too few cells")
            state = cells.words(row[2], "a state") if row[2] else state
            if not state:
                raise BadCell("has no state, and no row above it has one")
            contractor, locality = (
                cells.padded(row[0], 5, "a contractor"),
                cells.padded(row[1], 2, "a locality"),
            )
            area, counties = cells.words(row[3], "an area"), cells.words(row[4], "a list of counties")
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
        count += 1
        yield number, contractor, locality, state, area, counties
    if not count:
        raise Refused(file.name, "has no locality")


def anesthesia(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """The columns of the table after `release_id`; first the national factor, which stands in the header."""
    seen: set[tuple[str, str]] = set()
    for number, row, header in _below(file, _ANESTHESIA_HEADER):
        if header is not None:
            yield "", "", "National", header[1], number
            continue
        if not any(row):
            continue
        try:
            if len(row) < 4:
                raise BadCell("has too few cells")
            key = (cells.padded(row[0], 5, "a contractor"), cells.padded(row[1], 2, "a locality"))
            if key in seen:
                raise BadCell(f"has locality {' '.join(key)} a second time")
            seen.add(key)
            name, factor = cells.words(row[2], "a name"), cells.number(row[3], "a conversion factor", 2)
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
        yield (*key, name, factor, number)
    if not seen:
        raise Refused(file.name, "has no locality")


def zips(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """The columns of the table after `release_id`, from lines of 80 characters."""
    for number, match in _zip_lines(file, _ZIP_LINE, "ZIP5lyout.txt"):
        yield (
            match["zip"], match["state"], match["contractor"], match["locality"], int(match["plus_four"]),
            match["rural"].strip(), number,
        )  # fmt: skip


def zip9s(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """The columns of the table after `release_id`, from lines of 80 characters."""
    for number, match in _zip_lines(file, _ZIP9_LINE, "ZIP9lyout.txt"):
        yield (
            match["zip"], match["four"] or "", match["state"], match["contractor"], match["locality"],
            match["rural"].strip(), number,
        )  # fmt: skip


def _zip_lines(
    file: InputFile, layout: re.Pattern[str], described: str
) -> Iterator[tuple[int, re.Match[str]]]:
    seen: set[str] = set()
    quarter = ""
    for number, line in file.lines():
        if not line.strip():
            continue
        match = layout.fullmatch(line)
        if match is None:
            raise Refused(
                file.name, f"is not a line of 80 characters as {described} describes it", line=number
            )
        key = match["zip"] + (match.groupdict().get("four") or "")
        if key in seen:
            raise Refused(file.name, f"has {key} a second time", line=number)
        if quarter not in ("", match["quarter"]):
            raise Refused(
                file.name, f"is of another quarter than the lines before: {match['quarter']}", line=number
            )
        seen.add(key)
        quarter = match["quarter"]
        yield number, match
    if not seen:
        raise Refused(file.name, "has no ZIP code")
