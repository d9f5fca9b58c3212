"""Reads the XML files of ICD-10-PCS as a tree whose elements know their line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.xml import XmlReader

MAX_DEPTH = 16
"""The real files are nested 8 deep."""
MAX_ELEMENTS = 500_000
"""The largest real file has 60,000."""
MAX_TEXT = 20_000
MAX_BYTES = 64 * 1024 * 1024


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
    with file.reading() as stream:
        reader.read(stream, limit=MAX_BYTES)
    assert reader.root is not None, "well-formed XML has a root"
    return reader.root


class _Reader(XmlReader):
    max_depth = MAX_DEPTH
    max_text = MAX_TEXT

    def __init__(self, name: str, root: str) -> None:
        super().__init__(name)
        self.root: Element | None = None
        self._wanted = root
        self._open: list[Element] = []
        self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, self.line, attributes)
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise self.refuse(f"has more than {MAX_ELEMENTS:,} elements")
        if self._open:
            parent = self._open[-1]
            parent.text = f"{parent.text} {self.taken()}".strip()
            parent.children.append(element)
        elif tag != self._wanted:
            raise self.refuse(f"begins with <{tag}>, where <{self._wanted}> is expected")
        else:
            self.root = element
        self._open.append(element)

    def end(self, tag: str, text: str) -> None:
        element = self._open.pop()
        element.text = f"{element.text} {text}".strip()
