"""What the guidelines answer: immutable structs, encoded as JSON as they are."""

from datetime import date
from typing import Literal

import msgspec

from ahead.lookup.catalog.schemas import Edition, Receipt

Why = Literal["code", "heading", "range", "part", "chapter", "general"]
"""It names the code itself; a heading above it; a range that it lies in; it is a part of a section that does; it is
in the chapter's guidelines and names no codes; it holds for every code."""


class SectionRef(msgspec.Struct, frozen=True):
    number: str
    heading: str
    page: int


class GuidelineSection(msgspec.Struct, frozen=True):
    """One numbered section. `text` is its own, without that of the sections below; paragraphs are parted by an
    empty line. `receipt.row` is the page."""

    number: str
    heading: str
    text: str
    page: int
    last_page: int
    chapter: int | None
    above: tuple[SectionRef, ...]
    below: tuple[SectionRef, ...]
    names: tuple[str, ...]
    """Codes and ranges as printed."""
    receipt: Receipt


class Governing(msgspec.Struct, frozen=True):
    """A section that governs a code: `why`, and what of it names the code ("E08-E13")."""

    section: GuidelineSection
    why: Why
    named: str
    """As printed; empty where no code is named."""


class GoverningSections(msgspec.Struct, frozen=True):
    """The most specific first; those that hold for every code last."""

    edition: Edition
    sections: tuple[Governing, ...]


class Hit(msgspec.Struct, frozen=True):
    """A section that has the words; `excerpt` is the stretch of its text around the first of them."""

    section: SectionRef
    excerpt: str
    receipt: Receipt


class GuidelineAnswer(msgspec.Struct, frozen=True):
    """Answers by number (`section`), by words (`hits` of `total`) or by code (`governing`)."""

    as_of: date
    edition: str
    edition_note: str
    """What has to be said of the edition: that it has ended, or that none is held for the date."""
    section: GuidelineSection | None = None
    hits: tuple[Hit, ...] = ()
    total: int = 0
    code: str = ""
    governing: tuple[Governing, ...] = ()
    contents: tuple[SectionRef, ...] = ()
    """Where nothing was asked for: the sections down to chapters."""
