"""What the IPPS tables say, with receipts."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt


class DrgWeight(msgspec.Struct, frozen=True):
    """A row of Table 5. Figures are as printed; None where the table prints none (998, 999)."""

    drg: str
    title: str
    mdc: str
    """"PRE", "01" to "25", or empty."""
    type: str
    """SURG, MED, or empty."""
    weight: str | None
    weight_before_cap: str | None
    gmlos: str | None
    amlos: str | None
    post_acute: bool
    special_pay: bool
    receipt: Receipt


class Weights(msgspec.Struct, frozen=True):
    """Rows of Table 5 for a date, by MS-DRG. A price may be given only where `edition` is held."""

    found: dict[str, DrgWeight]
    edition: Edition


class DrgExclusion(msgspec.Struct, frozen=True):
    """Part 3 of Table 6K: within these MS-DRGs the code doesn't raise the severity."""

    first_drg: str
    last_drg: str
    mdc: str
    title: str
    receipt: Receipt


class Excluder(msgspec.Struct, frozen=True):
    """A principal diagnosis with which the code is no CC or MCC."""

    code: str
    receipt: Receipt


class CcInfo(msgspec.Struct, frozen=True):
    """Tables 6I, 6J and 6K on one code.

    `level` None: the lists of the edition don't have it. `editions`: of 6I, 6J and 6K, each for itself.
    """

    code: str
    as_of: date
    level: Literal["MCC", "CC"] | None
    receipt: Receipt | None
    lists: Edition
    exclusions: Edition
    collection: str
    collection_size: int
    excluders: tuple[Excluder, ...]
    """The first of them."""
    collection_receipt: Receipt | None
    alive_only: Receipt | None
    """Where Part 2 names it."""
    drg_exclusions: tuple[DrgExclusion, ...]
    excludes_as_principal: int
    """How many CC and MCC codes this code switches off as principal diagnosis."""


class Exclusion(msgspec.Struct, frozen=True):
    """Why a secondary diagnosis counts for nothing beside a principal one."""

    why: str
    receipt: Receipt
