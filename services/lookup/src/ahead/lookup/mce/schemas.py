"""What the Medicare Code Editor says of a code."""

from datetime import date

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt


class ListedEdit(msgspec.Struct, frozen=True):
    """A row of the editor's lists. `edit` is as printed, `text` what it means."""

    edit: str
    text: str
    receipt: Receipt


class Listed(msgspec.Struct, frozen=True):
    found: tuple[ListedEdit, ...]
    edition: Edition


class AboutCode(msgspec.Struct, frozen=True):
    """What the editor's program does with a code on a date, found by asking it.

    `ages`: the ages without a conflict, from and to, or None where every age goes; `sex`: the only one that goes
    with the code, "" for both; `sex_was`: the same on the last day on which sex was edited. `edits`: the names of
    the others that the code meets by itself.
    """

    as_of: date
    known: bool
    ages: tuple[int, int] | None
    sex: str
    sex_was: str
    edits: tuple[str, ...]
    receipt: Receipt
