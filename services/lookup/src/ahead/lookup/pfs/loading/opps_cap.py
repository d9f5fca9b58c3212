"""OPPSCAP: prices of imaging that is capped at the hospital outpatient rate, by locality."""

from collections.abc import Iterator
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from . import cells
from .cells import BadCell

HEADER = ["HCPCS", "MOD", "PROCSTAT", "CARRIER", "LOCALITY"]
_PRICES = (
    {"FACILITY PRICE"},
    {"NON-FACILTY PRICE", "NON-FACILITY PRICE"},  # the first is how it is printed
)
_MODIFIERS = frozenset({"", "TC"})
_STATUSES = frozenset("ACR")


def is_header(row: list[str]) -> bool:
    upper = [" ".join(cell.upper().split()) for cell in row]
    return (
        upper[:5] == HEADER
        and len(upper) >= 7
        and all(upper[5 + n] in said for n, said in enumerate(_PRICES))
    )


def rows(file: InputFile) -> Iterator[tuple[Any, ...]]:
    """The columns of the table after `release_id`; the last row is blank."""
    seen: set[tuple[str, ...]] = set()
    for number, row in cells.rows_of(file):
        if number == 1:
            if not is_header(row):
                raise Refused(file.name, f"its header is not {','.join(HEADER)} and two prices", line=1)
            continue
        if not any(row):
            continue
        try:
            if len(row) != 7:
                raise BadCell(f"has {len(row)} cells where 7 are meant")
            key = (
                cells.code(row[0]),
                cells.one_of(row[1], _MODIFIERS, "TC or nothing"),
                cells.padded(row[3], 5, "a contractor"),
                cells.padded(row[4], 2, "a locality"),
            )
            if key in seen:
                raise BadCell(f"has {' '.join(key)} a second time")
            seen.add(key)
            status = cells.one_of(row[2], _STATUSES, "a status code")
            facility, nonfacility = cells.number(row[5], "a price", 2), cells.number(row[6], "a price", 2)
        except BadCell as error:
            raise Refused(file.name, str(error), line=number) from None
        yield (*key, status, facility, nonfacility, number)
    if not seen:
        raise Refused(file.name, "has no price")
