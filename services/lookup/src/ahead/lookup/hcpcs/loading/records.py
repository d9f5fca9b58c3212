"""One code or modifier of HCPCS Level II, as every form of the file gives it."""

from dataclasses import dataclass

from .cells import CODE, MODIFIER, BadCell, one_of

_PRICING = r"(?:[0-9]{2}(?: [0-9]{2}){0,3})?"
_TYPES = r"(?:[0-9A-Z](?: [0-9A-Z]){0,4})?"


@dataclass(frozen=True, slots=True)
class Record:
    """`row` is the first of the rows that it takes up; `rows` counts them. Days are numbers."""

    key: str
    long_description: str
    short_description: str
    row: int
    rows: int = 1
    pricing: str = ""
    multiple_pricing: str = ""
    cim: str = ""
    mcm: str = ""
    statute: str = ""
    laboratory: str = ""
    cross_references: str = ""
    coverage: str = ""
    asc_group: str = ""
    asc_from: int | None = None
    mog: str = ""
    mog_policy: str = ""
    mog_from: int | None = None
    processing_note: str = ""
    betos: str = ""
    types_of_service: str = ""
    anesthesia_units: int | None = None
    added_on: int | None = None
    acted_on: int | None = None
    ended_on: int | None = None
    action: str = ""

    @property
    def is_modifier(self) -> bool:
        return len(self.key) == 2


def checked(record: Record) -> Record:
    """The record, if its cells are what their columns are for.

    Raises:
        BadCell: columns are swapped, or something is cut off.
    """
    pattern = MODIFIER if record.is_modifier else CODE
    if not pattern.fullmatch(record.key):
        raise BadCell(f"{record.key[:20]!r} is not a code or modifier of HCPCS Level II")
    if not any(c.isalpha() for c in record.long_description + record.short_description):
        raise BadCell(f"{record.key} has no description")
    one_of(record.pricing, _PRICING, "a list of pricing indicators")
    one_of(record.multiple_pricing, r"[0-9A-Z]?", "a multiple pricing indicator")
    one_of(record.coverage, r"[CDIMS]?", "a coverage code (C, D, I, M or S)")
    one_of(record.asc_group, r"[0-9A-Z]{0,2}", "an ASC payment group")
    one_of(record.processing_note, r"(?:[0-9A-Z]{1,4})?", "the number of a processing note")
    one_of(record.betos, r"(?:[A-Z][0-9][A-Z]?)?", "a BETOS category")
    one_of(record.types_of_service, _TYPES, "a list of types of service")
    one_of(record.action, r"[A-Z]?", "an action code")
    one_of(record.laboratory, r"(?:[0-9]{3}(?: [0-9]{3}){0,7})?", "a list of laboratory certifications")
    codes = r"(?:[0-9A-Z]{2,5}(?: [0-9A-Z]{2,5}){0,4})?"
    one_of(record.cross_references, codes, "a list of codes")
    if not record.action:
        raise BadCell(f"{record.key} has no action code: the record is cut off")
    if not record.is_modifier:
        one_of(record.coverage, r"[CDIMS]", "a coverage code (C, D, I, M or S)")
        if record.added_on is None:
            raise BadCell(f"{record.key} has no date on which it was added")
    if record.ended_on is not None and record.added_on is not None and record.ended_on < record.added_on:
        raise BadCell(f"{record.key} ended before it was added")
    return record
