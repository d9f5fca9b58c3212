"""Laboratory rates as a source of the catalogue.

Two layouts: the published file (title lines, then one heading with YEAR, HCPCS, MOD, EFF_DATE, INDICATOR, RATE and
descriptions, which are the AMA's and are not kept), and the derived list of code and rate.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import RATES

SYSTEM = "clfs"
DERIVED = ("hcpcs", "rate_usd")
PUBLISHED = ("YEAR", "HCPCS", "MOD", "EFF_DATE", "INDICATOR", "RATE")
_LINES_ABOVE = 15
_QUARTER = re.compile(
    r"(?<![0-9])(20[0-9]{2})[-_ ]?q([1-4])(?![0-9])|(?<![0-9])([0-9]{2})CLABQ([1-4])", re.IGNORECASE
)
_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_RATE = re.compile(r"0*([0-9]{1,7})\.([0-9]{2})")
_MONTHS = {1: "January", 2: "April", 3: "July", 4: "October"}


@dataclass(frozen=True)
class LabRate:
    """A line; the rate in cents."""

    line: int
    code: str
    modifier: str
    rate: int
    indicator: str = ""
    effective_on: int | None = None
    year: int | None = None


class LabSource:
    names: Mapping[str, str] = {SYSTEM: "Clinical laboratory fee schedule"}
    counted = "rates"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        return [_work(file, layout) for file in files if (layout := layout_of(file.head))]


Layout = Literal["derived", "published"]


def layout_of(head: bytes) -> Layout | None:
    lines = head.decode("latin-1").removeprefix("ï»¿").splitlines()[:_LINES_ABOVE]
    if lines and tuple(lines[0].strip().split(",")) == DERIVED:
        return "derived"
    return "published" if any(_is_heading(line) for line in lines) else None


def _is_heading(line: str) -> bool:
    cells = [cell.strip().strip('"').upper() for cell in line.split(",")]
    return tuple(cells[: len(PUBLISHED)]) == PUBLISHED


def _work(file: InputFile, layout: Layout) -> Work:
    match = _QUARTER.search(file.name)
    if match is None:
        raise Refused(file.name, "neither it nor its name says the quarter: name it such as clfs-2026q2.csv")
    year = int(match[1]) if match[1] else 2000 + int(match[3])
    quarter = int(match[2] or match[4])
    start = date(year, 3 * quarter - 2, 1)
    following = date(year + quarter // 4, (3 * quarter) % 12 + 1, 1)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.2, "Reading")
        found = list(read(file, layout))
        for one in found:
            if one.year is not None and one.year != year:
                raise Refused(file.name, f"is of {one.year}, and the file's name says {year}", line=one.line)
        progress(0.6, "Writing")
        writer.write(
            RATES,
            [(release_id, r.code, r.modifier, r.line, r.rate, r.indicator, r.effective_on) for r in found],
        )
        return Filled(len(found))

    return Work(
        SYSTEM, f"clfs-{layout}", f"{year} Q{quarter}", (file,), start, following - timedelta(days=1), "calendar",
        "clfs/1", (RATES,), fill,
        "" if layout == "published" else "A derived list of national rates: it has no modifiers and no dates.",
    )  # fmt: skip


def read(file: InputFile, layout: Layout) -> Iterator[LabRate]:
    """Rates in the order of the file.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    below, found, seen = False, 0, set[tuple[str, str]]()
    for number, line in file.lines(encoding="latin-1", ended=True):
        if number == 1:
            line = line.removeprefix("ï»¿")
        if not below:
            below = tuple(line.strip().split(",")) == DERIVED if layout == "derived" else _is_heading(line)
            if not below and number >= (1 if layout == "derived" else _LINES_ABOVE):
                raise Refused(file.name, "has no heading where one is meant", line=number)
            continue
        if not line.strip(", "):
            continue
        try:
            cells = next(csv.reader([line], strict=True), [])
        except csv.Error as error:
            raise Refused(file.name, f"can't be read: {error}", line=number) from None
        one = _derived(file, number, cells) if layout == "derived" else _published(file, number, cells)
        if (one.code, one.modifier) in seen:
            raise Refused(
                file.name, f"has {one.code} {one.modifier}".rstrip() + " a second time", line=number
            )
        seen.add((one.code, one.modifier))
        found += 1
        yield one
    if not found:
        raise Refused(file.name, "has no rate below its heading")


def _derived(file: InputFile, line: int, cells: list[str]) -> LabRate:
    if len(cells) != len(DERIVED):
        raise Refused(file.name, f"has {len(cells)} cells where {len(DERIVED)} are meant", line=line)
    return LabRate(line, _code(file, line, cells[0]), "", _cents(file, line, cells[1]))


def _published(file: InputFile, line: int, cells: list[str]) -> LabRate:
    if len(cells) < len(PUBLISHED):
        raise Refused(
            file.name, f"has {len(cells)} cells where at least {len(PUBLISHED)} are meant", line=line
        )
    year, code, modifier, effective, indicator, rate = (cell.strip() for cell in cells[: len(PUBLISHED)])
    if not re.fullmatch(r"20[0-9]{2}", year):
        raise Refused(file.name, f"{year[:20]!r} is not a year", line=line)
    if not re.fullmatch(r"([0-9A-Z]{2})?", modifier):
        raise Refused(file.name, f"{modifier[:20]!r} is not a modifier", line=line)
    if not re.fullmatch(r"[A-Z]?", indicator):
        raise Refused(file.name, f"{indicator[:20]!r} is not an indicator", line=line)
    return LabRate(
        line, _code(file, line, code), modifier, _cents(file, line, rate), indicator, _day(file, line, effective),
        int(year),
    )  # fmt: skip


def _code(file: InputFile, line: int, text: str) -> str:
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise Refused(file.name, f"{code[:40]!r} is not a HCPCS or CPT code", line=line)
    return code


def _cents(file: InputFile, line: int, text: str) -> int:
    match = _RATE.fullmatch(text.strip())
    if match is None:
        raise Refused(file.name, f"{text[:40]!r} is not an amount such as 720.00", line=line)
    return int(match[1]) * 100 + int(match[2])


def _day(file: InputFile, line: int, text: str) -> int:
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8])) if re.fullmatch(r"[0-9]{8}", text) else None
    except ValueError:
        day = None
    if day is None:
        raise Refused(file.name, f"{text[:40]!r} is not a date such as 20260401", line=line)
    return day.year * 10_000 + day.month * 100 + day.day
