"""Addresses that no link and no form of ours makes are refused before anything reads them."""

import re

from litestar.types import ASGIApp, Receive, Scope, Send

from ahead.shared.errors import BadInput, Problem

MAX_PATH = 2048
MAX_QUERY = 8192

_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(rb"%(?:[01][0-9A-Fa-f]|7[Ff])|[\x00-\x1f\x7f]")
_CONTROL_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")
# Line breaks and tabs arrive in queries from text areas; everything else below a space is no text.
_BREAKS = re.compile(rb"%(?:0[9AaDd])")


def _unquote(raw: bytes) -> bytes:
    if b"%" not in raw:
        return raw
    head, *parts = raw.split(b"%")
    return b"".join([head, *(bytes([int(part[:2], 16)]) + part[2:] for part in parts)])


def check_address(path: bytes, query: bytes) -> None:
    """Refuse an address by its raw bytes.

    Raises:
        Problem: 414 when it is too long; 400 for control characters, broken percent-encoding or bytes that
            are no UTF-8.
    """
    if len(path) > MAX_PATH or len(query) > MAX_QUERY:
        what, most = ("path", MAX_PATH) if len(path) > MAX_PATH else ("query", MAX_QUERY)
        raise Problem(
            "address-too-long",
            "That address is too long",
            414,
            f"The {what} of the address is longer than {most} characters.",
            hint="Shorten the search text, or send long lists with the form of the tool that takes them.",
        )
    for part, raw in (("path", path), ("query", query)):
        if not raw or (raw.isascii() and b"%" not in raw and not _CONTROL.search(raw)):
            continue
        if _PERCENT.search(raw):
            raise BadInput(
                f"The {part} of the address has a % that is not followed by two hexadecimal digits."
            )
        if _CONTROL.search(_BREAKS.sub(b"", raw) if part == "query" else raw):
            raise BadInput(f"The {part} of the address has a control character.")
        try:
            _unquote(raw).decode("utf-8")
        except UnicodeDecodeError:
            raise BadInput(f"The {part} of the address is not valid UTF-8.") from None


class HostileInputMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            raw_path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass")
            check_address(raw_path.partition(b"?")[0], scope["query_string"])
            check_text(scope["path"], "The path of the address")
        await self._app(scope, receive, send)


def check_text(text: str, what: str) -> None:
    if _CONTROL_TEXT.search(text):
        raise BadInput(f"{what} has a control character.")


def clean_text(text: str, *, what: str, max_length: int) -> str:
    """Text that a person typed, trimmed and fit to be stored and shown.

    Args:
        what: how the field is called in the message, such as ``The search text``.
        max_length: most characters after trimming.

    Raises:
        BadInput: when it has control characters (line breaks and tabs are fine) or is too long.
    """
    check_text(text, what)
    text = text.strip()
    if len(text) > max_length:
        raise BadInput(
            f"{what} is {len(text):,} characters long; the most is {max_length:,}.",
            hint="Shorten it and try again.",
        )
    return text
