"""What a text says in figures: codes, modifiers, money, percentages, units, sections, ids, dates.

Everything that has a digit counts as a figure, whatever it means: RVUs, units, global days, DRG numbers, LCD, NCD and
article ids, places of service, guideline sections. Besides these, what names something without a digit: modifiers such
as RT, procedures such as GZFZZZZ, sections such as II.K. Codes that are pulled apart by spaces, hyphens or dots are
read together.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from ahead.assistant.gate.number_words import with_digits
from ahead.assistant.gate.patterns import codes_in, words
from ahead.assistant.gate.plain import plain

# Names of code systems and forms, whose numbers say nothing.
_NAMES = re.compile(r"\b(?:ICD-?(?:9|10)(?:-?(?:CM|PCS))?|CMS-1500|UB-04|HCPCS Level II)\b", re.I)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_ISO_DATE = re.compile(r"(?<![\w-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\w-])")
_US_DATE = re.compile(r"(?<![\w/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\w/])")
_LONG_DATE = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.I)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (\d{{4}})\b", re.I)
_MONEY = re.compile(
    r"(?:\$|\bUSD|\bUS\$)\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(?:US )?(?:dollars?|USD|bucks)\b",
    re.I,
)
_PERCENT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?(?:%|per ?cent\b|pct\b)", re.I)
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,][A-Za-z0-9]+)*")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|s|x)", re.I)
_SECTION = re.compile(r"\b([IVX]{1,4}(?:\.[A-Za-z0-9]{1,2})+)(?!\w)|\bsections? ([IVX]{1,4})\b")
_AFTER_MODIFIER = re.compile(
    r"\bmodifiers?:? *((?:[-\"'“”(]*[A-Za-z0-9]{2}[\"'“”)]*(?:,? (?:and|or|nor) |, ?|/| |-)?)+)", re.I
)
_TWO = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}(?![A-Za-z0-9])")
_BEHIND_CODE = re.compile(r"(?<=[0-9A-Z]{4})-([A-Z0-9]{2})(?![A-Za-z0-9-])")
_PIECE = re.compile(r"[A-Za-z0-9]+")
_BETWEEN = re.compile(r"[\s.\-_/,;:|*~^'\"()\[\]{}<>+=…·“”‘’–—]{1,3}")
_JOINED = re.compile(
    r"[A-TV-Z]\d[0-9A-Z][0-9A-Z]{1,4}|\d{5}|\d{4}[FMTU]|[A-V]\d{4}|[0-9B-DF-HX][0-9A-HJ-NP-Z]{6}"
)
# Words that look like modifiers, and abbreviations of the field that aren't ones.
_NOT_MODIFIERS = words(
    "AM AN AS AT BE BY CC CM CT DO DX ED EM GO HE ID IF II IM IN IS IT IV LT MA MD ME MR MS MY NA NO NP OF OK ON OR OT"
    " PA PM PT RN RX SO ST TO UP US VI VS WE XI MI AL CA FL NY TX WA"
) - {"LT", "AS", "CC", "ED"}
_SMALL_WORDS = words(
    "an and as at be by do go he if in is it me my no of on or so to up us we are for not the may can"
)


@dataclass
class Figures:
    """`codes` with dots, in upper case; `values` numbers and ids in one spelling; `joined` codes read together.

    `modifiers` are called so, or stand behind a code; `pairs` are two capitals anywhere, which may be one.
    """

    codes: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    money: set[str] = field(default_factory=set)
    percent: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)

    def add(self, other: "Figures") -> None:
        for one in fields(self):
            getattr(self, one.name).update(getattr(other, one.name))


def figures_of(text: str) -> Figures:
    text = _NAMES.sub(" ", with_digits(plain(text)))
    found = Figures()
    text = _take_dates(text, found)
    found.codes = codes_in(text)
    for one in _MONEY.finditer(text):
        found.money.add(number(one.group(1) or one.group(2)))
    for one in _PERCENT.finditer(text):
        found.percent.add(number(one.group(1)))
    for one in _SECTION.finditer(text):
        found.values.add((one.group(1) or one.group(2)).upper())
    for one in _TOKEN.findall(text):
        if any(character.isdigit() for character in one):
            found.values |= _values(one) - found.codes
    found.modifiers = _modifiers(text)
    found.pairs = _pairs(text)
    found.joined = _joined(text)
    return found


def number(text: str) -> str:
    """One spelling of a number: no commas, no zeros at the ends."""
    whole = Decimal(text.replace(",", "")).normalize()
    return f"{whole:f}"


def _values(token: str) -> set[str]:
    if _NUMBER.fullmatch(token):
        return {number(token)}
    if found := _ORDINAL.fullmatch(token):
        return {number(found.group(1))}
    if "," in token:
        return set[str]().union(
            *(_values(one) for one in token.split(",") if any(letter.isdigit() for letter in one))
        )
    return {token.upper()}


def _take_dates(text: str, found: Figures) -> str:
    """Dates in their three spellings, as ISO; what is left doesn't hold them."""
    for pattern, order in (
        (_ISO_DATE, (1, 2, 3)),
        (_US_DATE, (3, 1, 2)),
        (_LONG_DATE, (3, 1, 2)),
        (_DAY_FIRST, (3, 2, 1)),
    ):

        def keep(match: re.Match[str], order: tuple[int, int, int] = order) -> str:
            year, month, day = (match.group(one) for one in order)
            named = month[:3].lower()
            month_number = _MONTHS.index(named) + 1 if named in _MONTHS else int(month)
            try:
                found.dates.add(date(int(year), month_number, int(day)).isoformat())
            except ValueError:
                return match.group()
            return " | "

        text = pattern.sub(keep, text)
    return text


