"""Reads cells of the fee schedule's files: each is what its column is for, or the line is refused."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from ahead.lookup.catalog.loading.delimited import records
from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

_CODE = re.compile(r"(?=[A-Z]{0,4}[0-9])[0-9A-Z]{5}")
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_FORMULA = re.compile(r"[=+\-@]")
_BOM = "ï»¿"
MAX_TEXT = 400
_REMEMBERED = 20_000
"""Cells repeat: each is checked once."""


class BadCell(ValueError):
    """A cell is not what its column is for."""


def rows_of(file: InputFile, *, encoding: str = "utf-8") -> Iterator[tuple[int, list[str]]]:
    """Line number (from 1) and cells of each line, without blanks around them.

    Raises:
        Refused: not text, or a quotation mark that doesn't end.
    """
    for number, cells in records(file, encoding=encoding):
        if number == 1 and cells:
            cells[0] = cells[0].removeprefix(_BOM)
        yield number, [cell.strip() for cell in cells]


def must_end(file: InputFile) -> None:
    """Refuses a file whose last line was cut off; for files whose last cells don't tell."""
    if not file.content().endswith(b"\n"):
        raise Refused(file.name, "is cut off: its last line has no end")


@lru_cache(_REMEMBERED)
def code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise BadCell(f"{text[:40]!r} is not a HCPCS or CPT code")
    return text


@lru_cache(_REMEMBERED)
def number(text: str, what: str, decimals: int | None = None) -> str:
    """A decimal as printed.

    Args:
        decimals: how many must stand there; None: any.
    """
    if not _NUMBER.fullmatch(text) or (decimals is not None and len(text.partition(".")[2]) != decimals):
        raise BadCell(f"{text[:40]!r} is not {what}")
    return text


def index(text: str, what: str) -> str:
    """A geographic index: around 1."""
    if not Decimal("0.1") <= Decimal(number(text, what)) <= Decimal(4):
        raise BadCell(f"{text!r} is not {what}: indices are around 1")
    return text


def one_of(text: str, values: frozenset[str], what: str) -> str:
    if text not in values:
        raise BadCell(f"{text[:40]!r} is not {what}")
    return text


def words(text: str, what: str) -> str:
    """A name: letters, and no formula for a spreadsheet."""
    if len(text) > MAX_TEXT or _FORMULA.match(text) or not any(c.isalpha() for c in text):
        raise BadCell(f"{text[:40]!r} is not {what}")
    return text


@lru_cache(_REMEMBERED)
def padded(text: str, width: int, what: str) -> str:
    """A number whose leading zeros a spreadsheet may have lost."""
    if not text.isascii() or not text.isdigit() or len(text) > width:
        raise BadCell(f"{text[:40]!r} is not {what}")
    return text.zfill(width)
