"""One part of a message: its type, charset, name and body.

The standard library's parser fills it, and asks it itself for its type several times a part; where the standard
library goes through all fields for each question and reads parameters letter by letter, the plain forms, which
nearly all parts have, are read at once here. Whatever is in the least unusual (folded or encoded parameters,
comments, bytes outside of ASCII) is left to the standard library.
"""

import re
from email.message import Message
from email.policy import Compat32, compat32
from typing import TYPE_CHECKING, Any

from ahead.consultant.reading.charsets import decode_html, decode_text, keeps_ascii
from ahead.consultant.reading.headers import decoded

if TYPE_CHECKING:
    _Message = Message[Any, Any]
else:
    _Message = Message

_VALUE = r"(?:\"[^\x00-\x1f\"\\<>]*\"|[^\x00-\x20;\"\\()<>*%']+)"
_PLAIN = re.compile(rf"[^\x00-\x20;\"\\()<>]*[ \t]*(?:;[ \t\r\n]*[\w-]+={_VALUE}[ \t]*)*;?[ \t]*", re.ASCII)
_PARAMETER = re.compile(rf";[ \t\r\n]*([\w-]+)=({_VALUE})", re.ASCII)
_ENCODED = ("base64", "quoted-printable", "uu")
_UNREADABLE = (ValueError, LookupError, IndexError, TypeError)


class Part(_Message):
    """A part, or the whole message. What is added to the standard library's class raises nothing."""

    def __init__(self, policy: Compat32 = compat32) -> None:
        super().__init__(policy)
        self._first: dict[str, Any] = {}
        self._kind = ""

    def set_raw(self, name: str, value: Any) -> None:
        super().set_raw(name, value)
        self._first.setdefault(name.lower(), value)
        self._kind = ""

    def get(self, name: str, failobj: Any = None) -> Any:
        value = self._first.get(name.lower())
        if value is None:
            return failobj
        return value if _is_plain(value) else super().get(name, failobj)

    def get_content_type(self) -> str:
        if self._kind:
            return self._kind
        value = self._first.get("content-type")
        if value is None:
            return self.get_default_type()  # not kept: the parser may still set it
        if _is_plain(value):
            kind = value.partition(";")[0].strip().lower()
            self._kind = kind if kind.count("/") == 1 else "text/plain"
        else:
            self._kind = super().get_content_type()
        return self._kind

    def get_content_maintype(self) -> str:
        return self.get_content_type().partition("/")[0]

    @property
    def type(self) -> str:
        """In lower case; ``text/plain`` where it can't be told."""
        try:
            return self.get_content_type()
        except _UNREADABLE:
            return "text/plain"

    @property
    def inner(self) -> "list[Part]":
        """The parts within, if it has any."""
        payload: Any = self.get_payload() if self.is_multipart() else []
        return [one for one in payload if isinstance(one, Part)]

    @property
    def charset(self) -> str | None:
        value = self._first.get("content-type")
        if value is None or _lacks(value, "charset"):
            return None
        if (parameters := _parameters(value)) is not None:
            found = parameters.get("charset")
            return found.lower() if found is not None else None
        try:
            charset = self.get_content_charset()
        except _UNREADABLE:
            return None
        return charset if isinstance(charset, str) else None

    @property
    def disposition(self) -> str:
        value = self._first.get("content-disposition")
        if value is None:
            return ""
        if _is_plain(value):
            return value.partition(";")[0].strip().lower()
        try:
            return self.get_content_disposition() or ""
        except _UNREADABLE:
            return ""

    @property
    def name(self) -> str:
        """The file's name; ``unnamed`` where it has one that can't be read, empty where it has none."""
        for field, parameter in (("content-disposition", "filename"), ("content-type", "name")):
            value = self._first.get(field)
            if value is None or _lacks(value, "name"):
                continue
            parameters = _parameters(value)
            if parameters is None:
                break
            if parameter in parameters:
                return decoded(parameters[parameter].strip())[:200]
        else:
            return ""
        try:
            return decoded(self.get_filename() or "")[:200]
        except _UNREADABLE:
            return "unnamed"

    @property
    def text(self) -> str:
        """The body of a text part, decoded."""
        charset = self.charset
        page = self.type == "text/html"
        # Nothing to decode; but a page that is sent without a charset may name one itself.
        if (charset or not page) and not self._is_encoded and keeps_ascii(charset):
            raw = self._raw
            if raw and raw.isascii():
                return raw
        return (decode_html if page else decode_text)(self.body, charset)

    @property
    def _raw(self) -> str:
        """The body as it came."""
        try:
            payload: Any = self.get_payload()
        except _UNREADABLE:
            return ""
        return payload if isinstance(payload, str) else ""

    @property
    def _is_encoded(self) -> bool:
        value = self._first.get("content-transfer-encoding")
        return value is not None and any(one in str(value).lower() for one in _ENCODED)

    @property
    def body(self) -> bytes:
        """As bytes, the transfer encoding undone."""
        try:
            data: Any = self.get_payload(decode=True)
        except _UNREADABLE:
            data = None
        return data if isinstance(data, bytes) else self._raw.encode("utf-8", "surrogateescape")


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and value.isascii()


def _lacks(value: Any, word: str) -> bool:
    """Most fields have no such parameter."""
    return isinstance(value, str) and word not in value.lower()


def _parameters(value: Any) -> dict[str, str] | None:
    """Parameters by name in lower case, the first of each; None where the field isn't of the plain form."""
    if not _is_plain(value) or not _PLAIN.fullmatch(value):
        return None
    found: dict[str, str] = {}
    for name, one in _PARAMETER.findall(value):
        found.setdefault(name.lower(), one.strip('"'))
    return found
