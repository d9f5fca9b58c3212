"""Reads a General Equivalence Mapping: a code, its target, and five flags, in columns.

From ICD-9-CM the code has five characters' room and the target seven, from ICD-10 the other way round. Mappings of
procedures have the same layout: four digits, and ICD-10-PCS. Flags:
approximate, no map, combination, scenario, choice list.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

Direction = Literal["icd9cm", "icd10cm", "icd9pcs", "icd10pcs"]
"""The system that a mapping starts from; "icd9pcs" stands for the procedures of ICD-9-CM."""

_NO_MAP = re.compile(r"No[A-Za-z0-9]{1,5}")
"""NoDx for diagnoses; procedures have another ending."""
_ICD9 = r"(?:[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4})"
_ICD10 = r"(?:[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4})"
_ICD9_PROCEDURE = r"[0-9]{3,4}"
_PCS = r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{6}"
_CODES = {
    "icd9pcs": (re.compile(_ICD9_PROCEDURE), re.compile(_PCS)),
    "icd10pcs": (re.compile(_PCS), re.compile(_ICD9_PROCEDURE)),
    "icd9cm": (re.compile(_ICD9), re.compile(_ICD10)),
    "icd10cm": (re.compile(_ICD10), re.compile(_ICD9)),
}
_FROM_9 = re.compile(r"(.{5}) (.{7}) ([01])([01])([01])([0-9])([0-9])")
_FROM_10 = re.compile(r"(.{7}) (.{5}) ([01])([01])([01])([0-9])([0-9])")
_LINES: dict[Direction, re.Pattern[str]] = {
    "icd9pcs": _FROM_9,
    "icd10pcs": _FROM_10,
    "icd9cm": _FROM_9,
    "icd10cm": _FROM_10,
}
# Procedures first: their codes always have seven characters.
_HEADS: dict[Direction, re.Pattern[bytes]] = {
    "icd9pcs": re.compile(
        rf"{_ICD9_PROCEDURE} {{1,2}} (?:{_PCS}|No\w{{1,5}} *) [01]{{3}}[0-9]{{2}}\r?\n".encode()
    ),
    "icd10pcs": re.compile(
        rf"{_PCS} (?:{_ICD9_PROCEDURE} {{1,2}}|No\w{{1,3}} ?) [01]{{3}}[0-9]{{2}}\r?\n".encode()
    ),
    "icd9cm": re.compile(rb"[0-9VE][0-9]{2,4} {0,2} [A-Z][0-9][0-9A-Z]{1,5} {1,5}[01]{3}[0-9]{2}\r?\n"),
    "icd10cm": re.compile(rb"[A-Z][0-9][0-9A-Z]{1,5} {0,4} [0-9VE][0-9]{2,4} {1,3}[01]{3}[0-9]{2}\r?\n"),
}


class Mapping(NamedTuple):
    """One line. `target` None: no map."""

    source: str
    target: str | None
    approximate: bool
    no_map: bool
    combination: bool
    scenario: int
    choice_list: int
    line: int


def direction_of(head: bytes) -> Direction | None:
    """The system that a file with this beginning maps from, or None."""
    first = head[:64]
    for direction, pattern in _HEADS.items():
        if pattern.match(first) and _LINES[direction].match(first.decode("ascii", "replace")):
            return direction
    return None


def read(file: InputFile, direction: Direction) -> Iterator[Mapping]:
    """
    Raises:
        Refused: a line has another form, flags that contradict each other, or stands twice.
    """
    pattern = _LINES[direction]
    source_code, target_code = _CODES[direction]
    seen: set[tuple[str, str | None, int, int]] = set()
    for number, line in _lines(file):
        match = pattern.fullmatch(line.rstrip())
        if match is None:
            raise Refused(
                file.name, "is no line of an equivalence mapping: columns are missing or moved", line=number
            )
        # A few codes are printed in small letters: v5889.
        source, printed = match[1].rstrip().upper(), match[2].rstrip()
        flags = [int(flag) for flag in match.groups()[2:]]
        target = None if _NO_MAP.fullmatch(printed) else printed.upper()
        if not source_code.fullmatch(source):
            raise Refused(file.name, f"{source!r} is not a code of the system that it maps from", line=number)
        if target is not None and not target_code.fullmatch(target):
            raise Refused(file.name, f"{target!r} is not a code of the system that it maps to", line=number)
        approximate, no_map, combination, scenario, choice = flags
        if bool(no_map) != (target is None):
            raise Refused(
                file.name, "says “no map” in its flag and not in its target, or the other way", line=number
            )
        if combination != (scenario > 0) or (scenario > 0) != (choice > 0):
            raise Refused(
                file.name,
                "has a combination without scenario and choice list, or them without it",
                line=number,
            )
        key = (source, target, scenario, choice)
        if key in seen:
            raise Refused(file.name, f"has the mapping of {source} to {printed} twice", line=number)
        seen.add(key)
        yield Mapping(
            source, target, bool(approximate), bool(no_map), bool(combination), scenario, choice, number
        )
    if not seen:
        raise Refused(file.name, "has no mapping")


def _lines(file: InputFile) -> Iterator[tuple[int, str]]:
    """Lines with text; the last one ends with a line end, unless the file was cut off."""
    cut = 0
    for number, lines in file.blocks(encoding="ascii"):
        if cut:
            break
        for at, line in enumerate(lines, number):
            if line.strip():
                yield at, line
        cut = number if len(lines) == 1 and number > 1 and lines[0].strip() else 0
    if cut:
        raise Refused(file.name, "is cut off: its last line has no end", line=cut)
