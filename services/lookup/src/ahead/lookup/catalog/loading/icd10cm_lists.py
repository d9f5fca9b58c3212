"""Reads the text files of an ICD-10-CM release: list of codes, order file, addenda.

All are plain text in fixed columns. An official file ends each line, so that one whose last line doesn't end
was cut off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast

from .recognise import Source
from .refusal import Refused

CODE = re.compile(r"(?=.{0,2}[0-9])[A-Z][0-9A-Z]{2}[0-9A-Z]{0,4}")
_MAX_LINE = 2_000
_BLOCK = 1 << 18
_WHITE = str.maketrans("\t\n", "  ")
_ACTION = re.compile(r"(Add|Delete|Revise from|Revise to): +(?:([01]) )?([0-9A-Z]+) +(\S.*)")
_SUMMARY = re.compile(
    r"(?:Codes|Headers|of which|\s*[0-9]+ (?:additions|deletions|revisions.*"
    r"|(codes|headers) in icd10cm_order_[0-9]{4}\.txt))"
)
Action = Literal["add", "delete", "revise from", "revise to"]


class ListedCode(NamedTuple):
    """A line of a list or of an order file; `line` is 1-based."""

    code: str
    billable: bool
    short_title: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    action: Action
    code: str
    billable: bool
    title: str
    line: int


@dataclass(slots=True)
class Addenda:
    changes: list[Change] = field(default_factory=list[Change])
    codes: int | None = None
    """How many codes the new edition has, where the summary says so."""


def lines(source: Source) -> Iterator[tuple[int, str]]:
    """(1-based number, text) of each line.

    Raises:
        Refused: it isn't text in UTF-8, or was cut off.
    """
    number, rest = 1, b""
    with source.open() as stream:
        while block := stream.read(_BLOCK):
            whole, newline, rest = (rest + block).rpartition(b"\n")
            for text in _decoded(source, whole, number) if newline else ():
                if len(text) >= _MAX_LINE:
                    raise _too_long(source, number)
                yield number, text
                number += 1
            if len(rest) >= _MAX_LINE:
                raise _too_long(source, number)
    if rest:
        raise Refused(source.name, "is cut off: its last line doesn't end", line=number)


def _too_long(source: Source, number: int) -> Refused:
    return Refused(source.name, f"has a line of more than {_MAX_LINE} characters", line=number)


def _decoded(source: Source, block: bytes, number: int) -> list[str]:
    """Lines without their ends; `number` is the first one's."""
    try:
        text = block.decode("utf-8-sig" if number == 1 else "utf-8").replace("\r\n", "\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        line = number + block.count(b"\n", 0, error.start)
        raise Refused(source.name, "is not text in UTF-8", line=line) from None
    found = text.split("\n")
    if not text.translate(_WHITE).isprintable():
        wrong = next(at for at, line in enumerate(found) if not line.replace("\t", " ").isprintable())
        raise Refused(source.name, "has a control character", line=number + wrong)
    return found


def read_order(source: Source) -> list[ListedCode]:
    """The order file: columns 1-5 order, 7-13 code, 15 billable, 17-76 short title, 78 on long title.

    Raises:
        Refused: a line has another form, the numbering has a gap, or a code stands twice or without its heading.
    """
    rows: list[ListedCode] = []
    headings: set[str] = set()
    seen: set[str] = set()
    for number, line in lines(source):
        code, flag = line[6:13].rstrip(), line[14:15]
        short, title = line[16:76].strip(), line[77:].strip()
        gaps = line[5:6] + line[13:14] + line[15:16] + line[76:77]
        if gaps.strip() or flag not in ("0", "1") or not short or not title:
            raise Refused(source.name, "is not a line of an order file", line=number)
        if not CODE.fullmatch(code):
            raise Refused(source.name, f"{code!r} is not a code of ICD-10-CM", line=number)
        if line[:5] != f"{len(rows) + 1:05}":
            raise Refused(source.name, f"is numbered {line[:5]!r}, expected {len(rows) + 1:05}", line=number)
        if code in seen:
            raise Refused(source.name, f"has {code} twice", line=number)
        if len(code) > 3 and not any(code[:n] in headings for n in range(3, len(code))):
            raise Refused(source.name, f"has {code} without a heading above it", line=number)
        seen.add(code)
        if flag == "0":
            headings.add(code)
        rows.append(ListedCode(code, flag == "1", short, title, number))
    if not rows:
        raise Refused(source.name, "is empty")
    if not rows[-1].billable:
        raise Refused(source.name, "is cut off: it ends with a heading", line=len(rows))
    return rows


def read_codes(source: Source) -> list[ListedCode]:
    """The list of billable codes: columns 1-7 code, 9 on long title."""
    rows: list[ListedCode] = []
    seen: set[str] = set()
    for number, line in lines(source):
        code, title = line[:7].rstrip(), line[8:].strip()
        if not title or line[7:8].strip() or not CODE.fullmatch(code):
            raise Refused(source.name, "is not a line of a list of codes with titles", line=number)
        if code in seen:
            raise Refused(source.name, f"has {code} twice", line=number)
        seen.add(code)
        rows.append(ListedCode(code, True, "", title, number))
    if not rows:
        raise Refused(source.name, "is empty")
    return rows


def read_addenda(source: Source) -> Addenda:
    """What an edition changed: additions, deletions, revisions, and a summary.

    In an order file's addenda the billable flag stands before the code and the short title before the long
    one; headings are told apart by the flag.

    Raises:
        Refused: a line has another form, or a "Revise from" is not followed by its "Revise to".
    """
    found = Addenda()
    revised: str | None = None
    for number, line in lines(source):
        if not line.strip():
            continue
        match = _ACTION.fullmatch(line)
        if match is None:
            summary = _SUMMARY.fullmatch(line)
            if summary is None:
                raise Refused(source.name, "is not a line of an addenda file", line=number)
            if summary[1] == "codes":
                found.codes = int(line.split()[0])
            continue
        word, flag, code, title = match.groups()
        action = cast("Action", word.lower())
        if not CODE.fullmatch(code):
            raise Refused(source.name, f"{code!r} is not a code of ICD-10-CM", line=number)
        if (revised is not None) != (action == "revise to") or (revised is not None and revised != code):
            raise Refused(source.name, "has a revision without its other half", line=number)
        revised = code if action == "revise from" else None
        if flag is not None:
            title = title[60:].strip() or title
        found.changes.append(Change(action, code, flag != "0", title.strip(), number))
    if revised is not None:
        raise Refused(source.name, "is cut off in a revision")
    return found
