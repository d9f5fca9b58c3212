"""Reads one addendum: title lines, one heading, codes, then blank lines and notes.

Some bytes of headings and descriptors are damaged in files that circulate; nothing that is read here is among
them, so that every byte is taken for a character.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

Addendum = Literal["AA", "BB", "EE", "FF"]
ADDENDA: tuple[Addendum, ...] = ("AA", "BB", "EE", "FF")

ENCODING = "latin-1"
_TITLE = re.compile(r'^"?Addendum (AA|BB|EE|FF) -- ', re.IGNORECASE)
_QUARTER = re.compile(r"^(January|April|July|October) (20[0-9]{2})\s+")
_YEAR = re.compile(r"\bCY (20[0-9]{2})\b")
_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_MONEY = re.compile(r"\$([0-9]{1,3}(?:,[0-9]{3})*|[0-9]+)\.([0-9]{2})")
_WEIGHT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%")
_INDICATOR = re.compile(r"[A-Za-z][0-9]")
_HEADINGS: dict[Addendum, tuple[str, ...]] = {
    "AA": (
        "HCPCS Code", "", "Short Descriptor", "Subject to Multiple Procedure Discounting", "Payment Indicator",
        "Payment Weight", "Payment Rate",
    ),
    "BB": (
        "HCPCS Code", "", "Short Descriptor", "Drug and Device Pass-Through Expiration during Calendar Year",
        "Payment Indicator", "Payment Weight", "Payment Rate", "IRA-22 Adjusted Copayment1",
    ),
    "EE": ("HCPCS Code", "Short Descriptor"),
    "FF": (
        "HCPCS Code", "", "Short Descriptor", "Payment Indicator", "APC", "APC Device Offset Percentage",
        "OPPS Payment Rate", "Device Offset Percentage", "Device Offset Amount / Device Portion",
    ),
}  # fmt: skip


class BadCell(ValueError):
    """What is wrong with a cell; the line is known further up."""


@dataclass(frozen=True)
class Row:
    """A code's line. Money in cents, decimals as printed; empty or None where the addendum has no such column."""

    line: int
    code: str
    mark: str = ""
    discounted: str = ""
    expires: str = ""
    indicator: str = ""
    weight: str | None = None
    rate: int | None = None
    copayment: int | None = None
    apc: str = ""
    apc_offset: str | None = None
    opps_rate: int | None = None
    device_offset: str | None = None
    device_amount: int | None = None


@dataclass
class Read:
    """A whole addendum. `quarter` is (year, month); Addendum EE names its year only."""

    addendum: Addendum
    year: int
    quarter: tuple[int, int] | None
    rows: list[Row] = field(default_factory=list[Row])
    notes: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    blanks: int = 0

    @property
    def lines(self) -> int:
        """Lines under the heading."""
        return len(self.rows) + len(self.notes) + self.blanks


_MONTHS = {"january": 1, "april": 4, "july": 7, "october": 10}


def addendum_of(head: bytes) -> Addendum | None:
    """Which addendum a file is, by its title."""
    match = _TITLE.match(head.decode(ENCODING).lstrip("\ufeff\xef\xbb\xbf"))
    return None if match is None else _named(match[1])


def _named(text: str) -> Addendum:
    for addendum in ADDENDA:
        if addendum == text.upper():
            return addendum
    raise BadCell(f"{text!r} is no addendum that is read here")


