"""Dates of service in the words of a question."""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_US = re.compile(r"\b(\d{1,2})/(\d{1,2})/((?:19|20)?\d\d)\b")
_WORDS = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.I)
_MONTH_YEAR = re.compile(rf"\b({_MONTH})\.?,?\s+((?:19|20)\d\d)\b", re.I)
_FISCAL = re.compile(r"\b(?:fy|fiscal year)\s*'?((?:19|20)?\d\d)\b", re.I)
_QUARTER = re.compile(
    r"\bq([1-4])\s*(?:of\s*)?((?:19|20)\d\d)\b|\b((?:19|20)\d\d)\s*q([1-4])\b"
    r"|\b(first|second|third|fourth|1st|2nd|3rd|4th) quarter (?:of )?((?:19|20)\d\d)\b",
    re.I,
)
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_YEAR = re.compile(r"(?<![\w.$-])(?:cy\s*)?((?:19|20)\d\d)(?![\w]|\.\d|-\d)", re.I)
INPATIENT = re.compile(r"\bdrg|\bicd|\bmcc\b|\bcc\b|\bpoa\b|\bdiagnos|\bdx\b|\bpcs\b|\bguideline", re.I)


def fiscal_year(day: date) -> int:
    return day.year + (day.month >= 10)


def date_in(text: str, asked: date) -> tuple[date, str]:
    """The date of service that a question names, and the words that name it; else the one it is asked for.

    A year, a quarter or a month keeps the date asked for where that lies inside it.
    """
    if found := _ISO.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), asked), found[0]
    if found := _US.search(text):
        year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3])
        return _day(year, int(found[1]), int(found[2]), asked), found[0]
    if found := _WORDS.search(text):
        return _day(int(found[3]), _MONTHS[found[1].lower()], int(found[2]), asked), found[0]
    if found := _QUARTER.search(text):
        number = found[1] or found[4] or str(_ORDINALS[found[5].lower()])
        year, quarter = int(found[2] or found[3] or found[6]), int(number)
        inside = asked.year == year and (asked.month + 2) // 3 == quarter
        return asked if inside else date(year, quarter * 3 - 1, 15), found[0]
    if found := _MONTH_YEAR.search(text):
        year, month = int(found[2]), _MONTHS[found[1].lower()]
        return asked if (asked.year, asked.month) == (year, month) else date(year, month, 15), found[0]
    if found := _FISCAL.search(text):
        year = int(found[1]) if len(found[1]) == 4 else 2000 + int(found[1])
        return asked if fiscal_year(asked) == year else date(year - 1, 12, 1), found[0]
    if found := _YEAR.search(text):
        year = int(found[1])
        # A year beside diagnoses and groups is meant as the fiscal year as often as not: both keep what was asked.
        if asked.year == year or (INPATIENT.search(text) and fiscal_year(asked) == year):
            return asked, found[0]
        return date(year, 7, 1), found[0]
    return asked, ""


def _day(year: int, month: int, day: int, asked: date) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return asked
