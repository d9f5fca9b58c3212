"""What HCPCS Level II answers: immutable structs, encoded as JSON as they are."""

from datetime import date

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt


class Meaning(msgspec.Struct, frozen=True):
    """A value as printed, and what it means in our own words ("" where that is not known here)."""

    value: str
    meaning: str


class HcpcsCode(msgspec.Struct, frozen=True):
    """Administrative data of one code in one edition. Dates are inclusive."""

    code: str
    long_description: str
    short_description: str
    pricing: tuple[Meaning, ...]
    multiple_pricing: Meaning
    coverage: Meaning
    betos: Meaning
    types_of_service: tuple[Meaning, ...]
    laboratory: tuple[Meaning, ...]
    cross_references: tuple[str, ...]
    """Codes, or modifiers, that the file names to be used instead."""
    coverage_issues_manual: str
    carriers_manual: str
    statute: str
    processing_note: str
    surgical_center: bool
    surgical_center_from: date | None
    outpatient_group: str
    anesthesia_units: int | None
    added: date | None
    acted: date | None
    ended: date | None
    action: Meaning
    receipt: Receipt
    edition: Edition


class HcpcsModifier(msgspec.Struct, frozen=True):
    """One modifier of the official list. `dated`: this form of the list says when it was added and ended."""

    modifier: str
    title: str
    category: str
    added: date | None
    ended: date | None
    dated: bool
    receipt: Receipt


class HcpcsModifiers(msgspec.Struct, frozen=True):
    """The list for a date. Empty where no edition is held; `edition.message` says so."""

    modifiers: tuple[HcpcsModifier, ...]
    edition: Edition

    def get(self, modifier: str) -> HcpcsModifier | None:
        return next((one for one in self.modifiers if one.modifier == modifier), None)


class PlaceOfService(msgspec.Struct, frozen=True):
    """`facility`: which price of the physician fee schedule is paid there; None for an unassigned number."""

    code: str
    name: str
    description: str
    facility: bool | None
    receipt: Receipt


class PlacesOfService(msgspec.Struct, frozen=True):
    places: tuple[PlaceOfService, ...]
    edition: Edition

    def get(self, code: str) -> PlaceOfService | None:
        return next((one for one in self.places if one.code == code), None)


class Rbcs(msgspec.Struct, frozen=True):
    """The Restructured BETOS category of a code, the last one that the list assigns. `family` may be ""."""

    procedure: str
    category: str
    subcategory: str
    family: str
    effective: date
    receipt: Receipt
    edition: Edition


class Listed(msgspec.Struct, frozen=True):
    """Does a code stand in a list? `receipt` is None when it doesn't, or when none is held (see `edition`)."""

    receipt: Receipt | None
    edition: Edition
    text: str = ""
