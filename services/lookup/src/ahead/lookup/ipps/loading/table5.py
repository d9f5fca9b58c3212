"""Table 5: MS-DRGs with weights, lengths of stay and post-acute transfer.

Tab-separated, in Windows-1252, under a title of two lines; 772 MS-DRGs in FY2026. Until FY2022 it had one column
of weights, since then one before and one after the cap on decreases.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

_FISCAL_YEAR = re.compile(r"\bFY[ -]?(20[0-9]{2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,4}(\.[0-9]{1,6})?")
_MDC = re.compile(r"PRE|0[1-9]|1[0-9]|2[0-5]|")
_TYPES = {"SURG": "SURG", "MED": "MED", "**": "", "": ""}
_ANSWERS = {"Yes": True, "No": False}
LAST_DRG = "999"
"""Stands at the end of every list of MS-DRGs."""

# What the header says over each column, and the name here.
_COLUMNS = (
    ("ms-drg title", "title"),
    ("ms-drg", "drg"),
    ("post-acute", "post_acute"),
    ("special pay", "special_pay"),
    ("mdc", "mdc"),
    ("type", "type"),
    ("before cap", "weight_before_cap"),
    ("weight", "weight"),
    ("geometric", "gmlos"),
    ("arithmetic", "amlos"),
)
_OPTIONAL = frozenset({"weight_before_cap"})


@dataclass(frozen=True)
class Drg:
    """One row. `mdc` is "PRE", "01" to "25" or empty; `type` SURG, MED or empty; figures as printed, None for none."""

    drg: str
    post_acute: bool
    special_pay: bool
    mdc: str
    type: str
    title: str
    weight_before_cap: str | None
    weight: str | None
    gmlos: str | None
    amlos: str | None
    row: int


class BadRow(ValueError):
    """A cell is not what its column is for."""


def is_table5(head: str) -> bool:
    start = head[:400].upper()
    return "TABLE 5" in start and "RELATIVE WEIGHTING FACTORS" in start


def fiscal_year(head: str) -> int | None:
    """As the title says it."""
    found = _FISCAL_YEAR.search(head[:400])
    return int(found[1]) if found else None


def read_table5(file: InputFile) -> list[Drg]:
    """Raises Refused: with the line and what is wrong with it."""
    found: list[Drg] = []
    places: dict[str, int] | None = None
    for row, cells in _rows(file):
        if places is None:
            places = _places(file, row, cells)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        try:
            if found and found[-1].drg == LAST_DRG:
                raise BadRow("stands after MS-DRG 999, the last one")
            drg = _drg(cells, places, row)
            if found and drg.drg <= found[-1].drg:
                raise BadRow(f"MS-DRG {drg.drg} does not come after {found[-1].drg}")
        except BadRow as error:
            raise Refused(file.name, str(error), line=row) from None
        found.append(drg)
    if not found or found[-1].drg != LAST_DRG:
        raise Refused(file.name, "is cut off: its list doesn't end with MS-DRG 999")
    return found


def _rows(file: InputFile) -> Iterator[tuple[int, list[str]]]:
    """Cells of the lines from the header on."""
    begun = False
    for number, line in file.lines(encoding="cp1252"):
        begun = begun or line.startswith("MS-DRG")
        if not begun:
            if number > 20:
                raise Refused(file.name, "has no header that begins with MS-DRG")
            continue
        try:
            cells = next(csv.reader([line], delimiter="\t", strict=True), [])
        except csv.Error as error:
            raise Refused(file.name, f"can't be read: {error}", line=number) from None
        yield number, cells


def _places(file: InputFile, row: int, cells: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for number, cell in enumerate(cells):
        said = " ".join(cell.lower().split())
        name = next((name for words, name in _COLUMNS if words in said), None)
        # "FY 2026 Final Post-Acute DRG" also has "DRG" in it, and every title of a weight "weight".
        if name is None or name in places:
            raise Refused(file.name, f"its column {number + 1} has the heading {cell[:40]!r}", line=row)
        places[name] = number
    missing = [name for _, name in _COLUMNS if name not in places and name not in _OPTIONAL]
    if missing:
        raise Refused(file.name, f"its header has no column for {', '.join(missing)}", line=row)
    return places


def _drg(cells: list[str], places: dict[str, int], row: int) -> Drg:
    if len(cells) != len(places):
        raise BadRow(f"has {len(cells)} cells where {len(places)} are meant")
    said = {name: cells[place].strip() for name, place in places.items()}
    if not re.fullmatch(r"[0-9]{3}", said["drg"]):
        raise BadRow(f"{said['drg'][:20]!r} is not an MS-DRG")
    if not _MDC.fullmatch(said["mdc"]):
        raise BadRow(f"{said['mdc'][:20]!r} is not an MDC")
    if said["type"] not in _TYPES:
        raise BadRow(f"{said['type'][:20]!r} is not a type (SURG or MED)")
    if sum(c.isalpha() for c in said["title"]) < 3:
        raise BadRow(f"{said['title'][:20]!r} is no title")
    weight, gmlos, amlos = (_number(said[name]) for name in ("weight", "gmlos", "amlos"))
    if len({value is None for value in (weight, gmlos, amlos)}) > 1:
        raise BadRow("has some of weight and lengths of stay, but not all")
    return Drg(
        said["drg"],
        _answer(said["post_acute"]),
        _answer(said["special_pay"]),
        said["mdc"],
        _TYPES[said["type"]],
        said["title"],
        _number(said.get("weight_before_cap", ".")),
        weight,
        gmlos,
        amlos,
        row,
    )


def _answer(text: str) -> bool:
    if text not in _ANSWERS:
        raise BadRow(f"{text[:20]!r} is neither Yes nor No")
    return _ANSWERS[text]


def _number(text: str) -> str | None:
    if text in (".", ""):
        return None
    if not _NUMBER.fullmatch(text):
        raise BadRow(f"{text[:20]!r} is no number")
    return text
