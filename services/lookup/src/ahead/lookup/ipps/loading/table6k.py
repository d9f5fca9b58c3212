"""Table 6K: which principal diagnoses make a CC or MCC count as none.

Part 1 names for each code its level and its collection of principal diagnoses ("0126:1,070 codes", or "No Excl");
the collections follow. Part 2, which comes after the last collection without a change of layout, names the codes
that count only if the patient was discharged alive. Part 3, newer, names codes that don't count within some
MS-DRGs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

_PART = re.compile(r"K Part ([1-3]): ")
_CODE_ROW = re.compile(
    r" (?P<code>[A-Z][0-9A-Z]{2,6}) +(?P<level>CC|MCC) +"
    r"(?:No Excl|(?P<collection>[0-9]{4}):(?P<size>[0-9,]+) codes?) +(?P<title>\S.*)"
)
_COLLECTION = re.compile(r"PDX collection ([0-9]{4})")
_MEMBER = re.compile(r"  ([A-Z][0-9A-Z]{2,6}) +\S.*")
_DRGS = re.compile(r"MDC ([0-9]{2}) DRGs ([0-9]{3})(?:-([0-9]{3}))? (\S.*)")
_COLUMN_HEADER = "I10 Dx"


@dataclass(frozen=True)
class CcCode:
    code: str
    level: str
    collection: str | None
    size: int
    row: int


@dataclass(frozen=True)
class DrgExclusion:
    code: str
    first_drg: str
    last_drg: str
    mdc: str
    title: str
    row: int


@dataclass
class Table6K:
    """What the file says: `collections` by number, each code with its line; `alive_only` likewise."""

    codes: dict[str, CcCode] = field(default_factory=dict[str, CcCode])
    collections: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    alive_only: dict[str, int] = field(default_factory=dict[str, int])
    drg_exclusions: dict[tuple[str, str], DrgExclusion] = field(
        default_factory=dict[tuple[str, str], DrgExclusion]
    )


class _Reader:
    """Goes through the parts; what doesn't belong to the part that it stands in is refused."""

    def __init__(self) -> None:
        self.table = Table6K()
        self.part = 0
        self._collection: dict[str, int] | None = None
        self._drgs: tuple[str, str, str, str] | None = None

    def take(self, row: int, line: str) -> None:
        """Raises ValueError: what is wrong with the line."""
        if part := _PART.match(line):
            if int(part[1]) != self.part + 1:
                raise ValueError(f"part {part[1]} comes after part {self.part}")
            self.part = int(part[1])
        elif self.part == 1:
            self._first(row, line)
        elif self.part == 2:
            self._second(row, line)
        elif self.part == 3:
            self._third(row, line)

    def _first(self, row: int, line: str) -> None:
        table = self.table
        if line.strip().startswith(_COLUMN_HEADER):
            return
        if named := _COLLECTION.fullmatch(line):
            if named[1] in table.collections:
                raise ValueError(f"collection {named[1]} stands twice")
            self._collection = table.collections[named[1]] = {}
            return
        if self._collection is not None:
            _add(self._collection, _member(line), row)
            return
        found = _CODE_ROW.fullmatch(line)
        if found is None:
            raise ValueError("is no row of code, level, exclusions and description")
        code, size = found["code"], int((found["size"] or "0").replace(",", "") or 0)
        if code in table.codes:
            raise ValueError(f"{code} stands twice")
        table.codes[code] = CcCode(code, found["level"], found["collection"], size, row)

    def _second(self, row: int, line: str) -> None:
        code = _member(line)
        if code not in self.table.codes:
            raise ValueError(f"{code} is not in Part 1")
        _add(self.table.alive_only, code, row)

    def _third(self, row: int, line: str) -> None:
        if named := _DRGS.fullmatch(line):
            self._drgs = (named[2], named[3] or named[2], named[1], named[4])
            return
        code = _member(line)
        if self._drgs is None:
            raise ValueError(f"{code} stands below no MS-DRG")
        first, last, mdc, title = self._drgs
        if (code, first) in self.table.drg_exclusions:
            raise ValueError(f"{code} stands twice")
        self.table.drg_exclusions[code, first] = DrgExclusion(code, first, last, mdc, title, row)


def _member(line: str) -> str:
    found = _MEMBER.fullmatch(line)
    if found is None:
        raise ValueError(f"{line.strip()[:30]!r} is no code with its description")
    return found[1]


def _add(to: dict[str, int], code: str, row: int) -> None:
    if code in to:
        raise ValueError(f"{code} stands twice")
    to[code] = row


def read_table6k(file: InputFile) -> Table6K:
    """Raises Refused: with the line and what is wrong with it."""
    reader = _Reader()
    ended = False
    for row, line in file.lines(encoding="cp1252"):
        ended = not line.strip()
        if ended:
            continue
        try:
            reader.take(row, line.rstrip())
        except ValueError as error:
            raise Refused(file.name, str(error), line=row) from None
    table = reader.table
    if not table.codes:
        raise Refused(file.name, "has no code in Part 1")
    if reader.part < 2 or not ended:
        raise Refused(file.name, "is cut off: its last part has no end")
    for wrong in _wrong_sizes(table):
        raise Refused(file.name, wrong)
    return table


def _wrong_sizes(table: Table6K) -> Iterator[str]:
    """Part 1 says how many codes each collection has: what is lost or swallowed shows here."""
    for code in table.codes.values():
        if code.collection is None:
            continue
        held = table.collections.get(code.collection)
        if held is None:
            yield f"collection {code.collection} of {code.code} is not in it"
        elif len(held) != code.size:
            yield f"collection {code.collection} has {len(held):,} codes where Part 1 says {code.size:,}"
