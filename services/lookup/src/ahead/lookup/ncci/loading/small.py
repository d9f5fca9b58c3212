"""Unit limits (MUE) and add-on code edits: a few thousand lines of comma-separated text each.

Unit limits as published stand below a copyright notice and a header whose second cell names the setting; the
adjudication indicator goes on in words: "2 Date of Service Edit: Policy". The derived form has one header line.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ahead.lookup.catalog.loading.delimited import records
from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from ..kinds import Setting
from .fields import BadCell, Codes, Days, units

MUE_HEADER = ["hcpcs_code", "mue_units", "mue_mai", "mue_rationale", "mue_service"]
ADD_ON_HEADER = ["primary_code", "add_on_code", "aoc_edit_type"]
CONTRACTOR_DEFINED = "CCCCC"

_SETTINGS: dict[str, Setting] = {
    "Practitioner": "practitioner",
    "Outpatient Hospital": "outpatient_hospital",
    "DME Supplier": "dme_supplier",
}
_PUBLISHED = re.compile(r"(Practitioner|Outpatient Hospital|DME Supplier) Services MUE Values", re.IGNORECASE)
_BEGINS, _REST = "HCPCS/CPTCODE", ("MUE ADJUDICATION INDICATOR", "MUE RATIONALE")
_HEADER_WITHIN = 20
_INDICATOR = re.compile(r"([123])( [A-Z].*)?")


def _rows(file: InputFile, header: list[str]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in records(file):
        if number == 1:
            if cells != header:
                raise Refused(file.name, f"its header is not {','.join(header)}", line=1)
            continue
        if len(cells) != len(header):
            raise Refused(file.name, f"has {len(cells)} cells where {len(header)} are meant", line=number)
        yield number, cells


def is_published_mue(head: bytes) -> bool:
    """Whether a file that begins so has unit limits as they are published."""
    if b"MUE" not in head[:8_000]:
        return False
    try:
        rows = list(islice(csv.reader(io.StringIO(head.decode("latin-1"))), _HEADER_WITHIN))
    except csv.Error:
        return False
    return any(_published_service(cells) for cells in rows)


def _published_service(cells: list[str]) -> str:
    """The setting that a header names, as the derived form calls it; "" where the cells are no header."""
    said = [" ".join(cell.split()) for cell in cells[:4]]
    match = _PUBLISHED.fullmatch(said[1]) if len(said) == 4 else None
    if match is None or said[0].upper().replace(" ", "") != _BEGINS:
        return ""
    if tuple(cell.upper() for cell in said[2:]) != _REST:
        return ""
    return next(service for service in _SETTINGS if service.lower() == match[1].lower())


def _mue_lines(file: InputFile) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line, in the columns of the derived form."""
    if not is_published_mue(file.head):
        yield from _rows(file, MUE_HEADER)
        return
    if not file.content().endswith(b"\n"):
        raise Refused(file.name, "is cut off: its last line has no end")
    service = ""
    reader = csv.reader((f"{line}\n" for _, line in file.lines(encoding="latin-1")), strict=True)
    try:
        for cells in reader:
            if not service:
                service = _published_service(cells)
            elif any(cells):
                if len(cells) < 4 or any(cells[4:]):
                    raise Refused(
                        file.name, f"has {len(cells)} cells where 4 are meant", line=reader.line_num
                    )
                code, limit, mai, why = (cell.strip() for cell in cells[:4])
                indicator = _INDICATOR.fullmatch(mai)
                yield reader.line_num, [code, limit, indicator[1] if indicator else mai, why, service]
    except csv.Error as error:
        raise Refused(file.name, f"can't be read: {error}", line=reader.line_num) from None


def mue_setting(file: InputFile) -> Setting:
    """The setting of the first line; `mue_rows` refuses lines of another.

    Raises:
        Refused: it has no line, or one of an unknown setting.
    """
    for number, cells in _mue_lines(file):
        of = _SETTINGS.get(cells[-1].strip())
        if of is None:
            raise Refused(file.name, f"{cells[-1][:40]!r} is none of {', '.join(_SETTINGS)}", line=number)
        return of
    raise Refused(file.name, "has no line below its header")


def mue_rows(file: InputFile) -> list[tuple[Any, ...]]:
    """(code, units, MAI, rationale, row) for each code.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    codes = Codes()
    found: dict[str, tuple[Any, ...]] = {}
    setting: Setting | None = None
    for number, (code, limit, mai, rationale, service) in _mue_lines(file):
        try:
            of = _SETTINGS.get(service.strip())
            if of is None:
                raise BadCell(f"{service[:40]!r} is none of {', '.join(_SETTINGS)}")
            if setting not in (None, of):
                raise BadCell(f"is of another setting than the lines before: {service}")
            if mai.strip() not in ("1", "2", "3"):
                raise BadCell(f"{mai[:40]!r} is not an adjudication indicator (1, 2 or 3)")
            if not any(c.isalpha() for c in rationale):
                raise BadCell(f"{rationale[:40]!r} is no rationale")
            key = codes[code]
            if key in found:
                raise BadCell(f"has {key} a second time")
            setting = of
            found[key] = (key, units(limit), int(mai), rationale.strip(), number)
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
    if setting is None:
        raise Refused(file.name, "has no line below its header")
    return list(found.values())


def add_on_rows(file: InputFile) -> list[tuple[Any, ...]]:
    """(add-on, primary, type, row, effective, deleted) for each line.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    codes, days = Codes({CONTRACTOR_DEFINED: CONTRACTOR_DEFINED}), Days("")
    found: list[tuple[Any, ...]] = []
    for number, (primary, add_on, kind) in _rows(file, ADD_ON_HEADER):
        try:
            if kind.strip() not in ("1", "2", "3"):
                raise BadCell(f"{kind[:40]!r} is not a type of add-on edit (1, 2 or 3)")
            if add_on.strip() == CONTRACTOR_DEFINED:
                raise BadCell(f"{CONTRACTOR_DEFINED} stands where the add-on code is meant")
            found.append((codes[add_on], codes[primary], int(kind), number, days[""], days[""]))
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
    if not found:
        raise Refused(file.name, "has no line below its header")
    return found
