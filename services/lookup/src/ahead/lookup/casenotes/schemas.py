"""What a note is read into."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.tools.schemas import ToolResult

from .assertions import Assertion

Setting = Literal["outpatient", "inpatient"]


class Evidence(msgspec.Struct, frozen=True):
    """A place in the note, in characters from 0; `sentence` is the text around it, `words` the finding's own."""

    start: int
    end: int
    sentence: str
    words: str
    assertion: Assertion
    trigger: str
    """The words of the note, or the heading, that say so; empty for what is simply present."""


class Suggestion(msgspec.Struct, frozen=True):
    """`place` is that in the proposed sequence, from 1. `complete` is False where the note doesn't say enough for a
    billable code: the heading is named then."""

    place: int
    code: str
    title: str
    complete: bool
    found_as: str
    """The official text that the words met."""
    why: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class SetAside(msgspec.Struct, frozen=True):
    """A finding that is in the note and is not suggested."""

    code: str
    title: str
    why: str
    evidence: tuple[Evidence, ...]


class Candidate(msgspec.Struct, frozen=True):
    """What else the words might mean, the likeliest first."""

    code: str
    title: str
    found_as: str


class CaseAnswer(msgspec.Struct, frozen=True):
    as_of: date
    edition: str
    edition_note: str
    setting: Setting
    suggestions: tuple[Suggestion, ...]
    set_aside: tuple[SetAside, ...]
    further: tuple[Candidate, ...]
    conflicts: tuple[ToolResult, ...]
    notes: tuple[str, ...]
    """What holds for the whole answer, and what was not looked for."""
