"""Tables 6I and 6J: the complete lists of MCC and CC codes.

Two tab-separated columns under a title and a header; a blank line and "Notes:" end the list. Codes carry dots,
and 6J writes those of QA0.- with more than four characters after it: "QA0.0101".
"""

import re
from typing import Literal, NamedTuple

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

Level = Literal["CC", "MCC"]
LEVELS: dict[str, Level] = {"6I": "MCC", "6J": "CC"}
_DOTTED = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
_HEADER = ["Diagnosis Code", "Description"]


class Listed(NamedTuple):
    code: str
    title: str
    row: int


def read_cc_list(file: InputFile) -> list[Listed]:
    """Raises Refused: with the line and what is wrong with it."""
    found: dict[str, Listed] = {}
    ended = False
    for number, line in file.lines(encoding="cp1252"):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1:
            continue
        if number == 2:
            if cells[:2] != _HEADER:
                raise Refused(file.name, f"its header is not {' and '.join(_HEADER)}", line=number)
            continue
        ended = ended or not any(cells) or "Notes:" in cells
        if ended:
            if _DOTTED.fullmatch(cells[0]):
                raise Refused(file.name, f"has {cells[0]} after the end of its list", line=number)
            continue
        if len(cells) < 2 or any(cells[2:]):
            raise Refused(file.name, f"has {len(cells)} cells where 2 are meant", line=number)
        dotted, title = cells[:2]
        if not _DOTTED.fullmatch(dotted):
            raise Refused(file.name, f"{dotted[:20]!r} is not an ICD-10-CM code", line=number)
        if not any(c.isalpha() for c in title):
            raise Refused(file.name, f"{title[:20]!r} is no title", line=number)
        code = dotted.replace(".", "")
        if code in found:
            raise Refused(file.name, f"has {dotted} a second time", line=number)
        found[code] = Listed(code, title, number)
    if not found:
        raise Refused(file.name, "has no code below its header")
    if not ended:
        raise Refused(file.name, "is cut off: its list has no end")
    return list(found.values())
