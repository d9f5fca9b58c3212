"""Unit limits (MUE) and add-on code edits: a few thousand lines of comma-separated text each."""

from collections.abc import Iterator
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


def _rows(file: InputFile, header: list[str]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in records(file):
        if number == 1:
            if cells != header:
                raise Refused(file.name, f"its header is not {','.join(header)}", line=1)
            continue
        if len(cells) != len(header):
            raise Refused(file.name, f"has {len(cells)} cells where {len(header)} are meant", line=number)
        yield number, cells


def mue_setting(file: InputFile) -> Setting:
    """The setting of the first line; `mue_rows` refuses lines of another.

    Raises:
        Refused: it has no line, or one of an unknown setting.
    """
    for number, cells in _rows(file, MUE_HEADER):
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
    for number, (code, limit, mai, rationale, service) in _rows(file, MUE_HEADER):
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
