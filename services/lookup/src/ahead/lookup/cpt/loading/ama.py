"""Reads the AMA's distribution files of CPT, and comma-separated text in their place.

The data file distribution has, below lines of notice and licence: SHORTU.txt (28 characters) and MEDU.txt (48) with
the code in places 1-5 and the text from 7 on, LONGULT.txt with code and text by a tab, and two files by tabs with a
header: consumer descriptors (concept, code, text) and clinician descriptors (concept, code, descriptor, text; several
for a code).
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

CODE = re.compile(r"[0-9]{4}[0-9A-Z]")
_FIXED = re.compile(r"([0-9]{4}[0-9A-Z]) (\S.*)")
_TABBED = re.compile(r"([0-9]{4}[0-9A-Z])\t([^\t]*\S[^\t]*)")
_OWNER = "american medical association"
_NAMES = {"shortu.txt": "short", "medu.txt": "medium", "longult.txt": "long"}
_WIDTHS = {"short": 28, "medium": 48}
_NOTICE = 80
"""Lines of notice and licence before the first code, at most."""
_MAX_BYTES = 64 * 1024 * 1024
_CSV_CODE = ("code", "cpt", "cpt_code", "cpt code")
_CSV_FORMS = {
    "long": "long", "long_description": "long", "description": "long", "long description": "long",
    "medium": "medium", "medium_description": "medium", "medium description": "medium",
    "short": "short", "short_description": "short", "short description": "short",
    "consumer": "consumer", "consumer_description": "consumer", "consumer description": "consumer",
    "clinician": "clinician", "clinician_description": "clinician", "clinician description": "clinician",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    code: str
    form: str
    """One of `models.FORMS`."""
    row: int
    text: str


def form_of(file: InputFile) -> str:
    """ "short", "medium", "long", "consumer", "clinician", "csv", or "" for a file of something else."""
    lines = file.head.decode("cp1252", errors="replace").splitlines()
    if not lines:
        return ""
    if header := _csv_header(lines[0]):
        return "csv" if len(header) > 1 else ""
    for line in lines[: _NOTICE + 1]:
        if form := _descriptors(line):
            return form
    name = file.name.rpartition("/")[2].lower()
    if name not in _NAMES and not any(_OWNER in line.lower() for line in lines[:_NOTICE]):
        return ""
    data = [line for line in lines[: _NOTICE + 200] if CODE.match(line)]
    if not data:
        return ""
    if all(_TABBED.fullmatch(line) for line in data[:-1] or data):
        return "long"
    if not all(_FIXED.match(line) for line in data[:-1] or data):
        return ""
    return _NAMES.get(name) or ("short" if max(map(len, data)) <= 6 + _WIDTHS["short"] else "medium")


def read(file: InputFile, form: str) -> Iterator[Text]:
    """Texts of a file of that form.

    Raises:
        Refused: with the line and what is wrong with it.
    """
    lines = _lines(file)
    if form == "csv":
        yield from _csv(file, lines)
    elif form in ("consumer", "clinician"):
        yield from _descriptor_rows(file, lines, form)
    else:
        yield from _list(file, lines, form)


def _list(file: InputFile, lines: list[str], form: str) -> Iterator[Text]:
    pattern = _TABBED if form == "long" else _FIXED
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        match = pattern.fullmatch(line.rstrip())
        if match is None:
            if seen and line.strip():
                raise Refused(file.name, "is no code with its description", line=number)
            if number > _NOTICE:
                raise Refused(file.name, f"has no code within its first {_NOTICE} lines", line=number)
            continue
        code, text = match[1], match[2].strip()
        if len(text) > _WIDTHS.get(form, 10_000):
            raise Refused(file.name, f"has a {form} description of {len(text)} characters", line=number)
        if code in seen:
            raise Refused(file.name, f"{code} stands twice", line=number)
        seen.add(code)
        yield Text(code, form, number, text)
    if not seen:
        raise Refused(file.name, "has no code with its description")


def _descriptor_rows(file: InputFile, lines: list[str], form: str) -> Iterator[Text]:
    width = 3 if form == "consumer" else 4
    below = found = False
    for number, line in enumerate(lines, start=1):
        if not below:
            below = _descriptors(line) == form
            continue
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != width or not CODE.fullmatch(cells[1]) or not cells[-1]:
            raise Refused(file.name, f"is no {form} descriptor of a code", line=number)
        found = True
        yield Text(cells[1], form, number, cells[-1])
    if not found:
        raise Refused(file.name, "has no line below its header")


def _csv(file: InputFile, lines: list[str]) -> Iterator[Text]:
    header = _csv_header(lines[0]) or []
    seen: set[str] = set()
    try:
        for number, cells in enumerate(csv.reader(StringIO("\n".join(lines)), strict=True), start=1):
            if number == 1 or not any(cells):
                continue
            if len(cells) != len(header):
                raise Refused(file.name, f"has {len(cells)} cells where {len(header)} are meant", line=number)
            code = cells[0].strip()
            if not CODE.fullmatch(code) or code in seen:
                raise Refused(file.name, f"{code[:20]!r} is no CPT code, or stands twice", line=number)
            seen.add(code)
            for form, cell in zip(header[1:], cells[1:], strict=True):
                if cell.strip():
                    yield Text(code, form, number, " ".join(cell.split()))
    except csv.Error as error:
        raise Refused(file.name, f"can't be read: {error}") from None
    if not seen:
        raise Refused(file.name, "has no line below its header")


def _csv_header(line: str) -> list[str] | None:
    """The forms of the columns after the code, with the code first; None where this is another table."""
    cells = [
        cell.strip().strip('"').lower() for cell in line.removeprefix("\ufeff").removeprefix("ï»¿").split(",")
    ]
    if len(cells) < 2 or cells[0] not in _CSV_CODE or not all(cell in _CSV_FORMS for cell in cells[1:]):
        return None
    return ["code", *(_CSV_FORMS[cell] for cell in cells[1:])]


def _descriptors(line: str) -> str:
    cells = [cell.strip().lower() for cell in line.split("\t")]
    if len(cells) == 3 and cells[1:] == ["cpt code", "consumer friendly descriptor"]:
        return "consumer"
    if len(cells) == 4 and cells[1:] == ["cpt code", "clinician descriptor id", "clinician descriptor"]:
        return "clinician"
    return ""


def _lines(file: InputFile) -> list[str]:
    data = file.content(_MAX_BYTES)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").split("\n")
    raise Refused(file.name, "is neither UTF-8 nor Windows text")
