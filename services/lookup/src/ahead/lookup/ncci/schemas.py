"""What NCCI answers: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

Role = Literal["column1", "column2"]
PairStatus = Literal["edit", "no_edit", "not_checked"]
MueStatus = Literal["published", "no_published_limit", "not_checked"]
AddOnStatus = Literal["listed", "not_listed", "not_checked"]


class PtpEdit(msgspec.Struct, frozen=True):
    """One row of the file. `in_force` is what is known of the date asked for; None: not known."""

    column1: str
    column2: str
    modifier_indicator: int
    modifier_text: str
    rationale: str
    effective: date | None
    deleted: date | None
    """Inclusive."""
    in_force: bool | None
    receipt: Receipt


class Pair(msgspec.Struct, frozen=True):
    """Two codes on one date. `edit` is the row in force; after the newest edition the one that it shows, and then
    `status` is not_checked."""

    setting: str
    codes: tuple[str, str]
    as_of: date
    status: PairStatus
    why: str
    edit: PtpEdit | None
    rows: tuple[PtpEdit, ...]
    """Every row of the pair in either direction, deleted ones too."""
    edition: Edition


class PtpPage(msgspec.Struct, frozen=True):
    """Part of the edits of one code in force, ordered by the other code. `total` is the true count."""

    edits: tuple[PtpEdit, ...]
    total: int
    by_indicator: dict[int, int]
    """How many of all that match have which modifier indicator."""
    offset: int
    limit: int
    edition: Edition


class Mue(msgspec.Struct, frozen=True):
    """The limit of units of one code in one setting. `status` "no_published_limit" is not "unlimited"."""

    setting: str
    code: str
    as_of: date
    status: MueStatus
    why: str
    units: int | None
    mai: int | None
    mai_text: str
    rationale: str
    receipt: Receipt | None
    edition: Edition


class AddOnEdit(msgspec.Struct, frozen=True):
    """`primary` is None where the contractor decides."""

    add_on: str
    primary: str | None
    type: int
    type_text: str
    receipt: Receipt


class AddOn(msgspec.Struct, frozen=True):
    """Add-on edits of one code: as add-on, and as primary of others."""

    code: str
    as_of: date
    status: AddOnStatus
    why: str
    edits: tuple[AddOnEdit, ...]
    complete: bool
    """Whether the primaries listed are all there are; else a primary that is not listed is "not checked"."""
    as_primary: tuple[AddOnEdit, ...]
    edition: Edition
