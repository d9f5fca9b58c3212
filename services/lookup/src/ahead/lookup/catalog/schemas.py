"""What the catalogue answers: immutable structs, safe to cache and to encode as JSON.

A code has two spellings: `code`, its key (upper case, no dot: "E119"), and `dotted`, what people read
("E11.9"). Chapters are keyed by their number ("4"), sections by their range ("E08-E13"; a section of one
category, "B99" in the tabular list, is keyed "B99-B99" so that it does not collide with the category).
"""

from datetime import date, datetime
from typing import Literal

import msgspec

Kind = Literal["chapter", "section", "category", "subcategory", "code", "extension"]
TitleOrigin = Literal["official", "composed", "derived", "not_held"]
WindowOrigin = Literal["file", "calendar", "option"]
NoteKind = Literal[
    "includes",
    "inclusion_term",
    "excludes1",
    "excludes2",
    "code_first",
    "use_additional",
    "code_also",
    "seventh_character_note",
    "seventh_character_value",
    "note",
]
EditionStatus = Literal["held", "after_newest", "before_first", "gap", "nothing_loaded", "not_listed"]
"""`not_listed`: the edition has some of the codes only, and not this one; only code pages have it."""
ValidityStatus = Literal["billable", "not_billable", "not_held"]


class Release(msgspec.Struct, frozen=True):
    """One edition of one source, as loaded. `window_to` is inclusive; None means open."""

    id: int
    system: str
    kind: str
    """Which loader read it: "icd10cm-tabular", "icd10cm-order", "icd10cm-codes", "icd10cm-poa", ..."""
    edition: str
    """As the publisher calls it: "April 2026"."""
    source: str
    """Where the file came from: "simple-icd-10-cm 1.5.0", or "file" for one given on the command line."""
    files: tuple["SourceFile", ...]
    """The files it was read from; the first is the one that carries the text."""
    sha256: str
    """One hash over all files (of a single file: its own)."""
    window_from: date
    window_to: date | None
    window_origin: WindowOrigin
    rows: int
    """Codes and headers, as the publisher counts them; chapters and sections are extra."""
    nodes: int
    billable: int
    remark: str
    """What has to be said about the whole release, or ""."""
    loader: str
    """Loader and its version: "icd10cm-tabular/1"."""
    loaded_at: datetime


class SourceFile(msgspec.Struct, frozen=True):
    """A file that a release was made from. `edition` and the window are said only where the file belongs to
    another edition than the release: headings that were carried over."""

    name: str
    sha256: str
    edition: str = ""
    window_from: date | None = None
    window_to: date | None = None


class Receipt(msgspec.Struct, frozen=True):
    """Where a figure comes from. `row` is the 1-based line of `file_name`."""

    file_name: str
    release: str
    source: str
    sha256: str
    row: int
    window_from: date
    window_to: date | None
    window_origin: WindowOrigin


class Edition(msgspec.Struct, frozen=True):
    """Which release answers for a date of service, and what must be said beside it.

    `release` is None unless `status` is "held" or "after_newest"; `message` is empty only when "held". Code pages
    alone show some codes from elsewhere (`codes.panels.StandIn`): `release` is then where the code was found.
    """

    system: str
    as_of: date
    status: EditionStatus
    message: str
    release: Release | None = None

    @property
    def marked(self) -> bool:
        """Shown, but past the end of its window: pages explain with it, verdicts and prices do not."""
        return self.status == "after_newest"

    @property
    def judges(self) -> bool:
        """Whether anything may be said of a code's validity by this edition."""
        return self.release is not None and self.status in ("held", "after_newest")


class Node(msgspec.Struct, frozen=True):
    """One place in the hierarchy: a chapter, a section, a header or a billable code."""

    release_id: int
    system: str
    code: str
    dotted: str
    kind: Kind
    parent: str | None
    ordinal: int
    depth: int
    title: str
    title_origin: TitleOrigin
    short_title: str
    billable: bool
    children: int
    """How many nodes lie directly below."""
    codes_below: int
    """How many billable codes lie anywhere below (0 for a billable code)."""
    source_file: int
    """Which of the release's files; a composed title's row is the code's line in the list of valid codes."""
    source_row: int