def values_in(texts: Iterable[str]) -> set[str]:
    """Of results: tokens with a digit, pairs of capitals, dates as ISO. Quicker than `figures_of`."""
    dated = Figures()
    text = _take_dates(" | ".join(texts), dated)
    tokens = {one for one in _TOKEN.findall(text) if any(character.isdigit() for character in one)}
    return dated.dates | set(_TWO.findall(text)) | {value for token in tokens for value in _values(token)}


def _modifiers(text: str) -> set[str]:
    found: set[str] = set()
    for run in _AFTER_MODIFIER.finditer(text):
        for one in re.findall(r"[A-Za-z0-9]{2,}", run.group(1)):
            if len(one) == 2 and one.lower() not in _SMALL_WORDS:
                found.add(one.upper())
    return found | {one.group(1).upper() for one in _BEHIND_CODE.finditer(text)}


def _pairs(text: str) -> set[str]:
    shouted = sum(one.islower() for one in text) < 3
    return {
        one
        for one in _TWO.findall(text)
        if one not in _NOT_MODIFIERS and not (shouted and one.lower() in _SMALL_WORDS)
    }


def _joined(text: str) -> set[str]:
    """Codes that stand in pieces: `E 11.9`, `9 9 2 1 4`, `J-18-85`."""
    pieces = list(_PIECE.finditer(text))
    found: set[str] = set()
    for start in range(len(pieces)):
        if not _may_join(pieces[start].group()):
            continue
        together = pieces[start].group()
        dotted_only = True
        for at in range(start + 1, min(start + 8, len(pieces))):
            gap = text[pieces[at - 1].end() : pieces[at].start()]
            if not _BETWEEN.fullmatch(gap) or not _may_join(pieces[at].group()):
                break
            dotted_only = dotted_only and gap == "."
            together += pieces[at].group()
            if len(together) > 7:
                break
            # A figure with its point, or a code with its dot, is read as it stands.
            if not dotted_only and _JOINED.fullmatch(together.upper()):
                found.add(together.upper())
    return found


def _may_join(piece: str) -> bool:
    if piece.isalpha():
        return len(piece) == 1 or (piece.isupper() and len(piece) <= 3)
    return len(piece) <= 4