def read(file: InputFile) -> Read:
    """Reads an addendum whole.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    numbered = _Numbered(file)
    found: Read | None = None
    title: list[str] = []
    try:
        for cells in csv.reader(numbered, strict=True):
            if found is None:
                if not cells or cells[0].strip() != "HCPCS Code":
                    title += cells[:1]
                    if numbered.line > 20:
                        raise BadCell("has no heading that begins with HCPCS Code in its first lines")
                    continue
                found = _headed(cells, " ".join(title))
                continue
            _take(found, cells, numbered.line)
    except BadCell as error:
        raise Refused(file.name, str(error), line=numbered.line) from None
    except csv.Error as error:
        raise Refused(file.name, f"can't be read: {error}", line=numbered.line) from None
    if found is None or not found.rows:
        raise Refused(file.name, "has no code below its heading")
    return found


class _Numbered:
    """Lines for the csv reader, and the number of the last one it took: a record's own line, unless a cell has
    line breaks."""

    def __init__(self, file: InputFile) -> None:
        self._lines = file.lines(encoding=ENCODING, ended=True)
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        # What follows the last end of a line is no line.
        number, text = next(self._lines)
        self.line = number
        return text + "\n"


def _headed(cells: list[str], title: str) -> Read:
    match = _TITLE.match(title)
    year = _YEAR.search(title)
    if match is None or year is None:
        raise BadCell("the title above the heading names no addendum and calendar year")
    addendum = _named(match[1])
    names: list[str] = []
    quarters: set[tuple[int, int]] = set()
    for cell in cells:
        text = " ".join(cell.split())
        if said := _QUARTER.match(text + " "):
            quarters.add((int(said[2]), _MONTHS[said[1].lower()]))
            text = text[said.end() :].strip()
        names.append(text)
    while names and not names[-1]:
        names.pop()
    if tuple(names) != _HEADINGS[addendum]:
        wanted = next(
            (w or "an empty one" for w, n in zip(_HEADINGS[addendum], names, strict=False) if w != n),
            "no other column",
        )
        raise BadCell(
            f"the columns of Addendum {addendum} are not those it is published with: {wanted} is meant"
        )
    if len(quarters) > 1:
        raise BadCell("its heading names several quarters")
    return Read(addendum, int(year[1]), next(iter(quarters), None))


def _take(found: Read, cells: list[str], line: int) -> None:
    if not any(cell.strip() for cell in cells):
        found.blanks += 1
        return
    first = cells[0].strip()
    if first.upper().startswith("NOTE") and not any(cell.strip() for cell in cells[1:]):
        found.notes.append((line, " ".join(first.split())))
        return
    if found.notes:
        raise BadCell("a code stands below the notes")
    width = len(_HEADINGS[found.addendum])
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        raise BadCell(f"has {len(cells)} cells where {width} are meant")
    if not _CODE.fullmatch(first):
        raise BadCell(f"{first[:40]!r} is not a HCPCS or CPT code")
    found.rows.append(_row(found.addendum, first, [cell.strip() for cell in cells], line))


def _row(addendum: Addendum, code: str, cells: list[str], line: int) -> Row:
    if addendum == "EE":
        return Row(line, code)
    mark = cells[1]
    if mark not in ("", "*", "**", "***"):
        raise BadCell(f"{mark[:40]!r} is not one of the marks *, ** and ***")
    if addendum == "FF":
        if cells[4] and not re.fullmatch(r"[0-9]{4,5}", cells[4]):
            raise BadCell(f"{cells[4][:40]!r} is not an ambulatory payment classification")
        return Row(
            line, code, mark, indicator=_indicator(cells[3]), apc=cells[4], apc_offset=_percent(cells[5]),
            opps_rate=_money(cells[6]), device_offset=_percent(cells[7]), device_amount=_money(cells[8]),
        )  # fmt: skip
    if addendum == "AA":
        if cells[3] not in ("Y", "N"):
            raise BadCell(
                f"{cells[3][:40]!r} does not say whether multiple procedures are discounted (Y or N)"
            )
        return Row(
            line, code, mark, discounted=cells[3], indicator=_indicator(cells[4]), weight=_weight(cells[5]),
            rate=_money(cells[6]),
        )  # fmt: skip
    if cells[3] not in ("", "*"):
        raise BadCell(f"{cells[3][:40]!r} is not the mark of a pass-through that expires (*)")
    return Row(
        line, code, mark, expires=cells[3], indicator=_indicator(cells[4]), weight=_weight(cells[5]),
        rate=_money(cells[6]), copayment=_money(cells[7]),
    )  # fmt: skip


def _indicator(text: str) -> str:
    if not _INDICATOR.fullmatch(text):
        raise BadCell(f"{text[:40]!r} is not a payment indicator")
    return text


def _money(text: str) -> int | None:
    if not text:
        return None
    match = _MONEY.fullmatch(text)
    if match is None:
        raise BadCell(f"{text[:40]!r} is not an amount such as $1,579.16")
    return int(match[1].replace(",", "")) * 100 + int(match[2])


def _weight(text: str) -> str | None:
    if not text:
        return None
    if not _WEIGHT.fullmatch(text) or Decimal(text) <= 0:
        raise BadCell(f"{text[:40]!r} is not a payment weight such as 28.767")
    return text


def _percent(text: str) -> str | None:
    if not text:
        return None
    match = _PERCENT.fullmatch(text)
    if match is None:
        raise BadCell(f"{text[:40]!r} is not a percentage such as 35.62%")
    return match[1]
