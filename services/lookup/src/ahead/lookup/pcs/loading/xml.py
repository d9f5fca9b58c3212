"""Reads the XML files of ICD-10-PCS as a tree whose elements know their line.

Expat is used directly: it tells lines, and lets us refuse what an official file never has: a document type,
entities, references to elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

MAX_DEPTH = 16
"""The real files are nested 8 deep."""
MAX_ELEMENTS = 500_000
"""The largest real file has 60,000."""
MAX_TEXT = 20_000
MAX_BYTES = 64 * 1024 * 1024
_CHUNK = 1 << 18


@dataclass(slots=True)
class Element:
    tag: str
    line: int
    attributes: Mapping[str, str]
    text: str = ""
    children: list["Element"] = field(default_factory=list["Element"])

    def all(self, *tags: str) -> Iterator["Element"]:
        return (child for child in self.children if child.tag in tags)

    def first(self, tag: str) -> str:
        """The text of the first child of that name, or ""."""
        return next((child.text for child in self.all(tag)), "")


def parse(file: InputFile, root: str) -> Element:
    """
    Raises:
        Refused: cut off, not well-formed, another kind of file, or with what an official file never has.
    """
    reader = _Reader(file.name, root)
    read = 0
    try:
        with file.reading() as stream:
            while chunk := stream.read(_CHUNK):
                read += len(chunk)
                if read > MAX_BYTES:
                    raise Refused(file.name, f"is larger than {MAX_BYTES:,} bytes")
                reader.parser.Parse(chunk, False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        text = expat.ErrorString(error.code) or "broken"
        raise Refused(file.name, f"is cut off or not well-formed XML: {text}", line=error.lineno) from None
    except (ValueError, LookupError) as error:  # an encoding that Python doesn't know or can't decode
        raise Refused(file.name, f"can't be decoded: {error}") from None
    assert reader.root is not None, "well-formed XML has a root"
    return reader.root


class _Reader:
    def __init__(self, name: str, root: str) -> None:
        self.root: Element | None = None
        self._name = name
        self._wanted = root
        self._open: list[Element] = []
        self._elements = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self.parser.ExternalEntityRefHandler = self._declared
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def _refuse(self, reason: str) -> Refused:
        return Refused(self._name, reason, line=self.parser.CurrentLineNumber)

    def _declared(self, *_: object) -> int:
        raise self._refuse("declares a document type or entities, which official files don't: refused")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, self.parser.CurrentLineNumber, attributes)
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise self._refuse(f"has more than {MAX_ELEMENTS:,} elements")
        if self._open:
            self._open[-1].children.append(element)
        elif tag != self._wanted:
            raise self._refuse(f"begins with <{tag}>, where <{self._wanted}> is expected")
        else:
            self.root = element
        self._open.append(element)
        if len(self._open) > MAX_DEPTH:
            raise self._refuse(f"is nested deeper than {MAX_DEPTH} elements")

    def _end(self, _: str) -> None:
        element = self._open.pop()
        element.text = " ".join(element.text.split())

    def _characters(self, data: str) -> None:
        if self._open:
            element = self._open[-1]
            element.text += data
            if len(element.text) > MAX_TEXT:
                raise self._refuse(f"has a text of more than {MAX_TEXT:,} characters")
