"""How codes are written: keys, dots, and what people type.

One place knows the patterns of ICD-10-CM, among them those that break the usual one: the third character is a
letter in C4A, the fifth in S31.13A, and Q A0.- begins with two letters.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ahead.shared.errors import BadInput

MAX_TYPED = 64
"""Longer input is refused unread."""

_ICD10CM = re.compile(r"[A-Z][0-9A-Z][0-9A-Z](?:[0-9A-Z]{1,4})?")
_SECTION = re.compile(r"([A-Z][0-9A-Z]{2})-([A-Z][0-9A-Z]{2})")
_ICD9CM = re.compile(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}")
_ICD9CM_GROUP = re.compile(r"[0-9]{3}-[0-9]{3}|V[0-9]{2}-V[0-9]{2}|E[0-9]{3}-E[0-9]{3}")
_ICD10PCS = re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{0,6}")
_HCPCS = re.compile(r"[A-Z](?:[0-9]{4})?")
_HCPCS_GROUP = re.compile(r"[A-Z][0-9]{4}-[A-Z][0-9]{4}")
_CPT = re.compile(r"[0-9]{4}[0-9FTUMA]")
_CPT_GROUP = re.compile(r"[0-9]{4}[0-9FTUMA]-[0-9]{4}[0-9FTUMA]")
_MSDRG_PLACE = re.compile(r"(?:MDC[0-9]{2}|PRE-MDC|NO-MDC)(?:-(?:SURG|MED))?")
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
    if system not in ("icd10cm", "icd9cm") or "-" in key:
        return key
    if system == "icd10cm" and not key[0].isalpha():
        return key
    # A cause of injury in ICD-9-CM is E and three digits: E812.0.
    head = 4 if system == "icd9cm" and key[0] == "E" else 3
    return f"{key[:head]}.{key[head:]}" if len(key) > head else key


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
    reader = _READERS.get(system)
    return reader(text) if reader is not None else _read_plain(name, text)


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


def _read_icd9cm(text: str) -> Typed:
    key = text.replace(" ", "").rstrip("-.")
    if _ICD9CM_GROUP.fullmatch(key):
        return Typed(key, key)
    head, dot, tail = key.partition(".")
    wanted = 4 if head[:1] == "E" else 3
    if dot and len(head) < wanted and head.removeprefix("E").removeprefix("V").isdigit():
        letter = head[:1] if head[:1] in "EV" else ""
        full = letter + head[len(letter) :].zfill(wanted - len(letter))
        raise BadInput(
            f"A category of ICD-9-CM has {wanted} characters before the dot.",
            slug="malformed-code",
            hint=f"Did you mean {full}.{tail}?",
        )
    if (dot and len(head) != wanted) or not _ICD9CM.fullmatch(head + tail):
        raise BadInput(
            "An ICD-9-CM code has three to five digits, or V and two to four, or E and three to four.",
            slug="malformed-code",
            hint="A code looks like 250.00, V10.11 or E812.0.",
        )
    return Typed(head + tail, dotted("icd9cm", head + tail))


def _read_icd10pcs(text: str) -> Typed:
    key = text.replace(" ", "").rstrip("-")
    if re.search("[IO]", key):
        zeros = key.replace("O", "0").replace("I", "1")
        raise BadInput(
            "ICD-10-PCS codes have no letters I and O: they would be taken for the digits 1 and 0.",
            slug="malformed-code",
            hint=f"Did you mean {zeros}?" if _ICD10PCS.fullmatch(zeros) else "",
        )
    if not _ICD10PCS.fullmatch(key):
        raise BadInput(
            "An ICD-10-PCS code has seven letters and digits and no dot; its first three are the table.",
            slug="malformed-code",
            hint="A code looks like 0DTJ4ZZ, a table like 0DT.",
        )
    return Typed(key, key)


def _read_hcpcs(text: str) -> Typed:
    """A letter and four digits; letters and stretches of codes are places to browse."""
    key = text.replace(" ", "").replace(".", "").removeprefix("CHAPTER").removeprefix("-")
    if _HCPCS.fullmatch(key) or _HCPCS_GROUP.fullmatch(key):
        return Typed(key, key)
    hint = "A code looks like A0021 or J1885."
    if _CPT.fullmatch(key):
        hint = f"Codes that begin with a digit are CPT: {key} is at /codes/cpt/{key}."
    elif re.fullmatch(r"[A-Z0-9]{2}", key):
        hint = "Two characters are a modifier, which is put on a code."
    raise BadInput("A HCPCS Level II code is a letter and four digits.", slug="malformed-code", hint=hint)


def _read_cpt(text: str) -> Typed:
    """Five digits, or four and a letter: 99213, 0075T, 0001U."""
    key = text.replace(" ", "").replace(".", "")
    if _CPT.fullmatch(key) or _CPT_GROUP.fullmatch(key) or key == "OTHER":
        return Typed(key.lower() if key == "OTHER" else key, key.lower() if key == "OTHER" else key)
    hint = "A code looks like 99213 or 0075T."
    if _HCPCS.fullmatch(key):
        hint = f"Codes that begin with a letter are HCPCS Level II: {key} is at /codes/hcpcs/{key}."
    raise BadInput(
        "A CPT code has five digits, or four digits and a letter.", slug="malformed-code", hint=hint
    )


def _read_msdrg(text: str) -> Typed:
    """Three digits, "DRG 291" or "MS-DRG 291"; "MDC 05" and "MDC05-SURG" are places to browse."""
    key = re.sub(r"[ .]", "", text)
    if _MSDRG_PLACE.fullmatch(key):
        return Typed(key, key)
    number = key.removeprefix("MS-").removeprefix("MS").removeprefix("DRG").removeprefix("-")
    if not re.fullmatch(r"[0-9]{1,3}", number):
        raise BadInput(
            "An MS-DRG has three digits.", slug="malformed-code", hint="A code looks like 291, or MDC05."
        )
    return Typed(number.zfill(3), number.zfill(3))


_READERS: dict[str, Callable[[str], Typed]] = {
    "msdrg": _read_msdrg,
    "hcpcs": _read_hcpcs,
    "cpt": _read_cpt,
    "icd10cm": _read_icd10cm,
    "icd9cm": _read_icd9cm,
    "icd10pcs": _read_icd10pcs,
}
"""How each system's codes are read; others have letters and digits only."""
