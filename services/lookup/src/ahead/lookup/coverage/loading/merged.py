"""The merged list: per procedure code the diagnoses that some billing article of the named LCDs lists.

It doesn't say which of the LCDs lists a diagnosis, and it has no lines: the place of a code in it is its row.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import COVERED, MERGED, MERGED_PAIRS, NOT_COVERED
from .days import BadCell, diagnosis, procedure

SYSTEM = "lcd-code-coverage"
_BEGINS = re.compile(rb'\s*\{\s*"[0-9A-Z]{5}"\s*:\s*\{\s*"(covered|lcdIds|notCovered)"\s*:\s*\[')
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_LISTS = {"covered", "notCovered", "lcdIds"}
SPRING = ((3, 1), (5, 31))
"""The list of 2026 was compiled in the spring; its file says the year only."""


@dataclass(frozen=True)
class Entry:
    place: int
    code: str
    lcds: tuple[str, ...]
    covered: tuple[str, ...]
    not_covered: tuple[str, ...]


def is_merged(head: bytes) -> bool:
    return _BEGINS.match(head) is not None


def read(file: InputFile) -> list[Entry]:
    """Raises Refused with the code and what is wrong with it."""
    try:
        whole = json.loads(file.content(), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Refused(file.name, f"is no JSON that can be read: {str(error)[:120]}") from None
    if not isinstance(whole, dict) or not whole:
        raise Refused(file.name, "is no object of codes")
    return [_entry(file, place, code, lists) for place, (code, lists) in enumerate(whole.items(), 1)]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _entry(file: InputFile, place: int, code: str, lists: Any) -> Entry:
    try:
        key = procedure(code)
        if not isinstance(lists, dict) or set(lists) != _LISTS:
            raise BadCell("has other lists than covered, notCovered and lcdIds")
        for name, values in lists.items():
            if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
                raise BadCell(f"{name} is no list of texts")
            if len(set(values)) < len(values):
                raise BadCell(f"{name} has something twice")
        lcds: list[str] = lists["lcdIds"]
        if not lcds or not all(re.fullmatch(r"L[0-9]{4,6}", lcd) for lcd in lcds):
            raise BadCell("names no LCD, or something that is none")
        covered = tuple(diagnosis(text) for text in lists["covered"])
        not_covered = tuple(diagnosis(text) for text in lists["notCovered"])
    except BadCell as error:
        raise Refused(file.name, f"entry {place} ({code[:10]}): {error}") from None
    return Entry(place, key, tuple(lcds), covered, not_covered)


def work(file: InputFile) -> Work:
    """Raises Refused where the name doesn't say the year."""
    match = _YEAR.search(file.name)
    if match is None:
        raise Refused(file.name, "its name doesn't say the year: name it such as lcd-code-coverage-2026.json")
    year = int(match[1])

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.1, "Reading")
        found = read(file)
        progress(0.5, "Writing")
        writer.write(
            MERGED,
            [
                (release_id, e.code, " ".join(e.lcds), len(e.covered), len(e.not_covered), e.place)
                for e in found
            ],
        )
        writer.write(
            MERGED_PAIRS,
            (
                (release_id, entry.code, listed, code, entry.place)
                for entry in found
                for listed, codes in ((COVERED, entry.covered), (NOT_COVERED, entry.not_covered))
                for code in codes
            ),
        )
        covered, others = (sum(len(e.covered) for e in found), sum(len(e.not_covered) for e in found))
        lcds = len({lcd for e in found for lcd in e.lcds})
        return Filled(
            covered + others,
            remark=f"{len(found)} codes, {lcds} LCDs: {covered:,} pairs listed as covered, {others:,} as not. It "
            "doesn't say which LCD lists a diagnosis. Its file names the year only: the window is the spring of it, "
            "unless --from and --to say another.",
        )

    return Work(
        SYSTEM, "lcd-merged", str(year), (file,), date(year, *SPRING[0]), date(year, *SPRING[1]), "calendar",
        "lcd-merged/1", (MERGED, MERGED_PAIRS), fill,
    )  # fmt: skip
