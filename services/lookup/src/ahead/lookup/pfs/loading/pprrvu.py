"""PPRRVU: relative values and payment indicators by code and modifier.

As published, column names are spread over several rows under title, copyright and release lines; the last of these
rows begins with HCPCS. In the shorter form there is one header line, and names repeat. From 2026 on a column PRIC
IND stands before the endoscopic base; it is passed over. Totals are checked against their parts, so that columns in
another order are found out.
"""

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.workbook import Sheet

from . import cells
from .cells import BadCell

ENCODING = "latin-1"
"""Descriptions are in whatever encoding and not kept; everything else is ASCII, and is checked."""
HEADER_ROWS = 15

# What the header over each column says in its rows together, in the order of the columns.
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("code", r"HCPCS"),
    ("modifier", r"MOD"),
    ("description", r"DESCRIPTION"),
    ("status", r"(STATUS )?CODE"),
    ("not_used", r"(NOT USED FOR )?(MEDICARE )?PAYMENT"),
    ("work", r"WORK RVU"),
    ("pe_nonfacility", r"NON-? ?FAC(ILITY)? PE RVU"),
    ("na_nonfacility", r"(NON-? ?FAC(ILITY)? )?NA IND(ICATOR)?"),
    ("pe_facility", r"FAC(ILITY)? PE RVU"),
    ("na_facility", r"(FAC(ILITY)? )?NA IND(ICATOR)?"),
    ("mp", r"MP RVU"),
    ("total_nonfacility", r"NON-? ?FAC(ILITY)? TOTAL"),
    ("total_facility", r"FAC(ILITY)? TOTAL"),
    ("pctc", r"(PCTC )?IND"),
    ("global_days", r"(GLOB )?DAYS"),
    ("preoperative", r"(PRE )?OP"),
    ("intraoperative", r"(INTRA )?OP"),
    ("postoperative", r"(POST )?OP"),
    ("multiple", r"(MULT )?PROC"),
    ("bilateral", r"(BILAT )?SURG"),
    ("assistant", r"(ASST )?SURG"),
    ("co_surgeons", r"(CO- ?)?SURG"),
    ("team", r"(TEAM )?SURG"),
    ("endoscopic_base", r"(ENDO )?BASE"),
    ("conversion_factor", r"(CONV )?FACTOR"),
    ("supervision", r"(.*DIAGNOSTIC )?PROCEDURES"),
    ("calculation", r"(CALCULATION )?FLAG"),
    ("imaging_family", r"(.*FAMILY )?INDICATOR"),
    ("opps_pe_nonfacility", r"((NON-? ?FAC(ILITY)? )?PE .*|PAYMENT )?AMOUNT"),
    ("opps_pe_facility", r"((FAC(ILITY)? )?PE .*|PAYMENT )?AMOUNT"),
    ("opps_mp", r"(MP .*|PAYMENT )?AMOUNT"),
)
_OPTIONAL = re.compile(r"PRIC IND")
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _COLUMNS)

_STATUSES = frozenset("ABCDEFGHIJMNPQRTX")
_GLOBAL = frozenset({"000", "010", "090", "MMM", "XXX", "YYY", "ZZZ"})
_MODIFIERS = frozenset({"", "26", "TC", "53"})
_MARKS = frozenset({"", "NA"})
_DIGIT = frozenset("0123456789")
_SUPERVISION = re.compile(r"[0-9][0-9A-Z]|")
_CHOICES = (
    ("modifier", _MODIFIERS, "26, TC, 53 or nothing"),
    ("status", _STATUSES, "a status code"),
    ("not_used", frozenset({"", "+"}), "+ or nothing"),
    ("na_nonfacility", _MARKS, "NA or nothing"),
    ("na_facility", _MARKS, "NA or nothing"),
    ("global_days", _GLOBAL, "a global period"),
)
_INDICATORS = ("pctc", "multiple", "bilateral", "assistant", "co_surgeons", "team", "calculation")
_SHARES = ("preoperative", "intraoperative", "postoperative")
_UNITS = (
    "work", "pe_nonfacility", "pe_facility", "mp", "total_nonfacility", "total_facility", *_SHARES,
    "opps_pe_nonfacility", "opps_pe_facility", "opps_mp",
)  # fmt: skip
_STORED = tuple(name for name, _ in _COLUMNS if name != "description")
_KEPT = itemgetter(*_STORED)
_NA_PLACES = tuple(_STORED.index(name) for name in ("na_nonfacility", "na_facility"))


def is_header(row: list[str]) -> bool:
    """The (last) row of the header."""
    upper = [cell.upper() for cell in row]
    return len(row) > 20 and upper[:2] == ["HCPCS", "MOD"] and any("FACTOR" in cell for cell in upper)


