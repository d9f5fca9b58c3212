"""Reads the workbook of ICD-9-CM diagnosis titles: code without its dot, long and short title.

It lists the codes that can be billed. Headings (categories that are divided) are not in it.
"""

import re
from dataclasses import dataclass

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.workbook import check_parts, first_sheet, tops

CODE = re.compile(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}")
HEADER = ("DIAGNOSIS CODE", "LONG DESCRIPTION", "SHORT DESCRIPTION")


@dataclass(frozen=True, slots=True)
class Listed:
    code: str
    title: str
    short_title: str
    row: int


def is_titles(file: InputFile) -> bool:
    """Whether a file is this workbook: its first sheet begins with the three headings."""
    for _, rows in tops(file)[:1]:
        return bool(rows) and tuple(cell.upper() for cell in rows[0][: len(HEADER)]) == HEADER
    return False


def read(file: InputFile) -> list[Listed]:
    """
    Raises:
        Refused: the workbook can't be read, or a row has another form or a code that stands twice.
    """
    check_parts(file)
    found: list[Listed] = []
    seen: set[str] = set()
    headed = False
    for number, cells in first_sheet(file):
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
