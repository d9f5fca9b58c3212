"""What an account keeps for itself, as it is answered. All of it is the asker's own."""

from datetime import datetime
from typing import Annotated

import msgspec

MOST_CODES = 5_000
"""Codes with a star or a note; and codes of one list: as many as the code-list tool takes."""
MOST_LISTS = 100
MOST_KEYWORDS = 1_000
"""Of an account, each with each of its codes counted."""
MOST_OF_KEYWORD = 20
"""Codes of one keyword."""
KEYWORD_LENGTH = 60
NOTE_LENGTH = 2_000
NAME_LENGTH = 80
RECENT = 50


class KeptCode(msgspec.Struct, frozen=True):
    """`title` is that of the newest edition held; empty where it has no such code, or no title is held."""

    system: str
    code: str
    title: str = ""


class Starred(KeptCode, frozen=True, kw_only=True):
    at: datetime


class Noted(KeptCode, frozen=True, kw_only=True):
    note: str
    at: datetime


class Opened(KeptCode, frozen=True, kw_only=True):
    """`at`: when the month's view was taken."""

    at: datetime


class OwnKeyword(msgspec.Struct, frozen=True):
    keyword: str
    codes: tuple[KeptCode, ...]


class ListInfo(msgspec.Struct, frozen=True):
    id: str
    name: str
    codes: int


class OwnList(msgspec.Struct, frozen=True):
    """`codes` in the list's own order."""

    id: str
    name: str
    codes: tuple[KeptCode, ...]


class ListWith(msgspec.Struct, frozen=True):
    """A list, and whether the code in question is on it."""

    id: str
    name: str
    holds: bool


class OwnOfCode(msgspec.Struct, frozen=True):
    """What the account keeps about one code."""

    system: str
    code: str
    favourite: bool
    note: str
    keywords: tuple[str, ...]
    lists: tuple[ListWith, ...]

    @property
    def empty(self) -> bool:
        return not (self.favourite or self.note or self.keywords or any(one.holds for one in self.lists))


class Overview(msgspec.Struct, frozen=True):
    favourites: tuple[Starred, ...]
    notes: tuple[Noted, ...]
    keywords: tuple[OwnKeyword, ...]
    lists: tuple[ListInfo, ...]
    recent: tuple[Opened, ...]


class CodeGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    system: Annotated[str, msgspec.Meta(max_length=16)]
    code: Annotated[str, msgspec.Meta(max_length=64)]


class NoteGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Plain text of at most 2,000 characters; empty takes the note away."""

    note: str


class KeywordsGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All keywords of the code; those that aren't named are taken away."""

    keywords: Annotated[tuple[str, ...], msgspec.Meta(max_length=100)]


class ListGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    codes: Annotated[tuple[CodeGiven, ...], msgspec.Meta(max_length=MOST_CODES)] = ()


class ListChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What isn't given stays. `place`: from 1, among the account's lists."""

    name: str | None = None
    place: Annotated[int, msgspec.Meta(ge=1, le=MOST_LISTS)] | None = None


class CodesGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: Annotated[tuple[CodeGiven, ...], msgspec.Meta(max_length=MOST_CODES)]
