"""Reads the index of ICD-10-PCS (XML): terms as people say them, and the tables, codes and names they lead to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused

from .xml import Element, parse

ROOT = "ICD10PCS.index"
_TARGET = re.compile(r"[0-9BCDFGHX][0-9A-HJ-NP-Z]{0,6}")
_LEADS = ("see", "use", "code", "codes", "tab")


@dataclass(frozen=True, slots=True)
class Lead:
    """Where an entry leads. `kind`: "see" (another term), "use" (a value's name), "code" (a whole code), "codes" (the
    beginning of codes), "tab" (a table). `target` is the code or its beginning, "" where it names none."""

    kind: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index. `path`: the main term and what stands above, itself last; `level` 0 is a main term."""

    level: int
    path: tuple[str, ...]
    leads: tuple[Lead, ...]
    line: int


def read(file: InputFile) -> tuple[str, list[Entry]]:
    """The version ("2021") and the entries in their order.

    Raises:
        Refused: an entry is not what it should be.
    """
    root = parse(file, ROOT)
    found = [
        entry
        for letter in root.all("letter")
        for term in letter.all("mainTerm")
        for entry in _entries(file, term, (), 0)
    ]
    if not found:
        raise Refused(file.name, "has no main term")
    return root.first("version"), found


def _entries(file: InputFile, element: Element, above: tuple[str, ...], level: int) -> Iterator[Entry]:
    title = element.first("title")
    if not title and level == 0:
        raise Refused(file.name, "has a main term without a title", line=element.line)
    if level and element.attributes.get("level") != str(level):
        raise Refused(file.name, "has a term at another level than it says", line=element.line)
    path = (*above, title) if title else above
    yield Entry(level, path, tuple(_leads(file, element)), element.line)
    for term in element.all("term"):
        yield from _entries(file, term, path, level + 1)


def _leads(file: InputFile, element: Element) -> Iterator[Lead]:
    for one in element.all(*_LEADS):
        if one.tag in ("see", "use"):
            targets = list(one.all("codes", "code", "tab"))
            for target in targets or [Element("", one.line, {})]:
                yield Lead(one.tag, one.text, _target(file, target) if target.text else "")
        else:
            yield Lead(one.tag, "", _target(file, one))


def _target(file: InputFile, element: Element) -> str:
    """A code or its beginning; some are printed with a dash or dots at the end."""
    target = element.text.rstrip("-. ")
    if not _TARGET.fullmatch(target):
        raise Refused(
            file.name, f"{element.text[:20]!r} is no code or table of ICD-10-PCS", line=element.line
        )
    return target
