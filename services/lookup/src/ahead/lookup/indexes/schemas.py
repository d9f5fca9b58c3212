"""What the index books answer: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

from .kinds import Book

CodeState = Literal["billable", "seventh_character", "header", "not_in_edition", "not_checked"]
ReferenceKind = Literal["term", "table", "code", "words"]


class NamedCode(msgspec.Struct, frozen=True):
    """A code that a term leads to, as printed, and what it is in the edition of codes for the date."""

    printed: str
    code: str
    """With its dot, without the dash: where its page is."""
    title: str
    state: CodeState
    why: str


class Reference(msgspec.Struct, frozen=True):
    """A "see" or "see also". `kind` "words" is an instruction that no term answers, such as "see condition"."""

    text: str
    also: bool
    kind: ReferenceKind
    book: Book | None = None
    ordinal: int | None = None
    rest: str = ""
    """What of the reference is left to choose by the reader: "by site"."""
    title: str = ""
    """Where it leads, as a path of terms."""
    code: str = ""


class Term(msgspec.Struct, frozen=True):
    """One term of a book. `ordinal` is its place in this edition of the book."""

    book: Book
    ordinal: int
    level: int
    title: str
    path: tuple[str, ...]
    """Titles of the terms above, main term first."""
    code: str
    manifestation: str
    see: str
    see_also: str
    category: str
    """Printed after "see category" or "see subcategory"."""
    cells: tuple[str, ...]
    """Of a table: the codes of its six columns as printed; "" or dashes where there is none."""
    below: int
    """How many terms lie anywhere below."""
    receipt: Receipt


class Leading(msgspec.Struct, frozen=True):
    """A term that leads to a code, or to a heading above it."""

    term: Term
    printed: str
    role: str
    """"code", "manifestation", "see_category", "see_subcategory", or the name of a table's column."""
    exact: bool
    """The code itself, not a heading above it."""


class LeadingTerms(msgspec.Struct, frozen=True):
    """`terms` are the first of `total`, the most specific first."""

    book: Book
    edition: Edition
    terms: tuple[Leading, ...]
    total: int


class Step(msgspec.Struct, frozen=True):
    """A term with everything that the walk shows of it."""

    term: Term
    codes: tuple[NamedCode, ...]
    references: tuple[Reference, ...]


class Walk(msgspec.Struct, frozen=True):
    """Where a walk stands: at a term (`here`), or before a choice between terms (`choices`)."""

    as_of: date
    book: Book
    book_name: str
    edition: str
    edition_note: str
    """What has to be said of the edition: that it has ended, or that none is held for the date."""
    codes_edition: str
    asked: str
    rest: str
    """The part of what was asked for that no term answers."""
    here: Step | None
    trail: tuple[Term, ...]
    """The terms above, main term first."""
    below: tuple[Step, ...]
    choices: tuple[Term, ...]
    choices_total: int


class Column(msgspec.Struct, frozen=True):
    """A cell of a table. `code` is None where the table has a dash: there is no such code."""

    column: str
    printed: str
    code: NamedCode | None


class Row(msgspec.Struct, frozen=True):
    term: Term
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]


class TableAnswer(msgspec.Struct, frozen=True):
    """Rows of the neoplasm table, or of the table of drugs; the best match first. `total` is the true count."""

    as_of: date
    book: Book
    book_name: str
    edition: str
    edition_note: str
    codes_edition: str
    asked: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    notes: tuple[str, ...]


class Listed(msgspec.Struct, frozen=True):
    """A term for a search index: what it is called, with what stands above it, and where it leads."""

    ordinal: int
    title: str
    path: tuple[str, ...]
    nonessential: str
    codes: tuple[str, ...]
    """As printed."""
    see: str
