"""Writes text tables as workbooks, the way publishers keep them: numbers are numbers, with a format or without."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_MONEY = re.compile(r"\$[0-9,]+\.[0-9]{2}")
_PERCENT = re.compile(r"[0-9]+\.([0-9]+)%")


def write_workbook(
    path: Path, sheets: Mapping[str, str], *, delimiter: str = ",", as_text: frozenset[str] = frozenset()
) -> Path:
    """
    Args:
        sheets: text by title.
        as_text: what stays text though it looks like a number: "05".
    """
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, text in sheets.items():
        sheet = book.create_sheet(title)
        for row, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            for column, cell in enumerate(cells, 1):
                said = cell.strip()
                place = sheet.cell(row, column)
                if _NUMBER.fullmatch(said) and said not in as_text:
                    place.value = float(said)
                elif _MONEY.fullmatch(said):
                    place.value, place.number_format = float(said[1:].replace(",", "")), '"$"#,##0.00'
                elif match := _PERCENT.fullmatch(said):
                    place.value, place.number_format = float(said[:-1]) / 100, f"0.{'0' * len(match[1])}%"
                elif said:
                    place.value = cell
    book.save(path)
    return path
