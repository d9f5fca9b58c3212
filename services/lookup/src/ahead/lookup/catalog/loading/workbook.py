"""Workbooks (xlsx): their sheets as rows of values, and as the text in which the same tables are published too.

A workbook is a zip of XML: one that unpacks to too much, declares a document type or is damaged is refused. What
openpyxl raises on a damaged one is not documented.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, BinaryIO

import openpyxl

from .files import HEAD, SMALL, InputFile
from .refusal import Refused

MAX_ROWS = 200_000
MAX_PART = 256 * 1024 * 1024
_LARGEST = 12 * 1024 * 1024
"""The relative values of 2025 have 1.7 MB as a workbook. Larger ones are not looked into: NCCI's pairs are read as
text."""
_TOP_ROWS = 40
_MOST_SHEETS = 40
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')

Rows = Iterator[tuple[int, tuple[Any, ...]]]
"""The number of each row, from 1, and its cells."""


def is_workbook(file: InputFile) -> bool:
    """Whether it begins like one, and is no zip whose members are files of their own."""
    return file.head.startswith(b"PK\x03\x04") and not isinstance(file, Sheet)


def check_parts(file: InputFile) -> None:
    """Raises Refused for a workbook that unpacks to too much, or declares a document type."""
    try:
        with file.reading() as stream, zipfile.ZipFile(_seekable(file, stream)) as archive:
            for info in archive.infolist():
                if info.file_size > MAX_PART:
                    raise Refused(
                        file.name, f"{info.filename[:80]} in it unpacks to {info.file_size:,} bytes"
                    )
                with archive.open(info) as part:
                    if b"<!DOCTYPE" in part.read(4_096):
                        raise Refused(file.name, f"{info.filename[:80]} in it declares a document type")
    except Refused:
        raise
    except Exception as error:
        raise Refused(file.name, f"can't be read: {error}") from None


def sheets(file: InputFile) -> Iterator[tuple[str, Rows]]:
    """Each sheet's title with its rows of values: text, numbers, dates, or None. A formula is text that begins so.

    Raises:
        Refused: the workbook is damaged, or has too many rows.
    """
    with _book(file) as book:
        for sheet in book.worksheets:
            yield sheet.title, _rows(file, sheet, values=True)


def first_sheet(file: InputFile) -> Rows:
    """The rows of the first sheet; as `sheets`."""
    for _, rows in sheets(file):
        yield from rows
        return


@contextmanager
def _book(file: InputFile) -> Generator[Any]:
    with file.reading() as stream:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(_seekable(file, stream), read_only=True, data_only=False)
        except Refused:
            raise
        except Exception as error:
            raise Refused(file.name, f"is no workbook that can be read: {type(error).__name__}") from None
        try:
            yield book
        finally:
            book.close()


def _seekable(file: InputFile, stream: Any) -> Any:
    """A workbook inside a zip is brought into memory: it is read from its end."""
    if file.member is None and not file.gzipped:
        return stream
    return io.BytesIO(file.content())


def _rows(file: InputFile, sheet: Any, *, values: bool) -> Rows:
    rows = sheet.iter_rows(values_only=values)
    for number in range(1, MAX_ROWS + 1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cells = next(rows, None)
                if cells is not None and not values:
                    cells = tuple(map(shown, cells))
        except Exception as error:
            raise Refused(file.name, f"can't be read: {type(error).__name__}", line=number) from None
        if cells is None:
            return
        yield number, cells
    raise Refused(file.name, f"has more than {MAX_ROWS:,} rows")


def shown(cell: Any) -> str:
    """The text of a cell as the workbook shows it, on one line: numbers by their number format."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split()) if "\n" in value or "\t" in value else value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return printed_number(value, cell.number_format or "General")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else "=formula"


