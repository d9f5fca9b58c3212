"""Records of the export's and the report's CSV files: cells with line breaks, in whatever of two encodings."""

import csv
import re
from collections.abc import Iterator
from html import unescape

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

# The words of a policy in one cell are longer than the reader's default; a file's own limit holds all the same.
csv.field_size_limit(8 << 20)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def text_of(cell: str) -> str:
    """A cell read byte by byte, as the text that it is: UTF-8 or Windows' own."""
    if cell.isascii():
        return cell
    data = cell.encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def plain(cell: str) -> str:
    """A cell of marked-up words as plain text."""
    return " ".join(unescape(_TAG.sub(" ", text_of(cell))).split())


def heading(head: bytes) -> tuple[str, ...]:
    """The names of the columns, by the first line of a file; () where that can't be read."""
    line = head.decode("latin-1").removeprefix("ï»¿").split("\n", 1)[0].rstrip("\r")
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], strict=True), []))
    except csv.Error:
        return ()


def records(file: InputFile) -> Iterator[tuple[int, dict[str, str]]]:
    """(line on which the record begins, cells by the name of their column).

    Raises:
        Refused: the quoting is broken, or a record has more or fewer cells than the heading.
    """
    lines = _Counting(file)
    reader = csv.reader(lines, strict=True)
    names: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            at, begins = begins, lines.line + 1
            if names is None:
                names = [cell.strip().removeprefix("ï»¿") for cell in cells]
                continue
            if not cells:
                continue
            if len(cells) != len(names):
                reason = f"has {len(cells)} cells where {len(names)} are meant"
                raise Refused(file.name, reason, line=at)
            yield at, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise Refused(file.name, f"can't be read: {error}", line=begins) from None


class _Counting:
    """Lines for the csv reader, and how many it has taken."""

    def __init__(self, file: InputFile) -> None:
        self._lines = file.lines(encoding="latin-1", ended=True)
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, text = next(self._lines)
        self.line = number
        return text + "\n"
