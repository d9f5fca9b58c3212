"""Procedure-to-procedure edits, in the two layouts that exist.

Published: four zips per setting, each with tab-separated text: a copyright line, a header spread over rows 2 to
5, then Column 1, Column 2, `*` where in existence prior to 1996, effective date, deletion date (`*`: none),
modifier indicator, rationale. Derived: one header line and no effective dates.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal

from ahead.lookup.catalog.loading.files import InputFile, Read
from ahead.lookup.catalog.loading.refusal import Refused

from .fields import MODIFIER_INDICATORS, BadCell, Choices, Codes, Days, Texts

Layout = Literal["derived", "published"]

DERIVED_HEADER = ["column_1", "column_2", "deletion_date", "modifier_indicator", "rationale"]
PUBLISHED_HEADER = ("column 1", "column 2", "1996", "effective", "deletion", "modifier", "rationale")
"""What the header over each column says, among other words."""
HEADER_ROWS = 10
PARTS = 4
_ROW = re.compile(r"[0-9A-Z]{5} *\t *[0-9A-Z]{5} *\t")


def layout_of(head: str) -> Layout | None:
    first, _, rest = head.partition("\n")
    if first.strip().split("\t") == DERIVED_HEADER:
        return "derived"
    if "american medical association" in first.lower() and "column 1" in rest[:2_000].lower():
        return "published"
    return None


class PtpReader:
    """Makes rows in the order of the table's columns; remembers codes and rationales over the parts of a release."""

    def __init__(self) -> None:
        self._codes = Codes()
        self._deleted = Days("*")
        self._effective = Days()
        self._modifiers = Choices("a modifier indicator (0, 1 or 9)", dict(MODIFIER_INDICATORS))
        self._before = Choices("a mark for edits before 1996 (* or nothing)", {"": 0, "*": 1})
        self._rationales = Texts()
        self.rows = 0

    def read(
        self, release_id: int, number: int, file: InputFile, layout: Layout, progress: Read | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Rows of one file, the `number`th of its release.

        Raises:
            Refused: with the line and what is wrong with it.
        """
        blocks = file.blocks(progress)
        known = self.rows
        make = self._derived if layout == "derived" else self._published
        first, lines = next(blocks, (1, []))
        skipped = 1 if layout == "derived" else _header_rows(file, lines)
        yield from make(release_id, number, file, first + skipped, lines[skipped:])
        for start, lines in blocks:
            texts = len(self._rationales)
            yield from make(release_id, number, file, start, lines)
            if len(lines) == 1 and len(self._rationales) > texts:
                raise Refused(file.name, "is cut off: its last line has no end", line=start)
        if self.rows == known:
            raise Refused(file.name, "has no edit")

    def rationales(self, release_id: int) -> Iterator[tuple[Any, ...]]:
        for number, text in self._rationales.rows():
            yield release_id, number, text

    def _derived(
        self, release_id: int, number: int, file: InputFile, start: int, lines: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        codes, deleted, modifiers, texts = self._codes, self._deleted, self._modifiers, self._rationales
        row = start
        try:
            for row, line in enumerate(lines, start):
                one, two, end, modifier, why = line.split("\t")
                yield (
                    release_id, codes[one], codes[two], deleted[end], None, modifiers[modifier], texts[why],
                    None, number, row,
                )  # fmt: skip
        except ValueError as error:
            raise _refusal(file, row, lines[row - start], error, 5) from None
        self.rows += len(lines)

    def _published(
        self, release_id: int, number: int, file: InputFile, start: int, lines: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        codes, deleted, modifiers, texts = self._codes, self._deleted, self._modifiers, self._rationales
        effective, before = self._effective, self._before
        row, blank = start, 0
        try:
            for row, line in enumerate(lines, start):
                if not line.strip():
                    blank += 1
                    continue
                one, two, old, begin, end, modifier, why = line.split("\t")[:7]
                first, last = effective[begin], deleted[end]
                if first is None or (last is not None and last < first):
                    raise BadCell(
                        f"the deletion date {end.strip()} is before the effective date {begin.strip()}"
                    )
                yield (
                    release_id, codes[one], codes[two], last, first, modifiers[modifier], texts[why],
                    before[old], number, row,
                )  # fmt: skip
        except ValueError as error:
            raise _refusal(file, row, lines[row - start], error, 7) from None
        self.rows += len(lines) - blank


def _refusal(file: InputFile, row: int, line: str, error: ValueError, cells: int) -> Refused:
    if isinstance(error, BadCell):
        return Refused(file.name, str(error), line=row)
    found = len(line.split("\t"))
    if found != cells:
        return Refused(file.name, f"has {found} cells where {cells} are meant", line=row)
    return Refused(file.name, f"can't be read: {error}", line=row)


def _header_rows(file: InputFile, lines: list[str]) -> int:
    """How many lines stand before the first edit; the header over each column must say what it is."""
    count = next((n for n, line in enumerate(lines[: HEADER_ROWS + 1]) if _ROW.match(line)), None)
    if count is None:
        raise Refused(file.name, f"has no edit in its first {HEADER_ROWS} lines", line=1)
    over: list[str] = []
    for line in lines[1:count]:
        for column, cell in enumerate(line.split("\t")):
            if column == len(over):
                over.append("")
            over[column] = f"{over[column]} {cell.strip().lower()}"
    for column, word in enumerate(PUBLISHED_HEADER):
        said = " ".join(over[column].split()) if column < len(over) else ""
        if word not in said.replace("column1", "column 1").replace("column2", "column 2"):
            reason = f"column {column + 1} is headed {said[:60]!r} where {word!r} is meant"
            raise Refused(file.name, reason, line=count)
    return count
