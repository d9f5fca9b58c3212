"""Reads the list of diagnoses that are exempt from present-on-admission reporting.

Tab-separated, with a header: order, code with its dot, title. A title with a comma stands in quotes.
"""

from typing import NamedTuple

from .icd10cm_lists import CODE, lines
from .recognise import Source
from .refusal import Refused

_HEADER = ["POAexemptCode", "Description"]


class Exempt(NamedTuple):
    code: str
    title: str
    line: int


def read(source: Source) -> list[Exempt]:
    """
    Raises:
        Refused: a line has another form, or a code stands twice.
    """
    rows: list[Exempt] = []
    seen: set[str] = set()
    columns = 0
    for number, line in lines(source):
        if not line.strip():
            continue
        cells = line.split("\t")
        if number == 1:
            if cells[-2:] != _HEADER or len(cells) > 3:
                raise Refused(source.name, "is not a list of POA exempt codes", line=number)
            columns = len(cells)
            continue
        if len(cells) != columns or (columns == 3 and not cells[0].isdecimal()):
            raise Refused(source.name, f"has not the {columns} columns of its header", line=number)
        printed, title = cells[-2].strip(), _unquoted(cells[-1].strip())
        code = printed.replace(".", "", 1)
        if not CODE.fullmatch(code) or (printed != code and printed[3] != "."):
            raise Refused(source.name, f"{printed[:20]!r} is not a code of ICD-10-CM", line=number)
        if not title:
            raise Refused(source.name, f"has no title for {printed}", line=number)
        if code in seen:
            raise Refused(source.name, f"has {printed} twice", line=number)
        seen.add(code)
        rows.append(Exempt(code, title, number))
    if not rows:
        raise Refused(source.name, "is empty")
    return rows


def _unquoted(title: str) -> str:
    if len(title) > 1 and title[0] == title[-1] == '"':
        return title[1:-1].replace('""', '"')
    return title
