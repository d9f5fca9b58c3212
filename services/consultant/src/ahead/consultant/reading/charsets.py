"""Bytes to text with what they say they are, with what they are, and in the end with what never fails."""

import codecs
import re
from functools import lru_cache

_ALIASES = {
    "unknown-8bit": "utf-8",
    "8bit": "utf-8",
    "binary": "utf-8",
    "default": "utf-8",
    "x-unknown": "utf-8",
    "utf8mb4": "utf-8",
    "ansi_x3.110-1983": "latin-1",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "cp-850": "cp850",
    "x-mac-cyrillic": "mac-cyrillic",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
_SEVERAL_BYTES = ("big5", "cp950", "gb18030", "cp932", "cp949", "euc_jp", "iso2022_jp")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BOM_BEGINS = frozenset(bom[:1] for bom, _ in _BOMS)
_META = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,30})", re.IGNORECASE)


def decode_text(data: bytes, charset: str | None) -> str:
    """Never raises, never drops a byte: a byte that means nothing becomes a replacement character."""
    if data[:1] in _BOM_BEGINS:
        for bom, name in _BOMS:
            if data.startswith(bom):
                return data.decode(name, "replace")
    declared = _known(charset or "")
    for known in (declared, "utf-8"):
        if known is None:
            continue
        try:
            return data.decode(known)
        except (UnicodeError, ValueError):
            continue
    # Mostly what it says, with some bytes that don't belong there: of East Asia, where one byte is no letter.
    if declared in _SEVERAL_BYTES:
        return data.decode(declared, "replace")
    damaged = data.decode("utf-8", "replace")
    if 4 * damaged.count("\ufffd") < len(damaged) - len(damaged.encode("ascii", "ignore")):
        return damaged
    try:
        return data.decode("cp1252")
    except UnicodeError:
        return data.decode("latin-1")


def keeps_ascii(charset: str | None) -> bool:
    """Whether ASCII means itself in it, so that a body of nothing else is its own text."""
    known = _known(charset or "")
    return known is None or known in ("utf-8", "cp1252") or known.startswith("iso8859")


def decode_html(data: bytes, charset: str | None) -> str:
    """The same, where a page may name its charset itself."""
    if not charset and (named := _META.search(data[:2_000])):
        charset = named[1].decode("ascii")
    return decode_text(data, charset)


@lru_cache(maxsize=256)
def _known(name: str) -> str | None:
    name = name.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name or "\0" in name:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # "base64" and its like are codecs, but none of text.
    return found.name if getattr(found, "_is_text_encoding", True) else None
