"""Reads the ANWEB text: CMS's contractor record of 320 characters.

By the record layout that CMS publishes with each release (HCPC<year>_recordlayout.txt); places count from 1:
code 1-5 (a modifier stands in 4-5), sequence number 6-10, record identification 11 (3 the first record of a code, 4
more of its long description; 7 and 8 alike for a modifier), long description 12-91, short 92-119, pricing indicators
4 x 2 from 120, multiple pricing 128, Coverage Issues Manual 3 x 6 from 129, Medicare Carriers Manual 3 x 8 from 147,
statute 171-180, laboratory certification 8 x 3 from 181, cross references 5 x 5 from 205, coverage 230, ASC group
231-232 and its date 233-240, MOG 241-243, its policy indicator 244 and date 245-252, processing note 253-256, BETOS
257-259, types of service 5 x 1 from 261, anesthesia base units 266-268, added 269-276, action effective 277-284,
terminated 285-292, action 293.
"""

import re
from collections.abc import Iterator

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from .cells import BadCell, day, one_of, several, text_of, words
from .records import Record, checked

_START = re.compile(r"(?:[A-Z][0-9]{4}|   [A-Z][0-9A-Z])[0-9]{5}[3478]")
_LEAST, _MOST = 119, 320
"""A record has its short description at least; blanks at the end may be cut off."""


def recognised(file: InputFile) -> bool:
    """Do the file's first lines begin as the records do?"""
    lines = file.head.decode("cp1252", errors="replace").splitlines()[:3]
    return bool(lines) and all(_START.match(line) for line in lines)


def read(file: InputFile) -> Iterator[Record]:
    """Codes and modifiers, each with all of its description.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    lines = text_of(file).split("\n")
    if lines and not lines[-1].strip():
        lines.pop()
    head, begun, more = "", 0, list[str]()
    for number, line in enumerate([*lines, ""], start=1):
        start = _START.match(line)
        if number <= len(lines) and (start is None or len(line.rstrip()) > _MOST):
            raise Refused(file.name, "is no record of the HCPCS contractor file", line=number)
        if start is not None and line[10] in "48":
            if not head or line[:5] != head[:5]:
                raise Refused(file.name, "continues a description that has not begun", line=number)
            if line[10] != ("4" if head[10] == "3" else "8"):
                raise Refused(file.name, "continues a record of another kind", line=number)
            more.append(line[11:91])
            continue
        if head:
            try:
                yield _record(head, more, begun)
            except BadCell as error:
                raise Refused(file.name, str(error), line=begun) from None
        head, begun, more = line, number, []
    if not lines:
        raise Refused(file.name, "is empty")


def _record(line: str, more: list[str], row: int) -> Record:
    if len(line) < _LEAST:
        raise BadCell("the record is cut off")

    def at(first: int, last: int) -> str:
        return line[first - 1 : last].strip()

    def each(first: int, width: int, times: int, by: str = " ") -> str:
        return several([at(first + n * width, first + (n + 1) * width - 1) for n in range(times)], by)

    units = one_of(at(266, 268), r"[0-9]{0,3}", "a number of anesthesia base units")
    # Lines break between words.
    long_description = words(" ".join([at(12, 91), *more]))
    return checked(
        Record(
            at(1, 5), long_description, words(at(92, 119)), row, 1 + len(more), each(120, 2, 4), at(128, 128),
            each(129, 6, 3, ", "), each(147, 8, 3, ", "), at(171, 180), each(181, 3, 8), each(205, 5, 5), at(230, 230),
            at(231, 232), day(at(233, 240)), at(241, 243), at(244, 244), day(at(245, 252)), at(253, 256),
            at(257, 259), each(261, 1, 5), int(units) if units else None, day(at(269, 276)),
            day(at(277, 284)), day(at(285, 292)), at(293, 293),
        )
    )  # fmt: skip
