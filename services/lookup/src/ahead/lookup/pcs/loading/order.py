"""Reads the order file of ICD-10-PCS: tables and codes with their titles, in order; and its addenda.

Columns, from 1: 1-5 order, 7-13 code, 15 whether it is a code (1) or the heading of a table (0), 17-76 short title,
78 to the end long title. Addenda name what was added, deleted and revised since the edition before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

CODE = re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}")
TABLE = re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{2}")
"""The letters I and O are not used."""
FIRST_LINE = re.compile(rb"\d{5} [0-9BCDFGHX][0-9A-HJ-NP-Z]{2} {5}0 ")
_LINE = re.compile(r"(\d{5}) (\S{3}    |\S{7}) ([01]) (.{60}) (\S.*)")
_CHANGE = re.compile(r"(Add|Delete|Revise from|Revise to): +(\S{3}    |\S{7}) (.{60}) (\S.*)")
_SUMMARY = re.compile(r"(Headers|Codes)\s*| *\d* *\S.*")

Action = Literal["add", "delete", "revise_from", "revise_to"]


class Listed(NamedTuple):
    """A table (three characters) or a code (seven) as printed."""

    code: str
    billable: bool
    short_title: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    action: Action
    code: str
    short_title: str
    title: str
    line: int


def read(file: InputFile) -> list[Listed]:
    """
    Raises:
        Refused: a line has another form, or a code stands twice, out of order or outside its table.
    """
    found: list[Listed] = []
    table, last = "", ""
    for number, line in _lines(file):
        match = _LINE.fullmatch(line)
        if match is None:
            raise Refused(file.name, "is no line of an order file: columns are missing or moved", line=number)
        code, billable = match[2].strip(), match[3] == "1"
        if int(match[1]) != len(found) + 1:
            raise Refused(
                file.name, f"has order number {match[1]} where {len(found) + 1:05} follows", line=number
            )
        if not (CODE if billable else TABLE).fullmatch(code):
            what = "code of seven characters" if billable else "table of three characters"
            raise Refused(file.name, f"{code!r} is no {what} of ICD-10-PCS", line=number)
        if not billable:
            table = code
        elif code[:3] != table:
            raise Refused(file.name, f"{code} stands in table {table or '?'}", line=number)
        if code <= last:
            raise Refused(file.name, f"{code} stands after {last}", line=number)
        last = code
        found.append(Listed(code, billable, match[4].strip(), match[5].strip(), number))
    if not any(one.billable for one in found):
        raise Refused(file.name, "has no code")
    return found


def _lines(file: InputFile) -> Iterator[tuple[int, str]]:
    """Lines with text. The last one ends with a line end, unless the file was cut off."""
    for number, lines in file.blocks():
        if len(lines) == 1 and number > 1 and lines[0].strip() and not _LINE.fullmatch(lines[0]):
            raise Refused(file.name, "is cut off: its last line has no end", line=number)
        for at, line in enumerate(lines, number):
            if line.strip():
                yield at, line


def is_addenda(head: bytes) -> bool:
    """Whether a file begins like the addenda of an order file of ICD-10-PCS."""
    first = head.split(b"\n", 1)[0].decode("utf-8", errors="replace").rstrip()
    match = _CHANGE.fullmatch(first)
    return match is not None and bool(
        (CODE if len(match[2].strip()) == 7 else TABLE).fullmatch(match[2].strip())
    )


def read_addenda(file: InputFile) -> list[Change]:
    """
    Raises:
        Refused: a line has another form, or the counts at the end are others than those of the lines.
    """
    found: list[Change] = []
    summary: list[str] = []
    for number, line in file.lines():
        if not line.strip():
            continue
        match = _CHANGE.fullmatch(line)
        if match is None:
            if not _SUMMARY.fullmatch(line) or ":" in line[:13]:
                raise Refused(file.name, "is no line of addenda", line=number)
            summary.append(line)
            continue
        code = match[2].strip()
        if summary or not (CODE if len(code) == 7 else TABLE).fullmatch(code):
            raise Refused(file.name, f"{code!r} is no code or table of ICD-10-PCS", line=number)
        action: Action = match[1].lower().replace(" ", "_")  # pyright: ignore[reportAssignmentType]
        found.append(Change(action, code, match[3].strip(), match[4].strip(), number))
    _check(file, found, summary)
    return found


def _check(file: InputFile, found: list[Change], summary: list[str]) -> None:
    """The summary counts additions and deletions of headings (tables) and of codes."""
    counted = {
        (where, what): int(number)
        for where, line in _placed(summary)
        if (match := re.fullmatch(r" *(\d+) (additions|deletions)\s*", line))
        for number, what in [match.groups()]
    }
    if len(counted) != 4:
        raise Refused(file.name, "is cut off: the counts at its end are missing")
    for (where, what), number in counted.items():
        length = 3 if where == "Headers" else 7
        action = {"additions": "add", "deletions": "delete"}[what]
        have = sum(len(one.code) == length and one.action == action for one in found)
        if have != number:
            raise Refused(file.name, f"counts {number} {what} of {where.lower()}, and has {have}")


def _placed(summary: list[str]) -> Iterator[tuple[str, str]]:
    where = ""
    for line in summary:
        if line.strip() in ("Headers", "Codes"):
            where = line.strip()
        yield where, line
