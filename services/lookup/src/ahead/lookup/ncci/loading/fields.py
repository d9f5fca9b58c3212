"""Reads cells. Each kind of cell is a dict that knows the values seen, and checks only the new ones: millions of
rows repeat some ten thousand values.
"""

import re
from datetime import date

_CODE = re.compile(r"(?=[A-Z]{0,4}[0-9])[0-9A-Z]{5}")
_DAYS = (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"))


class BadCell(ValueError):
    """A cell is not what its column is for."""


class Codes(dict[str, str]):
    """HCPCS and CPT codes: five letters or digits, one of them a digit."""

    def __missing__(self, text: str) -> str:
        code = text.strip()
        if not _CODE.fullmatch(code):
            raise BadCell(f"{text[:40]!r} is not a HCPCS or CPT code")
        self[text] = code
        return code


class Days(dict[str, int | None]):
    """Days as numbers; `nothing` stands for none."""

    def __init__(self, *nothing: str) -> None:
        super().__init__(dict.fromkeys(nothing))

    def __missing__(self, text: str) -> int | None:
        cell = text.strip()
        if cell != text and cell in self:
            return self[cell]
        for pattern in _DAYS:
            if match := pattern.fullmatch(cell):
                year, month, day = (int(part) for part in match.groups())
                try:
                    date(year, month, day)
                except ValueError:
                    break
                if 1980 <= year <= 2100:
                    self[text] = value = year * 10_000 + month * 100 + day
                    return value
        raise BadCell(f"{text[:40]!r} is not a date")


class Choices(dict[str, int | None]):
    """One of a few values."""

    def __init__(self, what: str, values: dict[str, int | None]) -> None:
        super().__init__(values)
        self._what = what

    def __missing__(self, text: str) -> int | None:
        cell = text.strip()
        if cell != text and cell in self:
            return self[cell]
        raise BadCell(f"{text[:40]!r} is not {self._what}")


class Texts(dict[str, int]):
    """Sentences that repeat, numbered as they come."""

    LIMIT = 1_000
    """Rationales are a dozen sentences; a column with more is another one."""

    def __missing__(self, text: str) -> int:
        cell = text.strip()
        if not any(c.isalpha() for c in cell):
            raise BadCell(f"{text[:40]!r} is no rationale")
        if cell != text:
            number = self[cell]
        elif len(self) >= self.LIMIT:
            raise BadCell("the column of rationales has more than a thousand different texts")
        else:
            number = len(set(self.values()))
        self[text] = number
        return number

    def rows(self) -> list[tuple[int, str]]:
        return sorted((number, text) for text, number in self.items() if text == text.strip())


MODIFIER_INDICATORS: dict[str, int | None] = {"0": 0, "1": 1, "9": 9}


def units(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text.strip()):
        raise BadCell(f"{text[:40]!r} is no number of units")
    return int(text)
