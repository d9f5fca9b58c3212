"""Reads the tabular list of ICD-10-CM in the XML that CMS and NCHS publish, of any year.

Expat is used directly: it tells the line of every element (each node's receipt), streams, and lets us refuse
what an official file never has: a document type, entities, instructions to include something.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from .refusal import Refused

ROOT = "ICD10CM.tabular"
MAX_DEPTH = 24
"""The real files are nested 13 deep."""
MAX_TEXT = 20_000
_CHUNK = 1 << 18

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
    read = 0
    try:
        while chunk := stream.read(_CHUNK):
            reader.parser.Parse(chunk, False)
            read += len(chunk)
            if progress is not None:
                progress(read)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refused(file_name, _broken(error), line=error.lineno) from None
    except (ValueError, LookupError) as error:  # an encoding that Python doesn't know or can't decode
        raise Refused(file_name, f"can't be decoded: {error}", line=reader.line) from None
    if not reader.chapters:
        raise Refused(file_name, "holds no chapter")
    return Tabular(reader.version, reader.chapters)


def _broken(error: expat.ExpatError) -> str:
    text = expat.ErrorString(error.code) or "broken XML"
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]:
        return "is cut off or empty: the XML doesn't end"
    if error.code in (
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
        expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    ):
        return f"is cut off: {text}"
    return f"is not well-formed XML: {text}"


class _Reader:
    """Collects entries from expat's calls. A stack of open elements tells what a text belongs to."""

    def __init__(self, file_name: str) -> None:
        self.version = ""
        self.chapters: list[Entry] = []
        self._file_name = file_name
        self._tags: list[str] = []
        self._entries: list[Entry] = []
        self._text: list[str] = []
        self._text_length = 0
        self._start_line = 0
        self._character = ""
        self._table: list[str] | None = None
        self._skip = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.ExternalEntityRefHandler = self._external
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def _refuse(self, reason: str) -> Refused:
        return Refused(self._file_name, reason, line=self.line)

    def _doctype(self, *_: object) -> None:
        raise self._refuse("has a document type declaration, which official files don't: refused")

    def _entity(self, *_: object) -> None:
        raise self._refuse("declares entities, which official files don't: refused")

    def _external(self, *_: object) -> int:
        raise self._refuse("refers to something outside itself: refused")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._tags and tag != ROOT:
            raise self._refuse(f"is XML of another kind: begins with <{tag}>, a tabular list with <{ROOT}>")
        self._tags.append(tag)
        if len(self._tags) > MAX_DEPTH:
            raise self._refuse(f"is nested deeper than {MAX_DEPTH} elements")
        if self._skip or tag in _IGNORED:
            self._skip += 1
            return
        self._text.clear()
        self._text_length = 0
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
            raise self._refuse(f"has a <{tag}> in a place where it can't stand")
        entry = Entry(tag, self.line, attributes.get("id", "").strip().upper())
        (parent.children if parent else self.chapters).append(entry)
        self._entries.append(entry)

    def _characters(self, data: str) -> None:
        if not self._skip:
            self._text.append(data)
            self._text_length += len(data)
            if self._text_length > MAX_TEXT:
                raise self._refuse(f"has a text of more than {MAX_TEXT} characters")

    def _end(self, tag: str) -> None:
        self._tags.pop()
        if self._skip:
            self._skip -= 1
            return
        text = " ".join("".join(self._text).split())
        self._text.clear()
        self._text_length = 0
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
            raise self._refuse(f"has a {entry.tag} without a name (begun in line {entry.line})")
        if not entry.title:
            raise self._refuse(f"has no title for {entry.name}")

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
                raise self._refuse(f"has a note in <{holder}>, which this loader doesn't know")

    def _extension(self, entry: Entry, text: str) -> None:
        if len(self._character) != 1 or not text:
            raise self._refuse(f"has a 7th character without a letter or meaning at {entry.name}")
        entry.seventh.append((self._character.upper(), text, self._start_line))

    def _value_note(self, entry: Entry, text: str) -> None:
        """A note after a 7th character is an inclusion term of that value ("open fracture NOS" after B), but
        not after S, sequela: W08 has its own inclusion term "Fall from stool" there by mistake."""
        character = entry.seventh[-1][0] if entry.seventh else ""
        key = "" if character == "S" else character
        entry.notes.append(EntryNote("inclusion_term", text, self._start_line, key))
