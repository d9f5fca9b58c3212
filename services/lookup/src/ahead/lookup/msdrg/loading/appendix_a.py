"""Appendix A of the MS-DRG Definitions Manual: each MS-DRG with its MDC and type, in columns of fixed width."""

import re

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from .nodes import LAST_DRG, DrgRow

_VERSION = re.compile(r"Appendix A\s+List of MS-DRGs\s+Version\s+([0-9]{2})\.([0-9])", re.IGNORECASE)
_ROW = re.compile(r"(?P<drg>[0-9]{3}) (?P<mdc>[0-9]{2}|  ) {1,2}(?P<type>[MP ]) {1,2}(?P<title>\S.*)")
_HEADER = "DRG MDC MS Description"
_TYPES = {"P": "SURG", "M": "MED", " ": ""}


def version_of(head: str) -> tuple[int, int] | None:
    """(40, 0) for version 40.0."""
    found = _VERSION.search(head[:2_000])
    return (int(found[1]), int(found[2])) if found else None


def read_appendix_a(file: InputFile) -> list[DrgRow]:
    """Raises Refused: with the line and what is wrong with it."""
    found: list[DrgRow] = []
    begun = False
    for number, text in file.lines(encoding="cp1252"):
        line = text.rstrip()
        if not begun:
            begun = line == _HEADER
            continue
        if not line:
            continue
        row = _ROW.fullmatch(line)
        if row is None:
            raise Refused(file.name, "is no row of MS-DRG, MDC, type and description", line=number)
        drg, mdc = row["drg"], row["mdc"].strip()
        if found and found[-1].drg == LAST_DRG:
            raise Refused(file.name, f"has {drg} after MS-DRG 999, the last one", line=number)
        if found and drg <= found[-1].drg:
            raise Refused(file.name, f"MS-DRG {drg} does not come after {found[-1].drg}", line=number)
        if mdc and not 1 <= int(mdc) <= 25:
            raise Refused(file.name, f"{mdc} is not an MDC", line=number)
        found.append(DrgRow(drg, mdc, _TYPES[row["type"]], row["title"], number))
    if not begun:
        raise Refused(file.name, f"has no header {_HEADER!r}")
    if not found or found[-1].drg != LAST_DRG:
        raise Refused(file.name, "is cut off: its list doesn't end with MS-DRG 999")
    return found
