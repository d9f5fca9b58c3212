"""Header fields as text: the standard library raises on some real ones, so every read is guarded."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from typing import Any

from ahead.consultant.reading.charsets import decode_text

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}>")
MAX_VALUE = 8_000


def decoded(value: Any) -> str:
    """A raw value, with encoded words decoded and folding undone."""
    # Most are plain: nothing to decode.
    if isinstance(value, str) and "=?" not in value and value.isascii():
        plain = _FOLD.sub(" ", value) if "\n" in value or "\r" in value else value
        return plain[:MAX_VALUE].replace("\0", "").strip()
    raw = _text_of(value)
    # No more of an endless one than what is kept is made of; an encoded word has 75 signs.
    for cut in (2 * MAX_VALUE, 15 * MAX_VALUE):
        text = _FOLD.sub(" ", _without_encoding(raw[:cut]))
        if len(raw) <= cut or len(text) > MAX_VALUE + 100:
            break
    return text[:MAX_VALUE].replace("\0", "").strip()


def _without_encoding(raw: str) -> str:
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError, IndexError):
        return raw
    return "".join(
        piece if isinstance(piece, str) else decode_text(piece, charset) for piece, charset in pieces
    )


def _text_of(value: Any) -> str:
    """What compat32 hands out: text, or a Header that holds bytes outside of ASCII."""
    try:
        text = str(value)
    except (UnicodeError, ValueError, LookupError):
        text = repr(value)
    try:
        return decode_text(text.encode("ascii", "surrogateescape"), None)
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8", "replace")


def all_headers(message: "Message[Any, Any]") -> tuple[tuple[str, str], ...]:
    """(name in lower case, decoded value), in order."""
    return tuple((name.lower(), decoded(value)) for name, value in message.raw_items())


def addresses(value: str) -> tuple[str, ...]:
    """The plain addresses in a field, in lower case; what can't be one is left out."""
    try:
        found = getaddresses([value])
    except (ValueError, IndexError, TypeError):
        found = [parseaddr(value)]
    return tuple(address.lower() for _, address in found if "@" in address and len(address) <= 320)


def message_ids(value: str) -> tuple[str, ...]:
    return tuple(_MESSAGE_ID.findall(value))[:200]
