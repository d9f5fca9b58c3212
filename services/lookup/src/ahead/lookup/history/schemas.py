"""What the history of a code is made of: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt

ChangeKind = Literal[
    "first_held", "added", "deleted", "revised", "billable", "heading", "unchanged", "absent"
]


class Change(msgspec.Struct, frozen=True):
    """What an edition changed against the one before it. For "revised" both titles as printed."""

    kind: ChangeKind
    text: str
    before: str = ""
    after: str = ""


class EditionOfCode(msgspec.Struct, frozen=True):
    """A code in one edition held; without title and receipt where the edition doesn't have it."""

    edition: str
    window_from: date
    window_to: date | None
    held: bool
    title: str
    title_official: bool
    """As printed, not composed or derived: only such titles are compared."""
    billable: bool
    changes: tuple[Change, ...]
    receipt: Receipt | None


class History(msgspec.Struct, frozen=True):
    """Oldest edition first."""

    system: str
    code: str
    editions: tuple[EditionOfCode, ...]


class Gone(msgspec.Struct, frozen=True):
    """A code that the edition of the date doesn't have and another one does. Public: title, days, editions."""

    system: str
    system_name: str
    code: str
    title: str
    as_of: date
    edition: str
    """The one of the date."""
    deleted: date | None
    """The first day without it, where an edition before has it; else it comes later."""
    begins: date | None
    """The first day of the edition that first has it, where that is later than the date."""
    last_held: str
    open_as_of: date
    """A date on which it has a page."""


class DiffLine(msgspec.Struct, frozen=True):
    text: str
    receipt: Receipt | None = None


class SectionDiff(msgspec.Struct, frozen=True):
    """What one section says on the one date and not on the other. `same` counts the lines that both have."""

    key: str
    title: str
    removed: tuple[DiffLine, ...]
    added: tuple[DiffLine, ...]
    same: int

    @property
    def changed(self) -> bool:
        return bool(self.removed or self.added)


class Side(msgspec.Struct, frozen=True):
    """One date of a comparison: public facts of the code in the edition of that date, or why there are none."""

    as_of: date
    edition: str
    note: str
    title: str
    billable: bool | None


class PageDiff(msgspec.Struct, frozen=True):
    system: str
    code: str
    before: Side
    after: Side
    sections: tuple[SectionDiff, ...]
    """Empty where the view isn't a registered account's."""
    locked: bool
