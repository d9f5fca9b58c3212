"""The reader of official XML: what all its forms have in common.

Expat is used directly: it tells the line of every element (its receipt), streams, and lets us refuse what an official
file never has: a document type, entities, references to elsewhere.
"""

from collections.abc import Callable
from typing import BinaryIO
from xml.parsers import expat

from .refusal import Refused

_CHUNK = 1 << 18
_CUT_OFF = {
    expat.errors.codes[name]
    for name in (
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}
_NOTHING = expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]


class XmlReader:
    """Reads a stream by the calls `start`, `end`, `characters` and `comment`, which a form of file overrides.

    Attributes:
        name: of the file, for refusals.
        depth: of the elements that are open; `max_depth` at most.
        max_text: characters between two tags.
    """

    max_depth = 24
    max_text = 20_000

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self._text: list[str] = []
        self._length = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._said
        parser.CommentHandler = self.comment
        parser.StartDoctypeDeclHandler = self._declared
        parser.EntityDeclHandler = self._declared
        parser.ExternalEntityRefHandler = self._external
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str, text: str) -> None:
        """An element ends, after that text since the tag before, its blanks tidied."""

    def comment(self, text: str) -> None:
        """Something beside the elements."""

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    def refuse(self, reason: str) -> Refused:
        return Refused(self.name, reason, line=self.line)

    def taken(self) -> str:
        """The text since the tag before, which is used up by this."""
        text = " ".join("".join(self._text).split())
        self._text.clear()
        self._length = 0
        return text

    def read(
        self, stream: BinaryIO, progress: Callable[[int], None] | None = None, *, limit: int = 1 << 30
    ) -> None:
        """Reads it all.

        Args:
            progress: called with the bytes read so far.
            limit: bytes that the file may have.

        Raises:
            Refused: cut off, not well-formed, too large, or with what an official file never has.
        """
        read = 0
        try:
            while chunk := stream.read(_CHUNK):
                read += len(chunk)
                if read > limit:
                    raise Refused(self.name, f"is larger than {limit:,} bytes")
                self._parser.Parse(chunk, False)
                if progress is not None:
                    progress(read)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Refused(self.name, _broken(error), line=error.lineno) from None
        except (ValueError, LookupError) as error:  # an encoding that Python doesn't know or can't decode
            raise Refused(self.name, f"can't be decoded: {error}", line=self.line) from None

    def _started(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.max_depth:
            raise self.refuse(f"is nested deeper than {self.max_depth} elements")
        self.start(tag, attributes)
        self._text.clear()
        self._length = 0

    def _ended(self, tag: str) -> None:
        self.depth -= 1
        self.end(tag, self.taken())

    def _said(self, data: str) -> None:
        self._text.append(data)
        self._length += len(data)
        if self._length > self.max_text:
            raise self.refuse(f"has a text of more than {self.max_text} characters")

    def _declared(self, *_: object) -> None:
        raise self.refuse("declares a document type or entities, which official files don't: refused")

    def _external(self, *_: object) -> int:
        raise self.refuse("refers to something outside itself: refused")


def _broken(error: expat.ExpatError) -> str:
    text = expat.ErrorString(error.code) or "broken XML"
    if error.code == _NOTHING:
        return "is cut off or empty: the XML doesn't end"
    return f"is cut off: {text}" if error.code in _CUT_OFF else f"is not well-formed XML: {text}"
