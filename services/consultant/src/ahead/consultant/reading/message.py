"""A message taken apart: its headers, what its author wrote, every word of it, and what was attached."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Any, TypeAlias

from ahead.consultant.reading.charsets import decode_html, decode_text
from ahead.consultant.reading.headers import addresses, all_headers, decoded, message_ids
from ahead.consultant.reading.html import visible_text, whole_text

MAX_PARTS = 1_000
AnyMessage: TypeAlias = "Message[Any, Any]"


@dataclass(frozen=True)
class Attachment:
    """What hung on the mail. ``size`` in bytes, decoded."""

    name: str
    type: str
    size: int
    body: bytes = field(default=b"", repr=False)


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
        message: AnyMessage = message_from_bytes(raw, policy=compat32)
    except (RecursionError, ValueError, LookupError, TypeError):
        return ReadMessage((), decode_text(raw, None), decode_text(raw, None), defects=("unreadable",))
    return _Reader(message).read()


class _Reader:
    def __init__(self, message: AnyMessage) -> None:
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

    def _one(self, part: AnyMessage, inside: bool, plain: list[str], html: list[str]) -> None:
        kind = _type_of(part)
        self._types.append(kind)
        if part.defects:
            self._defects += [type(defect).__name__ for defect in part.defects]
        if part.is_multipart():
            if kind.startswith("message/"):
                self._headers_inside(part, kind)
            for around in (part.preamble, part.epilogue):
                if around and around.strip() and not around.startswith("This is a multi-part"):
                    self._everything.append(decode_text(around.encode("utf-8", "surrogateescape"), None))
            return
        data = _bytes_of(part)
        name = _name_of(part)
        if not kind.startswith(("text/", "message/", "multipart/")):
            self._attachments.append(Attachment(name or "unnamed", kind, len(data), data))
            return
        charset = _charset_of(part)
        attached = bool(name) or _disposition_of(part) == "attachment"
        if kind == "text/html":
            page = decode_html(data, charset)
            self._everything.append(whole_text(page))
            self._parts.append((kind, self._everything[-1]))
            if not attached and not inside:
                html.append(page)  # laid out only where there is no plain text
        else:
            text = decode_text(data, charset)
            self._everything.append(text)
            self._parts.append((kind, text))
            if not attached and not inside and kind in ("text/plain", "multipart/mixed", "text/enriched"):
                plain.append(text)
        if attached:
            self._attachments.append(Attachment(name or "unnamed", kind, len(data), data))

    def _headers_inside(self, part: AnyMessage, kind: str) -> None:
        inner: Any = part.get_payload()
        for one in inner if isinstance(inner, list) else []:
            if isinstance(one, Message):
                lines = "\n".join(f"{name}: {value}" for name, value in all_headers(one))
                self._everything.append(lines)
                self._parts.append((kind, lines))


def _leaves(message: AnyMessage) -> Iterator[tuple[AnyMessage, bool]]:
    """Every part in order, without recursion; whether it lies in a message inside the message."""
    waiting: list[tuple[AnyMessage, bool]] = [(message, False)]
    while waiting:
        part, inside = waiting.pop()
        yield part, inside
        if part.is_multipart():
            payload: Any = part.get_payload()
            inner = [one for one in reversed(payload) if isinstance(one, Message)]
            below = inside or (bool(inner) and _type_of(part).startswith("message/"))
            waiting += [(one, below) for one in inner]


def _type_of(part: AnyMessage) -> str:
    try:
        return part.get_content_type()
    except (ValueError, IndexError, LookupError, TypeError):
        return "text/plain"


def _says(part: AnyMessage, name: str, word: str) -> bool:
    """Whether a header may hold a parameter: reading parameters is what takes long, and most parts have none."""
    value: Any = part.get(name)
    return value is not None and (not isinstance(value, str) or word in value.lower())


def _charset_of(part: AnyMessage) -> str | None:
    if not _says(part, "content-type", "charset"):
        return None
    try:
        found = part.get_content_charset()
    except (ValueError, LookupError, IndexError, TypeError):
        return None
    return found if isinstance(found, str) else None


def _disposition_of(part: AnyMessage) -> str:
    if not _says(part, "content-disposition", ""):
        return ""
    try:
        return part.get_content_disposition() or ""
    except (ValueError, LookupError, IndexError, TypeError):
        return ""


def _name_of(part: AnyMessage) -> str:
    if not (_says(part, "content-disposition", "name") or _says(part, "content-type", "name")):
        return ""
    try:
        return decoded(part.get_filename() or "")[:200]
    except (ValueError, LookupError, IndexError, TypeError):
        return "unnamed"


def _bytes_of(part: AnyMessage) -> bytes:
    try:
        data: Any = part.get_payload(decode=True)
    except (ValueError, LookupError, IndexError, TypeError):
        data = None
    if isinstance(data, bytes):
        return data
    payload: Any = part.get_payload()
    return str(payload or "").encode("utf-8", "surrogateescape")


def _clean(text: str) -> str:
    """As a database can hold it: no NUL, no half characters, one kind of line end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
