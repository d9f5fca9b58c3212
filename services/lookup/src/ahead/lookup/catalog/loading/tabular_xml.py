"""Reads the tabular list of ICD-10-CM in the XML that CMS and NCHS publish, of any year."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from .refusal import Refused
from .xml import XmlReader

ROOT = "ICD10CM.tabular"
MAX_DEPTH = 24
"""The real files are nested 13 deep."""
MAX_TEXT = 20_000

NOTE_KINDS = {
    "includes": "includes",
    "inclusionTerm": "inclusion_term",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
    "notes": "note",
    "sevenChrNote": "seventh_character_note",
}
_IGNORED = {"introduction", "sectionIndex"}
_TABLES = {"visualImpairment"}
"""One table (H54): read as lines of text, so that nothing printed in the tabular list is lost."""


@dataclass(slots=True)
class EntryNote:
    kind: str
    text: str
    line: int
    key: str = ""


@dataclass(slots=True)
class Entry:
    """A chapter, section or diagnosis as printed; `line` is 1-based."""

    tag: str
    line: int
    name: str = ""
    title: str = ""
    notes: list[EntryNote] = field(default_factory=list[EntryNote])
    seventh: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    """(character, meaning, line)"""
    children: list["Entry"] = field(default_factory=list["Entry"])


@dataclass(slots=True)
class Tabular:
    version: str
    chapters: list[Entry]


def parse(stream: BinaryIO, file_name: str, progress: Callable[[int], None] | None = None) -> Tabular:
    """Reads a whole tabular list.

    Args:
        stream: the XML, not zipped.
        progress: called with the bytes read so far.

    Raises:
        Refused: it is not well-formed, not a tabular list, or has what such a list never has.
    """
    reader = _Reader(file_name)
    reader.read(stream, progress)
    if not reader.chapters:
        raise Refused(file_name, "holds no chapter")
    return Tabular(reader.version, reader.chapters)


class _Reader(XmlReader):
    """Collects entries. A stack of open elements tells what a text belongs to."""

    max_depth = MAX_DEPTH
    max_text = MAX_TEXT

    def __init__(self, file_name: str) -> None:
        super().__init__(file_name)
        self.version = ""
        self.chapters: list[Entry] = []
        self._tags: list[str] = []
        self._entries: list[Entry] = []
        self._start_line = 0
        self._character = ""
        self._table: list[str] | None = None
        self._skip = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._tags and tag != ROOT:
            raise self.refuse(f"is XML of another kind: begins with <{tag}>, a tabular list with <{ROOT}>")
        self._tags.append(tag)
        if self._skip or tag in _IGNORED:
            self._skip += 1
            return
        self._start_line = self.line
        if tag in ("chapter", "section", "diag"):
            self._open(tag, attributes)
        elif tag == "extension":
            self._character = attributes.get("char", "")
        elif tag in _TABLES:
            self._table = []

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._entries[-1] if self._entries else None
        expected = {"chapter": (None,), "section": ("chapter", "section"), "diag": ("section", "diag")}[tag]
        if (parent.tag if parent else None) not in expected:
            raise self.refuse(f"has a <{tag}> in a place where it can't stand")
        entry = Entry(tag, self.line, attributes.get("id", "").strip().upper())
        (parent.children if parent else self.chapters).append(entry)
        self._entries.append(entry)

    def end(self, tag: str, text: str) -> None:
        self._tags.pop()
        if self._skip:
            self._skip -= 1
            return
        if tag in ("chapter", "section", "diag"):
            self._close(self._entries.pop())
        elif tag in _TABLES:
            self._end_table(self._entries[-1])
        elif self._table is not None:
            if text:
                self._table.append(text)
        elif not self._entries:
            if tag == "version":
                self.version = text
        else:
            self._field(self._entries[-1], tag, text)

    def _close(self, entry: Entry) -> None:
        if not entry.name:
            raise self.refuse(f"has a {entry.tag} without a name (begun in line {entry.line})")
        if not entry.title:
            raise self.refuse(f"has no title for {entry.name}")

    def _end_table(self, entry: Entry) -> None:
        cells, self._table = self._table or [], None
        if cells:
            entry.notes.append(EntryNote("note", " | ".join(cells), entry.line))

    def _field(self, entry: Entry, tag: str, text: str) -> None:
        if tag == "name":
            entry.name = text.upper()
        elif tag == "desc":
            entry.title = text
        elif tag == "extension":
            self._extension(entry, text)
        elif tag == "note" and text:
            holder = self._tags[-1]
            if holder == "sevenChrDef":
                self._value_note(entry, text)
            elif kind := NOTE_KINDS.get(holder):
                entry.notes.append(EntryNote(kind, text, self._start_line))
            else:
                raise self.refuse(f"has a note in <{holder}>, which this loader doesn't know")

    def _extension(self, entry: Entry, text: str) -> None:
        if len(self._character) != 1 or not text:
            raise self.refuse(f"has a 7th character without a letter or meaning at {entry.name}")
        entry.seventh.append((self._character.upper(), text, self._start_line))

    def _value_note(self, entry: Entry, text: str) -> None:
        """A note after a 7th character is an inclusion term of that value ("open fracture NOS" after B), but
        not after S, sequela: W08 has its own inclusion term "Fall from stool" there by mistake."""
        character = entry.seventh[-1][0] if entry.seventh else ""
        key = "" if character == "S" else character
        entry.notes.append(EntryNote("inclusion_term", text, self._start_line, key))