def rows(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """The columns of the table after `release_id`.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    places: dict[str, int] = {}
    width, take = 0, itemgetter(0)
    above: list[list[str]] = []
    seen: set[tuple[str, str]] = set()
    factors: set[str] = set()
    units = _Units()
    for number, row in cells.rows_of(file, encoding=ENCODING):
        if not places:
            if is_header(row):
                places, width = _places(file, number, [*above, row]), len(row)
                take = itemgetter(*places.values())
            elif number > HEADER_ROWS:
                raise Refused(file.name, "has no row of column names in its first lines", line=number)
            elif sum(bool(cell) for cell in row) > 3:
                above.append(row)
            continue
        if not any(row):
            continue
        if len(row) != width:
            raise Refused(file.name, f"has {len(row)} cells where {width} are meant", line=number)
        cell = dict(zip(places, take(row), strict=True))
        if isinstance(file, Sheet):
            _restore(cell)
        try:
            values = _values(cell, units)
            key = (str(values[0]), str(values[1]))
            if key in seen:
                raise BadCell(f"has {' '.join(key).strip()} a second time")
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
        seen.add(key)
        factors.add(cell["conversion_factor"])
        if len(factors) > 1:
            raise Refused(
                file.name, f"has a second conversion factor: {cell['conversion_factor']}", line=number
            )
        yield (*values, number)
    if not seen:
        raise Refused(file.name, "has no code")


def _places(file: InputFile, number: int, header: list[list[str]]) -> dict[str, int]:
    """In which column each value stands."""
    width = len(header[-1])
    over = [
        " ".join(" ".join(row[column] for row in header if column < len(row)).upper().split())
        for column in range(width)
    ]
    while over and not over[-1]:
        over.pop()
    found: dict[str, int] = {}
    wanted = list(_COMPILED)
    for column, said in enumerate(over):
        if _OPTIONAL.fullmatch(said):
            continue
        name, pattern = wanted.pop(0) if wanted else ("nothing", re.compile("(?!)"))
        if not pattern.fullmatch(said):
            raise Refused(
                file.name, f"column {column + 1} is headed {said[:60]!r} where {name} is meant", line=number
            )
        found[name] = column
    if wanted:
        raise Refused(file.name, f"has no column for {wanted[0][0]}", line=number)
    return found


_ZEROS_IN_FRONT = {"code": 5, "global_days": 3, "supervision": 2}
_ZEROS_AT_END = {**dict.fromkeys(_UNITS, 2), "conversion_factor": 4}


def _restore(cell: dict[str, str]) -> None:
    """Gives numbers of a workbook the zeros back that a spreadsheet drops: 99213 is a number there, and 1.50 is 1.5."""
    for name, width in _ZEROS_IN_FRONT.items():
        if cell[name].isdigit():
            cell[name] = cell[name].zfill(width)
    for name, decimals in _ZEROS_AT_END.items():
        whole, _, part = cell[name].partition(".")
        if whole.isdigit() and (part.isdigit() or not part):
            cell[name] = f"{whole}.{part.ljust(decimals, '0')}"


class _Units(dict[str, int]):
    """Relative value units in hundredths, by what is printed: each printed number is checked once."""

    def __missing__(self, text: str) -> int:
        self[text] = value = int(cells.number(text, "a number of relative value units", 2).replace(".", ""))
        return value


def _values(cell: dict[str, str], units: _Units) -> tuple[str | int, ...]:
    """In the order of the table; totals must agree with their parts to a hundredth."""
    cell["code"] = cells.code(cell["code"])
    for name, values, what in _CHOICES:
        if cell[name] not in values:
            raise BadCell(f"{cell[name][:40]!r} is not {what}")
    for name in _INDICATORS:
        if cell[name] not in _DIGIT:
            raise BadCell(f"{cell[name][:40]!r} is not an indicator ({name})")
    if not _SUPERVISION.fullmatch(cell["supervision"]):
        raise BadCell(f"{cell['supervision'][:40]!r} is not a level of supervision")
    try:
        said = {name: units[cell[name]] for name in _UNITS}
    except BadCell as error:
        name = next(name for name in _UNITS if cell[name] not in units)
        raise BadCell(f"{error} ({name})") from None
    work, malpractice = said["work"], said["mp"]
    for setting in ("nonfacility", "facility"):
        parts = work + said[f"pe_{setting}"] + malpractice
        if abs(parts - said[f"total_{setting}"]) > 1:
            raise BadCell(
                f"its {setting} total {cell[f'total_{setting}']} is not the sum of its parts, {_printed(parts)}"
            )
    shares = sum(said[name] for name in _SHARES)
    if shares and abs(shares - 100) > 2:
        raise BadCell(f"its shares before, in and after the operation add up to {_printed(shares)}")
    if cell["endoscopic_base"]:
        cells.code(cell["endoscopic_base"])
    cells.number(cell["conversion_factor"], "a conversion factor", 4)
    cell["imaging_family"] = cells.padded(cell["imaging_family"], 2, "a family of imaging")
    row: list[str | int] = list(_KEPT(cell))
    for place in _NA_PLACES:
        row[place] = int(row[place] == "NA")
    return tuple(row)


def _printed(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"
