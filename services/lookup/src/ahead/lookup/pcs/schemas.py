"""What ICD-10-PCS answers: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

NameOrigin = Literal["official", "derived", "not_held"]


class Value(msgspec.Struct, frozen=True):
    """A value of a character. `origin` tells where its name comes from: the publisher's tables ("official"), the
    titles of the codes ("derived"), or nowhere ("not_held", then `name` is empty)."""

    value: str
    name: str
    origin: NameOrigin


class Chosen(msgspec.Struct, frozen=True):
    """A character of a code: its place from 1, what it is ("Body Part"), and its value."""

    position: int
    axis: str
    value: Value


class Meaning(msgspec.Struct, frozen=True):
    """What the definitions say of a value's name; `receipt` is theirs."""

    definition: str
    explanation: str
    includes: tuple[str, ...]
    receipt: Receipt


class TableRow(msgspec.Struct, frozen=True):
    """Values of characters 4 to 7 that combine freely: every combination is a code."""

    axes: tuple[tuple[Value, ...], ...]

    @property
    def codes(self) -> int:
        count = 1
        for values in self.axes:
            count *= len(values)
        return count


class IndexEntry(msgspec.Struct, frozen=True):
    """A term of the index and where it leads: words, and codes or beginnings of codes of the edition shown."""

    path: tuple[str, ...]
    words: tuple[str, ...]
    targets: tuple[str, ...]
    receipt: Receipt

    @property
    def text(self) -> str:
        return ", ".join(self.path)


class Aggregate(msgspec.Struct, frozen=True):
    """A device that other operations call by its parent's name."""

    device: str
    operation: str
    body_systems: tuple[str, ...]
    parent_value: str
    parent: str
    receipt: Receipt


class Change(msgspec.Struct, frozen=True):
    """A line of the addenda about a code."""

    action: Literal["add", "delete", "revise_from", "revise_to"]
    code: str
    title: str
    receipt: Receipt


class Choice(msgspec.Struct, frozen=True):
    """A value to choose next, and how many valid codes it leads to."""

    value: str
    name: str
    origin: NameOrigin
    codes: int
    begins: str
    """The beginning of codes that it makes."""


class NextCharacter(msgspec.Struct, frozen=True):
    position: int
    axis: str
    choices: tuple[Choice, ...]


class TermFound(msgspec.Struct, frozen=True):
    """A term of the index, and the beginnings of valid codes that it leads to."""

    term: str
    words: tuple[str, ...]
    begins: tuple[str, ...]


class Built(msgspec.Struct, frozen=True):
    """Where a code stands while it is built. `next` is None once it is whole; then `code` is the code."""

    as_of: date
    edition: Edition
    begins: str
    chosen: tuple[Chosen, ...]
    codes: int
    """How many valid codes of the date begin so."""
    next: NextCharacter | None
    code: str
    title: str
    definition: str
    """Of the operation, once the table is chosen and definitions are held."""
    terms: tuple[TermFound, ...] = ()
    notes: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