@lru_cache(20_000)
def printed_number(value: float, number_format: str) -> str:
    """A number by its format: "0.00", "$#,##0.00", "0.00%", "00000"; plainly where the format has no digits."""
    exact = Decimal(repr(value))
    section = number_format.partition(";")[0]
    pattern = _LITERAL.sub("", section)
    if not any(mark in pattern for mark in "0#") or "E" in pattern.upper().replace("GENERAL", ""):
        return f"{exact:f}".removesuffix(".0")
    whole, _, part = pattern.replace("%", "").partition(".")
    if "%" in pattern:
        exact *= 100
    decimals = sum(part.count(mark) for mark in "0#")
    optional = part.count("#")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    for _ in range(optional):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    integer, point, rest = text.partition(".")
    text = integer.rjust(whole.count("0"), "0") + point + rest
    return f"{'$' if '$' in section else ''}{text}{'%' if '%' in pattern else ''}"


@dataclass(frozen=True)
class Sheet(InputFile):
    """A sheet as a file of text: a line for each row, its number the row's. Its hash is the workbook's."""

    title: str = ""
    delimiter: str = ","

    @property
    def name(self) -> str:
        return f"{super().name}, sheet {self.title}"

    @property
    def workbook(self) -> InputFile:
        return InputFile(self.path, self.member)

    @cached_property
    def sha256(self) -> str:
        return self.workbook.sha256

    @cached_property
    def head(self) -> bytes:
        """The first rows."""
        return _text(dict(tops(self.workbook))[self.title], self.delimiter)[:HEAD]

    @contextmanager
    def _open(self) -> Generator[tuple[BinaryIO, BinaryIO]]:
        text = _whole(self, *_state(self))
        with self._raw() as raw:
            yield io.BytesIO(text), raw

    def _decoded(self, block: bytes, number: int, encoding: str) -> list[str]:
        """Readers name the encoding of the text that is published; a sheet has none."""
        return super()._decoded(block, number, "utf-8")


def with_sheets(files: Sequence[InputFile], delimiter: str = ",") -> list[InputFile]:
    """The files, with the sheets of each workbook among them in its place."""
    found: list[InputFile] = []
    for file in files:
        if is_workbook(file):
            found += [Sheet(file.path, file.member, title, delimiter) for title, _ in tops(file)]
        else:
            found.append(file)
    return found


Top = tuple[str, tuple[tuple[str, ...], ...]]


def tops(file: InputFile) -> tuple[Top, ...]:
    """Titles and first rows of the sheets, as text; none of what is no workbook. Several sources ask of the same
    one."""
    if not is_workbook(file) or _size(file) > _LARGEST:
        return ()
    return _tops(InputFile(file.path, file.member), *_state(file))


def _size(file: InputFile) -> int:
    if file.member is None:
        return file.path.stat().st_size
    with zipfile.ZipFile(file.path) as archive:
        return archive.getinfo(file.member).file_size


def _state(file: InputFile) -> tuple[int, int]:
    """Another one when the file was written again: what is remembered of it then is of no use."""
    stat = file.path.stat()
    return stat.st_mtime_ns, stat.st_size


@lru_cache(2)
def _whole(sheet: Sheet, *_state: int) -> bytes:
    """The text of a sheet. Two sources read the relative values one after the other."""
    check_parts(sheet.workbook)
    with _book(sheet.workbook) as book:
        rows = [cells for _, cells in _rows(sheet, book[sheet.title], values=False)]
    text = _text(rows, sheet.delimiter)
    if len(text) > SMALL:
        raise Refused(sheet.name, f"is larger than {SMALL:,} bytes")
    return text


@lru_cache(64)
def _tops(file: InputFile, *_state: int) -> tuple[Top, ...]:
    try:
        check_parts(file)
        with _book(file) as book:
            return tuple(
                (
                    sheet.title,
                    tuple(cells for _, cells in islice(_rows(file, sheet, values=False), _TOP_ROWS)),
                )
                for sheet in book.worksheets[:_MOST_SHEETS]
            )
    except Refused:
        return ()


def _text(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    """Without the columns at the right that are empty in every row. Text between tabs ends with an empty line: in a
    workbook no end is cut off."""
    width = max((n for row in rows for n, cell in enumerate(row, 1) if cell), default=0)
    padded = ([*row[:width], *([""] * (width - len(row)))] for row in rows)
    if delimiter == "\t":
        return "".join(f"{line}\r\n" for line in (*map("\t".join, padded), "")).encode()
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(padded)
    return out.getvalue().encode()
