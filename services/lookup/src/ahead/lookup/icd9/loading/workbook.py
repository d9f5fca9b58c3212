"""Reads the workbook of ICD-9-CM diagnosis titles: code without its dot, long and short title.

It lists the codes that can be billed. Headings (categories that are divided) are not in it.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

CODE = re.compile(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}")
HEADER = ("DIAGNOSIS CODE", "LONG DESCRIPTION", "SHORT DESCRIPTION")
_TEXTS = frozenset({"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"})
_LARGEST = 8 * 1024 * 1024
"""The official workbook has 0.7 MB: larger ones are others, and are not read to find that out."""
_MAX_ROWS = 100_000
_MAX_PART = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    code: str
    title: str
    short_title: str
    row: int


def is_titles(file: InputFile) -> bool:
    """Whether a file is this workbook: its texts, shared or in the first sheet, begin with the three headings."""
    if not file.head.startswith(b"PK\x03\x04"):
        return False
    begin = b""
    try:
        with zipfile.ZipFile(io.BytesIO(file.content(_LARGEST))) as archive:
            for name in set(archive.namelist()) & _TEXTS:
                with archive.open(name) as part:
                    begin += part.read(65_536)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, Refused):
        return False
    return all(name.encode() in begin for name in HEADER)


def read(file: InputFile) -> list[Listed]:
    """
    Raises:
        Refused: the workbook can't be read, or a row has another form or a code that stands twice.
    """
    content = file.content(_LARGEST)
    _check_parts(file, content)
    found: list[Listed] = []
    seen: set[str] = set()
    headed = False
    for number, cells in _rows(file, content):
        values = [_text(cell) for cell in cells[:3]] + [""] * (3 - len(cells[:3]))
        if not headed:
            if tuple(value.upper() for value in values) != HEADER:
                raise Refused(file.name, f"has not the headings {', '.join(HEADER)}", line=number)
            headed = True
            continue
        if not any(values):
            continue
        code, title, short = values
        if not CODE.fullmatch(code):
            raise Refused(file.name, f"{code[:20]!r} is not a code of ICD-9-CM", line=number)
        if not any(c.isalpha() for c in title) or title.startswith("="):
            raise Refused(file.name, f"has no title for {code}", line=number)
        if code in seen:
            raise Refused(file.name, f"has {code} twice", line=number)
        seen.add(code)
        found.append(Listed(code, title, short, number))
    if not found:
        raise Refused(file.name, "has no code")
    return found


def _text(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _check_parts(file: InputFile, content: bytes) -> None:
    """A workbook is a zip of XML: one that unpacks to too much, or declares a document type, is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.file_size > _MAX_PART:
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


def _rows(file: InputFile, content: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of the first sheet, from 1. What openpyxl raises on a damaged workbook is not documented."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            try:
                sheet: Any = book.worksheets[0]
                for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                    if number > _MAX_ROWS:
                        raise Refused(file.name, f"has more than {_MAX_ROWS:,} rows")
                    yield number, cells
            finally:
                book.close()
    except Refused:
        raise
    except Exception as error:
        raise Refused(file.name, f"is no workbook that can be read: {type(error).__name__}") from None
