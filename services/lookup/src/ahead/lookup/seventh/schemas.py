"""What the 7th-character helper answers."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Receipt

Status = Literal[
    "complete", "takes_none", "choose", "no_such_character", "more_first", "not_a_code", "not_held"
]
"""It is complete with its 7th character; it takes none; one must be chosen; not this one; it needs other characters
before it; there is no such code; no edition is held for the date."""


class Choice(msgspec.Struct, frozen=True):
    """A code that exists, by its official title."""

    character: str
    code: str
    title: str
    chosen: bool
    receipt: Receipt


class SeventhAnswer(msgspec.Struct, frozen=True):
    as_of: date
    edition: str
    edition_note: str
    typed: str
    base: str
    """The code before its placeholders and 7th character; empty where none was found."""
    base_title: str
    status: Status
    code: str
    """The whole code, where it is complete."""
    why: str
    placeholders: str
    """How the places up to the 7th are filled, where X is needed."""
    choices: tuple[Choice, ...]
    """The codes made from the base; without one, the codes right below that come first."""
