"""Codes, modifiers, groups and documents that a question names."""

import re
from dataclasses import dataclass

_CODE = re.compile(
    r"(?<![\w.$-])(?:"
    r"[A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}"  # a diagnosis with its dot
    r"|[A-Z]\d{4}"  # HCPCS
    r"|\d{4}[0-9AFMTU]"  # CPT
    r"|[A-Z]\d[0-9A-Z]{2,5}"  # a diagnosis without its dot
    r"|[A-Z]\d[0-9A-Z]"  # a category
    r"|[0-9A-HJ-NP-Z]{7}"  # a procedure of ICD-10-PCS
    r")(?![\w]|\.\d)",
    re.IGNORECASE,
)
_ICD9 = re.compile(
    r"(?<![\w.$/-])(?:\d{3}(?:\.\d{1,2})?|V\d{2}(?:\.\d{1,2})?|E\d{3}(?:\.\d)?)(?![\w]|\.\d)", re.I
)
_ICD9_ASKED = re.compile(r"\bicd[- ]?9|\bgem\b|\bgems\b|\bold (?:dx |diagnosis )?code", re.I)
_DRG = re.compile(r"\b(?:ms[- ]?)?drgs?\s*#?\s*(\d{1,3})\b", re.I)
_POS = re.compile(r"\b(?:pos|place[s]? of service)(?: code| number)?\s*#?\s*(\d{1,2})\b", re.I)
_MODIFIER = re.compile(
    r"\b(?:modifiers?|mods?)\.?\s*[-#]?\s*([0-9A-Z]{2})\b(?:\s*(?:,|and|or|vs\.?|versus|/)\s*([0-9A-Z]{2})\b)?",
    re.IGNORECASE,
)
_BEFORE_MODIFIER = re.compile(r"\b([0-9A-Z]{2})\s+(?:modifiers?|mod)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"(?<=[0-9A-Z])-([0-9A-Z]{2})\b")
_DOCUMENT = re.compile(r"(?<![\w.])[LA]\d{5}(?!\w)", re.I)
_SECTION = re.compile(
    r"\b(?:section|guideline)\s+([IV]{1,3}(?:\.[A-Za-z0-9]+)+|[IV]{1,3}\b)|\b([IV]{1,3}(?:\.[A-Z0-9a-z]+){2,})",
    re.I,
)
_ZIP = re.compile(r"\bzip(?: ?code)?\s*:?\s*(\d{5}(?:-\d{4})?)\b", re.I)
# Words of two letters that stand before or after "modifier" and are none.
_WORDS = frozenset(
    [
        "A",
        "AN",
        "AS",
        "AT",
        "BE",
        "BY",
        "DO",
        "GO",
        "HE",
        "IF",
        "IN",
        "IS",
        "IT",
        "ME",
        "MY",
        "NO",
        "OF",
        "ON",
        "OR",
        "SO",
        "TO",
        "UP",
        "US",
        "WE",
        "AM",
        "RE",
        "DX",
        "ID",
        "IM",
        "VS",
    ]
)
_NOT_CODES = frozenset({"B12", "A1C", "T3A"})


@dataclass(frozen=True)
class Named:
    """What a question names. `codes` in order, in upper case, as typed; `icd9` where ICD-9-CM is meant."""

    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    icd9: tuple[str, ...] = ()
    drgs: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    zips: tuple[str, ...] = ()


def named_in(text: str) -> Named:
    rest = text
    zips, rest = _take(_ZIP, rest)
    drgs, rest = _take(_DRG, rest)
    places, rest = _take(_POS, rest)
    documents, rest = _take(_DOCUMENT, rest, 0)
    icd9: tuple[str, ...] = ()
    if _ICD9_ASKED.search(text):
        rest = re.sub(r"\bicd[- ]?(?:9|10)(?:[- ]?(?:cm|pcs))?", " ", rest, flags=re.I)
        icd9, rest = _take(_ICD9, rest, 0)
    modifiers = _modifiers(rest)
    rest = _BEFORE_MODIFIER.sub(" ", _MODIFIER.sub(" ", rest))
    codes = [
        found.group().upper()
        for found in _CODE.finditer(re.sub(r"\bicd[- ]?10(?:[- ]?(?:cm|pcs))?", " ", rest, flags=re.I))
        if _may_be(found.group())
    ]
    sections = tuple(dict.fromkeys((found.group(1) or found.group(2)) for found in _SECTION.finditer(rest)))
    return Named(
        tuple(dict.fromkeys(codes))[:12],
        modifiers,
        tuple(one.upper() for one in icd9),
        tuple(one.zfill(3) for one in drgs),
        tuple(one.zfill(2) for one in places),
        tuple(one.upper() for one in documents),
        sections,
        zips,
    )


def _take(pattern: re.Pattern[str], text: str, group: int = 1) -> tuple[tuple[str, ...], str]:
    """What the pattern finds, once each, and the text without it."""
    found = tuple(dict.fromkeys(one.group(group) for one in pattern.finditer(text)))
    return found, pattern.sub(" ", text) if found else text


def _modifiers(text: str) -> tuple[str, ...]:
    """After the word, before it, or written on a code. Two letters that are a word count in capitals only."""
    found = [one for match in _MODIFIER.finditer(text) for one in match.groups() if one]
    found = [one for one in found if one.upper() not in _WORDS or one.isupper()]
    if not found:
        found = [one for one in _BEFORE_MODIFIER.findall(text) if one.upper() not in _WORDS or one.isupper()]
    found += [one for one in _SUFFIX.findall(text) if one.upper() not in _WORDS]
    return tuple(dict.fromkeys(one.upper() for one in found))


def _may_be(token: str) -> bool:
    """Whether a token reads as a code, not as a word, a year or a telephone number."""
    upper = token.upper()
    if upper in _NOT_CODES or upper.isalpha() or not any(one.isdigit() for one in upper):
        return False
    if upper.isdigit():
        return len(upper) == 5
    if re.fullmatch(r"\d{4}[AFMTU]", upper):
        return True
    # "icd10cm", "4th", "2mg": a lower-case word with digits is a code only where it is shaped as one.
    if len(upper) == 3 and token[0].islower():
        return upper[0] not in "U" and token[2].isdigit()
    if len(upper) == 7 and not re.match(r"[0-9A-HJ-NP-Z]{7}$", upper):
        return bool(re.match(r"[A-Z]\d", upper))
    return True


def systems_of(code: str) -> tuple[str, ...]:
    """Code systems that a spelling may belong to, the likeliest first."""
    code = code.upper()
    if "." in code:
        return ("icd10cm", "icd9cm") if code[0].isalpha() else ("icd9cm",)
    if re.fullmatch(r"\d{4}[0-9A-Z]", code):
        return ("cpt",)
    if re.fullmatch(r"[A-V]\d{4}", code):
        return ("hcpcs", "icd10cm")
    if len(code) == 7:
        return ("icd10pcs", "icd10cm")
    return ("icd10cm",)