class CodeReference(msgspec.Struct, frozen=True):
    """A code or range that a note names: "Z16.-" is Z16 with everything below, "P35-P39" a range."""

    text: str
    first: str
    last: str
    below: bool
    """True when the note means everything below the code (a trailing dash)."""


class Note(msgspec.Struct, frozen=True):
    """One instructional note. For a 7th-character value, `key` is the character and `text` its meaning."""

    code: str
    kind: NoteKind
    ordinal: int
    text: str
    references: tuple[CodeReference, ...] = ()
    key: str = ""
    source_row: int = 0


class NoteGroup(msgspec.Struct, frozen=True):
    """The notes that stand at one place of the hierarchy."""

    at: Node
    notes: tuple[Note, ...]


class SeventhCharacter(msgspec.Struct, frozen=True):
    character: str
    meaning: str


class SeventhCharacterRule(msgspec.Struct, frozen=True):
    """Codes below `at` take one of these 7th characters; `chosen` is this code's own or None."""

    at: Node
    note: str
    values: tuple[SeventhCharacter, ...]
    chosen: SeventhCharacter | None
    allowed_here: tuple[str, ...]
    """Characters with which the list of valid codes really holds this code, or its siblings."""


class Validity(msgspec.Struct, frozen=True):
    """May this code be put on a claim with this date of service, as far as the edition held says?"""

    status: ValidityStatus
    as_of: date
    text: str
    marked: bool
    """True when judged by an edition whose window has ended."""
    instead: tuple[Node, ...] = ()
    """For a header: billable codes below it, at most `VALIDITY_CHOICES` of them."""
    instead_total: int = 0


class Found(msgspec.Struct, frozen=True):
    """What `Catalog.find` answers. `node` is None exactly when no edition is held for the date."""

    edition: Edition
    node: Node | None = None


class Page(msgspec.Struct, frozen=True):
    """A part of a list of nodes in the order of the tabular list."""

    nodes: tuple[Node, ...]
    total: int
    offset: int
    limit: int

    @property
    def next_offset(self) -> int | None:
        end = self.offset + len(self.nodes)
        return end if end < self.total else None


class CodeFacts(msgspec.Struct, frozen=True):
    """All that one release says of one node: what a page needs, cached whole."""

    release: Release
    node: Node
    receipt: Receipt
    ancestors: tuple[Node, ...]
    """Chapter first, parent last."""
    children: tuple[Node, ...]
    """The first `CHILDREN_SHOWN` of `node.children`."""
    siblings: tuple[Node, ...]
    """Nodes of the same parent around this one, itself included, in order; at most `SIBLINGS_SHOWN`."""
    own_notes: tuple[Note, ...]
    inherited: tuple[NoteGroup, ...]
    """In order of inheritance: chapter first, parent last."""
    seventh_character: SeventhCharacterRule | None
    billable_below: tuple[Node, ...]
    """For a header: the first `VALIDITY_CHOICES` billable codes below."""
    notes_from: Release | None = None
    """The tabular list whose notes are shown: the release itself, or the latest one held that is not newer;
    None when none is held."""
    first_day: date | None = None
    last_day: date | None = None
    """Of the code itself, where its list has codes that ended or come later; inclusive."""

    @property
    def chapter(self) -> Node | None:
        return next((n for n in (*self.ancestors, self.node) if n.kind == "chapter"), None)


class SystemInfo(msgspec.Struct, frozen=True):
    """A code system, and what of it is held."""

    system: str
    name: str
    releases: tuple[Release, ...]


class Document(msgspec.Struct, frozen=True):
    """What the search index is told about one node."""

    release_id: int
    system: str
    code: str
    dotted: str
    kind: Kind
    title: str
    billable: bool
    ordinal: int
    depth: int
    chapter: str
    """Key of the chapter: "4"."""
    chapter_title: str
    section: str
    ancestors: tuple[str, ...]
    """Titles, chapter first."""
    inclusion_terms: tuple[str, ...]
    """Own terms; a 7th-character code carries its base code's."""
    includes: tuple[str, ...]
    """Own "includes" notes; a 7th-character code carries its base code's."""
    codes_below: int


CHILDREN_SHOWN = 50
SIBLINGS_SHOWN = 15
VALIDITY_CHOICES = 24
