"""What crosswalks answer: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

System = Literal["icd9cm", "icd10cm"]
Status = Literal["mapped", "no_map", "not_listed", "not_checked", "not_shown"]


class Target(msgspec.Struct, frozen=True):
    """One row of a mapping, seen from the code that was asked for. `title` is empty where the edition held of the
    target's system doesn't have the code. The five flags are the row's own."""

    system: System
    code: str
    title: str
    approximate: bool
    no_map: bool
    combination: bool
    scenario: int
    choice_list: int
    receipt: Receipt


class Alternative(msgspec.Struct, frozen=True):
    """One way to say the code in the other system: a single code, or one code of each list together."""

    scenario: int
    """0 for single codes."""
    lists: tuple[tuple[Target, ...], ...]
    words: str


class Crosswalk(msgspec.Struct, frozen=True):
    """A code in the other system, by the mapping that starts from its own system.

    `named_by` are rows of the opposite mapping in which other codes lead to this one. `status` "not_listed": the
    mapping held has no row for it, which is not "no equivalent"; "not_checked": no edition is held for the date.
    """

    system: System
    code: str
    title: str
    to: System
    as_of: date
    status: Status
    words: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    named_by: tuple[Target, ...]
    edition: Edition | None = None
    note: str = ""


class Conversion(msgspec.Struct, frozen=True):
    """A row of the ICD-10-CM conversion table: `code` since `effective`, before it what is printed in `previous`."""

    code: str
    effective: date
    previous: str
    receipt: Receipt


class CrosswalkAnswer(msgspec.Struct, frozen=True):
    as_of: date
    results: tuple[Crosswalk, ...]
