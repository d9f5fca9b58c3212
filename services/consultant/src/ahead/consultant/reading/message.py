"""A message taken apart: its headers, what its author wrote, every word of it, and what was attached."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesFeedParser
from email.policy import compat32
from functools import cached_property
from typing import cast

from ahead.consultant.reading.charsets import decode_text
from ahead.consultant.reading.headers import addresses, all_headers, message_ids
from ahead.consultant.reading.html import visible_text, whole_text
from ahead.consultant.reading.part import Part

MAX_PARTS = 1_000


class Attachment:
    """What hung on the mail; decoded when somebody asks for it, which is for people with an account only."""

    def __init__(self, name: str, part: Part) -> None:
        self.name = name
        self.type = part.type
        self._part = part

    @cached_property
    def body(self) -> bytes:
        return self._part.body

    @property
    def size(self) -> int:
        """Bytes, decoded."""
        return len(self.body)


@dataclass(frozen=True)
class ReadMessage:
    """One message.

    Attributes:
        headers: (lower-case name, decoded value) in order, of the outermost message.
        text: what its author shows to people: the plain text, or the HTML as text.
        everything: every word of every text part, also of messages inside and of HTML beside plain text.
        types: content types of all parts, in order.
        parts: bodies of the parts that reports about delivery are made of: (type, text).
        defects: what was wrong with it, in a word each.
    """

    headers: tuple[tuple[str, str], ...]
    text: str
    everything: str
    attachments: tuple[Attachment, ...] = ()
    types: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    defects: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        name = name.lower()
        return tuple(value for key, value in self.headers if key == name)

    def get(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        return next(iter(self.all(name)), "")

    @property
    def sender(self) -> str:
        """The plain address in From, in lower case; empty when there is none, or more than one."""
        found = [address for value in self.all("from") for address in addresses(value)]
        return found[0] if len(set(found)) == 1 else ""

    @property
    def message_id(self) -> str:
        return next(iter(message_ids(self.get("message-id"))), "")

    @property
    def references(self) -> tuple[str, ...]:
        """What it answers to, the nearest last."""
        ids = [*message_ids(self.get("references")), *message_ids(self.get("in-reply-to"))]
        return tuple(dict.fromkeys(ids))


def read_message(raw: bytes) -> ReadMessage:
    """Take a message apart. Raises nothing, whatever the bytes are."""
    try:
        # In one piece: handed over in portions, as message_from_bytes does, each portion costs a turn per level.
        parser = BytesFeedParser(Part, policy=compat32)
        parser.feed(raw)
        message = cast(Part, parser.close())
    except (RecursionError, ValueError, LookupError, TypeError):
        return ReadMessage((), decode_text(raw, None), decode_text(raw, None), defects=("unreadable",))
    return _Reader(message).read()


class _Reader:
    def __init__(self, message: Part) -> None:
        self._message = message
        self._everything: list[str] = []
        self._attachments: list[Attachment] = []
        self._types: list[str] = []
        self._parts: list[tuple[str, str]] = []
        self._defects: list[str] = []

    def read(self) -> ReadMessage:
        plain: list[str] = []
        html: list[str] = []
        for part, inside in _leaves(self._message):
            if len(self._types) >= MAX_PARTS:
                self._defects.append("too many parts")
            self._one(part, inside, plain, html)
        text = "\n".join(piece for piece in plain if piece.strip())
        if not text.strip():
            text = "\n".join(piece for piece in map(visible_text, html) if piece.strip())
        return ReadMessage(
            headers=all_headers(self._message),
            text=_clean(text),
            everything=_clean("\n".join(self._everything)),
            attachments=tuple(self._attachments),
            types=tuple(self._types),
            parts=tuple(self._parts),
            defects=tuple(dict.fromkeys(self._defects)),
        )

    def _one(self, part: Part, inside: bool, plain: list[str], html: list[str]) -> None:
        kind = part.type
        self._types.append(kind)
        if part.defects:
            self._defects += [type(defect).__name__ for defect in part.defects]
        if part.is_multipart():
            if kind.startswith("message/"):
                for one in part.inner:
                    self._text(kind, "\n".join(f"{name}: {value}" for name, value in all_headers(one)))
            for around in (part.preamble, part.epilogue):
                if around and around.strip() and not around.startswith("This is a multi-part"):
                    self._everything.append(decode_text(around.encode("utf-8", "surrogateescape"), None))
            return
        name = part.name
        if not kind.startswith(("text/", "message/", "multipart/")):
            self._attachments.append(Attachment(name or "unnamed", part))
            return
        attached = bool(name) or part.disposition == "attachment"
        text = part.text
        self._text(kind, whole_text(text) if kind == "text/html" else text)
        if attached:
            self._attachments.append(Attachment(name or "unnamed", part))
        elif not inside and kind == "text/html":
            html.append(text)  # laid out only where there is no plain text
        elif not inside and kind in ("text/plain", "multipart/mixed", "text/enriched"):
            plain.append(text)

    def _text(self, kind: str, text: str) -> None:
        self._everything.append(text)
        self._parts.append((kind, text))


def _leaves(message: Part) -> Iterator[tuple[Part, bool]]:
    """Every part in order, without recursion; whether it lies in a message inside the message."""
    waiting: list[tuple[Part, bool]] = [(message, False)]
    while waiting:
        part, inside = waiting.pop()
        yield part, inside
        if inner := part.inner:
            below = inside or part.type.startswith("message/")
            waiting += [(one, below) for one in reversed(inner)]


def _clean(text: str) -> str:
    """As a database can hold it: no NUL, no half characters, one kind of line end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
