"""PPRRVU: relative values and payment indicators by code and modifier.

As published, column names are spread over several rows under title, copyright and release lines; the last of these
rows begins with HCPCS. In the shorter form there is one header line, and names repeat. From 2026 on a column PRIC
IND stands before the endoscopic base; it is passed over. Totals are checked against their parts, so that columns in
another order are found out.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

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
_CENT = Decimal("0.01")


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
    width = 0
    above: list[list[str]] = []
    seen: set[tuple[str, str]] = set()
    factors: set[str] = set()
    for number, row in cells.rows_of(file, encoding=ENCODING):
        if not places:
            if is_header(row):
                places, width = _places(file, number, [*above, row]), len(row)
            elif number > HEADER_ROWS:
                raise Refused(file.name, "has no row of column names in its first lines", line=number)
            elif sum(bool(cell) for cell in row) > 3:
                above.append(row)
            continue
        if not any(row):
            continue
        if len(row) != width:
            raise Refused(file.name, f"has {len(row)} cells where {width} are meant", line=number)
        cell = {name: row[place] for name, place in places.items()}
        try:
            values = _values(cell)
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


def _values(cell: dict[str, str]) -> tuple[str | int, ...]:
    """In the order of the table; totals must agree with their parts to a hundredth."""

    def rvu(name: str) -> str:
        return cells.number(cell[name], f"a number of relative value units ({name})", 2)

    def digit(name: str) -> str:
        return cells.one_of(cell[name], _DIGIT, f"an indicator ({name})")

    na_nonfacility = cells.one_of(cell["na_nonfacility"], _MARKS, "NA or nothing")
    na_facility = cells.one_of(cell["na_facility"], _MARKS, "NA or nothing")
    base = cell["endoscopic_base"]
    if not _SUPERVISION.fullmatch(cell["supervision"]):
        raise BadCell(f"{cell['supervision'][:40]!r} is not a level of supervision")
    for setting in ("nonfacility", "facility"):
        parts = sum(Decimal(rvu(name)) for name in ("work", f"pe_{setting}", "mp"))
        total = Decimal(rvu(f"total_{setting}"))
        if abs(parts - total) > _CENT:
            raise BadCell(f"its {setting} total {total} is not the sum of its parts, {parts}")
    shares = [Decimal(rvu(name)) for name in ("preoperative", "intraoperative", "postoperative")]
    if sum(shares) and abs(sum(shares) - 1) > 2 * _CENT:
        raise BadCell(f"its shares before, in and after the operation add up to {sum(shares)}")
    return (
        cells.code(cell["code"]),
        cells.one_of(cell["modifier"], _MODIFIERS, "26, TC, 53 or nothing"),
        cells.one_of(cell["status"], _STATUSES, "a status code"),
        cells.one_of(cell["not_used"], frozenset({"", "+"}), "+ or nothing"),
        rvu("work"),
        rvu("pe_nonfacility"),
        int(na_nonfacility == "NA"),
        rvu("pe_facility"),
        int(na_facility == "NA"),
        rvu("mp"),
        rvu("total_nonfacility"),
        rvu("total_facility"),
        digit("pctc"),
        cells.one_of(cell["global_days"], _GLOBAL, "a global period"),
        rvu("preoperative"),
        rvu("intraoperative"),
        rvu("postoperative"),
        digit("multiple"),
        digit("bilateral"),
        digit("assistant"),
        digit("co_surgeons"),
        digit("team"),
        cells.code(base) if base else "",
        cells.number(cell["conversion_factor"], "a conversion factor", 4),
        cell["supervision"],
        digit("calculation"),
        cells.padded(cell["imaging_family"], 2, "a family of imaging"),
        rvu("opps_pe_nonfacility"),
        rvu("opps_pe_facility"),
        rvu("opps_mp"),
    )
