"""What a comparison of two editions answers: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt, Release

ChangeKind = Literal["added", "deleted", "revised", "billable", "not_compared"]


class Change(msgspec.Struct, frozen=True):
    """One code or heading. "billable": it can be billed in one of the editions only (it was divided, or it
    ended); "not_compared": one of the titles is not the
    publisher's own wording, so that its difference says nothing. What an edition doesn't have is empty."""

    kind: ChangeKind
    code: str
    place: str
    """category, subcategory, code or extension, in the newer edition that has it."""
    old_title: str
    new_title: str
    old_billable: bool | None
    new_billable: bool | None
    old_receipt: Receipt | None
    new_receipt: Receipt | None


class EditionRef(msgspec.Struct, frozen=True):
    id: int
    edition: str
    kind: str
    window_from: date
    window_to: date | None
    rows: int
    billable: int

    @staticmethod
    def of(release: Release) -> "EditionRef":
        return EditionRef(
            release.id,
            release.edition,
            release.kind,
            release.window_from,
            release.window_to,
            release.rows,
            release.billable,
        )


class Difference(msgspec.Struct, frozen=True):
    """`counts` are of all changes, `changes` the part asked for. `counts_billable` counts those of them that are
    codes which can be billed in the edition that has them."""

    system: str
    old: EditionRef
    new: EditionRef
    counts: dict[str, int]
    counts_billable: dict[str, int]
    total: int
    offset: int
    changes: tuple[Change, ...]
    note: str = ""
