"""What these lists are asked and answer. No content of one code's page is in them."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.coverage.schemas import CoverageDocument
from ahead.lookup.hcpcs.schemas import HcpcsModifier, PlaceOfService
from ahead.lookup.ncci.schemas import AddOn
from ahead.lookup.pfs.schemas import FeePlace, Indicators

Status = Literal["found", "none", "no_edition"]
"""It is there; the edition held doesn't have it; no edition is held for the date."""


class ModifierAsked(msgspec.Struct, forbid_unknown_fields=True):
    modifier: str
    as_of: str | None = None


class OwnRule(msgspec.Struct, frozen=True):
    """The project's own words for Medicare's public rule of a modifier."""

    name: str
    kind: str
    meaning: str
    use_when: tuple[str, ...]
    do_not_use_when: tuple[str, ...]
    payment: str
    bypasses_ncci: bool
    sources: tuple[str, ...]
    receipt: Receipt


class ModifierAnswer(msgspec.Struct, frozen=True):
    """`listed`: its row in the official HCPCS list, with `edition_note` where that has ended; modifiers of two digits
    are CPT's and have an own rule at most."""

    as_of: date
    modifier: str
    status: Status
    why: str
    listed: HcpcsModifier | None
    edition_note: str
    rule: OwnRule | None


class PlaceAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`place`: its number, or words of its name."""

    place: str
    as_of: str | None = None


class PlaceAnswer(msgspec.Struct, frozen=True):
    as_of: date
    status: Status
    why: str
    places: tuple[PlaceOfService, ...]
    edition_note: str


class LocalitiesAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`words`: a state by its two letters, or words of a locality's name; empty is all."""

    words: str = ""
    as_of: str | None = None


class LocalitiesAnswer(msgspec.Struct, frozen=True):
    as_of: date
    status: Status
    why: str
    localities: tuple[FeePlace, ...]


class CoverageAsked(msgspec.Struct, forbid_unknown_fields=True):
    """One of: `words` of the title, or the `document`'s number (L33822, A52853)."""

    words: str = ""
    document: str = ""
    contractor: str = ""
    as_of: str | None = None


class CoverageAnswer(msgspec.Struct, frozen=True):
    """`documents` are the first of `total`."""

    as_of: date
    status: Status
    why: str
    documents: tuple[CoverageDocument, ...]
    total: int
    edition_note: str


class OneCode(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    as_of: str | None = None


class AddOnAnswer(msgspec.Struct, frozen=True):
    as_of: date
    status: Status
    why: str
    add_on: AddOn


class RelativeValuesAnswer(msgspec.Struct, frozen=True):
    """`first_held`: where no edition is held for the date, the first day of the first one held after it."""

    as_of: date
    status: Status
    why: str
    values: Indicators
    first_held: date | None = None
