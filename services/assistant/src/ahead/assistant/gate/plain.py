"""Text as it reads to the eye, in plain characters: what hides a code from a rule is undone before the rule is asked.

Invisible characters go, full-width and other digits and letters become plain ones, letters of other alphabets that
look like Latin ones become these, dashes and dots become one of each.
"""

import html
import re
import unicodedata

# Letters that look Latin and aren't: Cyrillic, Greek, and a few that Unicode doesn't fold.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗԌԚԜаеіјорсухѕһԁԛԝкмтвнАΒΕΖΗΙΚΜΝΟΡΤΥΧαικονρυχτłøıƖɑɡℓ‖∣",
    "ABESIJKMHOPCTYX3GQWaeijopcyxshdqwkmtbhABEZHIKMNOPTYXaikovpuxtloiIagl||",
)
_DOTS = re.compile("[\u00b7\u2022\u2024\u2027\u2219\u22c5\u30fb\u3002\uff0e\uff61\ufe52\u0701\u0702\u06d4]")
_DASHES = re.compile(
    "[\u00ad\u02d7\u058a\u05be\u2010-\u2015\u2043\u2212\u2500\u2796\ufe58\ufe63\uff0d\u30fc]"
)
_COMMAS = re.compile("[\u066c\u201a\u3001\ufe50\uff0c]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.I)
_ESCAPED = re.compile(r"%([2-7][0-9a-f])|\\u\{?([0-9a-f]{4})\}?|\\x([0-9a-f]{2})", re.I)
# What may stand in a sentence besides plain characters: quotes, dashes, and signs that sources use.
TYPOGRAPHIC = frozenset("“”‘’„«»–—…·×≥≤±µμ°§®™½¼¾→é")


def plain(text: str) -> str:
    """The text in plain characters, one line, single spaces."""
    for _ in range(2):  # an entity may hide an entity
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    text = _ESCAPED.sub(lambda found: chr(int(next(one for one in found.groups() if one), 16)), text)
    if not text.isascii():
        text = _DASHES.sub("-", _DOTS.sub(".", _COMMAS.sub(",", text)))
        text = unicodedata.normalize("NFKD", text)
        text = "".join(_plain_character(one) for one in text)
        text = text.translate(_LOOKALIKES)
    return " ".join(text.split())


def _plain_character(one: str) -> str:
    kind = unicodedata.category(one)
    if kind in ("Mn", "Me", "Mc", "Cf", "Cc", "Co", "Cs", "Cn"):
        return " " if one in "\n\t\r\v\f\x85" else ""
    if kind == "Nd":
        return str(unicodedata.digit(one))
    if kind in ("Zs", "Zl", "Zp"):
        return " "
    if kind == "No" and (value := unicodedata.numeric(one, None)) is not None and value == int(value):
        return str(int(value))
    return "-" if _DASHES.match(one) else "." if _DOTS.match(one) else one


def strange(text: str) -> set[str]:
    """Characters that no sentence of ours has: neither plain nor typographic."""
    return {one for one in text if not (one.isascii() and one.isprintable()) and one not in TYPOGRAPHIC} - {
        "\n"
    }
