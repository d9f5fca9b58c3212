"""Reads an index book of ICD-10-CM: one XML form for the two indexes, the neoplasm table and the table of drugs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.xml import XmlReader

ROOT = "ICD10CM.index"
MAX_LEVEL = 9
MAX_TEXT = 4_000
"""The longest text of a real book has 331 characters."""
MAX_ENTRIES = 500_000

_FIELDS = {
    "nemod": "nonessential",
    "see": "see",
    "seeAlso": "see_also",
    "code": "code",
    "manif": "manifestation",
    "seecat": "see_category",
    "subcat": "see_subcategory",
}
_CODED = ("code", "manifestation", "see_category", "see_subcategory")
_KNOWN = {ROOT, "version", "title", "letter", "indexHeading", "head", "mainTerm", "term", "cell", *_FIELDS}
_ADDENDUM = {"diff", "old", "new", "unc"}
_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?\.?-?")
_NOTHING = re.compile(r"-{1,2}")


@dataclass(slots=True)
class Entry:
    """A term as printed. `line` is 1-based; `cells` are columns 2 to 7, "" where the file has none."""

    ordinal: int
    level: int
    line: int
    parent: "Entry | None"
    title: str = ""
    nonessential: str = ""
    tail: str = ""
    see: str = ""
    see_also: str = ""
    code: str = ""
    manifestation: str = ""
    see_category: str = ""
    see_subcategory: str = ""
    cells: list[str] | None = None
    last: int = 0


@dataclass
class Printed:
    """A whole book. `remark` is the comment that stands before it, if any: a rebuilt file says so there."""

    version: str = ""
    title: str = ""
    remark: str = ""
    heads: dict[int, str] = field(default_factory=dict[int, str])
    entries: list[Entry] = field(default_factory=list[Entry])
    odd: int = 0
    """Terms with something else where a code should stand; it is kept as a reference in words."""


def key_of(printed: str) -> str:
    """A printed code without dot and dash: "E11.-" is "E11"."""
    return printed.replace(".", "").rstrip("-")


def parse(stream: BinaryIO, name: str, progress: Callable[[int], None] | None = None) -> Printed:
    """Reads a whole book.

    Args:
        progress: called with the bytes read so far.

    Raises:
        Refused: it is not well-formed, not such a book, an addendum to one, or has what such a book never has.
    """
    reader = _Reader(name)
    reader.read(stream, progress)
    if not reader.found.entries:
        raise Refused(name, "holds no term")
    return reader.found


class _Reader(XmlReader):
    """Collects terms."""

    max_text = MAX_TEXT

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.found = Printed()
        self._tags: list[str] = []
        self._open: list[Entry] = []
        self._column = 0

    def comment(self, text: str) -> None:
        if not self._tags and not self.found.entries:
            self.found.remark = " ".join(f"{self.found.remark} {text}".split())[:2_000]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._tags and tag != ROOT:
            raise self.refuse(f"begins with <{tag}>, an index of ICD-10-CM with <{ROOT}>")
        if tag in _ADDENDUM:
            raise self.refuse("is an addendum (it marks old and new text): load the complete index")
        if tag not in _KNOWN:
            raise self.refuse(f"has a <{tag[:40]}>, which this loader doesn't know")
        if tag == "nemod" and self._open:
            self._open[-1].title = self.taken()
        self._tags.append(tag)
        if tag in ("mainTerm", "term"):
            self._begin(tag, attributes)
        elif tag in ("cell", "head"):
            column = attributes.get("col", "")
            if column not in "1234567" or len(column) != 1:
                raise self.refuse(f"has a <{tag}> without a column from 1 to 7")
            self._column = int(column)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        level = len(self._open)
        if (tag == "mainTerm") != (parent is None):
            raise self.refuse(f"has a <{tag}> in a place where it can't stand")
        if level > MAX_LEVEL:
            raise self.refuse(f"is nested deeper than {MAX_LEVEL} levels")
        if tag == "term" and attributes.get("level") != str(level):
            raise self.refuse(f"has a term of level {attributes.get('level', '')[:4]!r} where {level} is")
        if len(self.found.entries) >= MAX_ENTRIES:
            raise self.refuse(f"has more than {MAX_ENTRIES:,} terms")
        entry = Entry(len(self.found.entries) + 1, level, self.line, parent)
        self.found.entries.append(entry)
        self._open.append(entry)

    def end(self, tag: str, text: str) -> None:
        self._tags.pop()
        if tag in ("mainTerm", "term"):
            entry = self._open.pop()
            entry.last = len(self.found.entries)
            if not entry.title and not entry.nonessential:
                raise self.refuse(f"has a term without a title (begun in line {entry.line})")
        elif not self._open:
            if tag == "version":
                self.found.version = text
            elif tag == "title" and self._tags == [ROOT]:
                self.found.title = text
            elif tag == "head":
                self.found.heads[self._column] = text
        else:
            self._field(self._open[-1], tag, text)

    def _field(self, entry: Entry, tag: str, text: str) -> None:
        if tag == "title":
            if entry.nonessential:
                entry.tail = text
            else:
                entry.title = text
        elif tag == "cell":
            self._cell(entry, text)
        elif name := _FIELDS.get(tag):
            if name in _CODED and not _CODE.fullmatch(text):
                # The neoplasm table has words in a place for a code, once.
                self.found.odd += 1
                entry.see_also = f"{entry.see_also}; {text}" if entry.see_also else text
            elif getattr(entry, name):
                raise self.refuse(f"has a second <{tag}> in one term")
            else:
                setattr(entry, name, text)

    def _cell(self, entry: Entry, text: str) -> None:
        if self._column == 1:
            raise self.refuse("has a cell in the column of the title")
        if text and not _CODE.fullmatch(text) and not _NOTHING.fullmatch(text):
            raise self.refuse(f"has {text[:20]!r} where a code stands")
        if entry.cells is None:
            entry.cells = [""] * 6
        if entry.cells[self._column - 2]:
            raise self.refuse(f"has column {self._column} twice in one term")
        entry.cells[self._column - 2] = text
