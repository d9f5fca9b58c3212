"""How codes are written: keys, dots, and what people type.

One place knows the patterns of ICD-10-CM, among them those that break the usual one: the third character is a
letter in C4A, the fifth in S31.13A, and Q A0.- begins with two letters.
"""

import re
from dataclasses import dataclass

from ahead.shared.errors import BadInput

MAX_TYPED = 64
"""Longer input is refused unread."""

_ICD10CM = re.compile(r"[A-Z][0-9A-Z][0-9A-Z](?:[0-9A-Z]{1,4})?")
_SECTION = re.compile(r"([A-Z][0-9A-Z]{2})-([A-Z][0-9A-Z]{2})")
_CHAPTER = re.compile(r"(?:CHAPTER[ -]?)?([0-9]{1,2})")

SYSTEMS: dict[str, str] = {
    "icd10cm": "ICD-10-CM",
    "icd10pcs": "ICD-10-PCS",
    "hcpcs": "HCPCS Level II",
    "cpt": "CPT",
    "icd9cm": "ICD-9-CM",
    "msdrg": "MS-DRG",
}
"""Code systems by the name they have in addresses."""


@dataclass(frozen=True)
class Typed:
    """Input that could be a code: its key and the way it is printed."""

    key: str
    dotted: str


def dotted(system: str, key: str) -> str:
    """Print form of a key: "E119" becomes "E11.9"; chapters and sections stay as they are."""
    if system == "icd10cm" and len(key) > 3 and key[0].isalpha() and "-" not in key:
        return f"{key[:3]}.{key[3:]}"
    return key


def read(system: str, typed: str) -> Typed:
    """Reads what somebody typed, pasted or linked to.

    Accepts any case, spaces around and dots anywhere sensible, a trailing dash ("E11.-") and full-width or
    typographic dashes.

    Raises:
        BadInput: with the reason, when this can't be a code of `system`.
    """
    name = SYSTEMS.get(system)
    if name is None:
        raise BadInput(
            "There is no code system of that name.",
            slug="unknown-system",
            hint="Code systems here are: " + ", ".join(SYSTEMS) + ".",
        )
    if len(typed) > MAX_TYPED:
        raise BadInput(
            f"That is {len(typed)} characters long; no {name} code is longer than 8.", slug="malformed-code"
        )
    text = re.sub(r"[‐‑‒–—―−－]", "-", typed.strip()).upper()
    if not text:
        raise BadInput("No code was given.", slug="malformed-code", hint="Type a code such as E11.9.")
    if not text.isprintable():
        raise BadInput("A code has no control characters.", slug="malformed-code")
    if system != "icd10cm":
        return _read_plain(name, text)
    return _read_icd10cm(text)


def _read_plain(name: str, text: str) -> Typed:
    key = text.replace(" ", "").replace(".", "")
    if not re.fullmatch(r"[A-Z0-9]{1,8}", key):
        raise BadInput(
            f"A {name} code has letters and digits only.",
            slug="malformed-code",
        )
    return Typed(key, key)


def _read_icd10cm(text: str) -> Typed:
    if chapter := _CHAPTER.fullmatch(text):
        number = str(int(chapter[1]))
        return Typed(number, number)
    compact = text.replace(" ", "")
    if _SECTION.fullmatch(compact):
        return Typed(compact, compact)
    body = compact.rstrip("-")
    head, dot, tail = body.partition(".")
    if dot and (len(head) != 3 or "." in tail):
        raise BadInput(
            "The dot of an ICD-10-CM code stands once, after the third character.",
            slug="malformed-code",
            hint=f"Did you mean {dotted('icd10cm', body.replace('.', ''))}?" if len(body) <= 8 else "",
        )
    key = head + tail
    if not re.fullmatch(r"[A-Z0-9]+", key):
        raise BadInput(
            "An ICD-10-CM code has letters, digits and one dot only.",
            slug="malformed-code",
            hint="A code looks like E11.9 or S72.001A.",
        )
    if not key[0].isalpha():
        raise BadInput(
            "An ICD-10-CM code begins with a letter.",
            slug="malformed-code",
            hint="Codes that begin with a digit are of another system, such as CPT or ICD-9-CM.",
        )
    if len(key) < 3:
        raise BadInput("An ICD-10-CM code has at least three characters.", slug="malformed-code")
    if len(key) > 7:
        raise BadInput("An ICD-10-CM code has at most seven characters.", slug="malformed-code")
    if not _ICD10CM.fullmatch(key) or not any(c.isdigit() for c in key[:3]):
        raise BadInput(
            "An ICD-10-CM code begins with a letter and two more characters, at least one of them a digit.",
            slug="malformed-code",
            hint="To look for words, use the search.",
        )
    return Typed(key, dotted("icd10cm", key))
