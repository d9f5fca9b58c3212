"""Numbers the codes of an order file below the chapters and sections of a tabular list.

An order file has codes and headings but neither chapters nor sections: those, and which codes were made by a
7th character, are the tabular list's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .. import spelling
from .icd10cm_tabular import NodeRow, Tree


@dataclass(frozen=True, slots=True)
class Row:
    """A heading or code: its text, and the file (counted into the release's) and line it was read from."""

    code: str
    billable: bool
    short_title: str
    title: str
    origin: str
    file: int
    line: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter or section of the tabular list."""

    code: str
    kind: str
    parent: str | None
    title: str
    line: int


@dataclass(slots=True)
class Structure:
    """What is taken from a tabular list."""

    headings: list[Heading] = field(default_factory=list[Heading])
    """Chapters and sections, depth first."""
    place: dict[str, str] = field(default_factory=dict[str, str])
    """Category: the section or chapter that it stands in."""
    extensions: set[str] = field(default_factory=set[str])
    """Codes that the tabular list makes by a 7th character."""
    seventh: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """Place: the 7th characters that are defined there."""
    printed: set[str] = field(default_factory=set[str])
    """Every code of the tabular list."""


def build(rows: Sequence[Row], structure: Structure, structure_file: int) -> Tree:
    """Args:
    rows: headings before the codes below them.
    structure_file: which of the release's files the chapters and sections are of.
    """
    return _Builder(rows, structure, structure_file).tree


class _Builder:
    def __init__(self, rows: Sequence[Row], structure: Structure, structure_file: int) -> None:
        self.tree = Tree()
        self._structure = structure
        self._file = structure_file
        self._codes = {row.code: row for row in rows}
        self._below: dict[str, list[str]] = {}
        categories = [row.code for row in rows if len(row.code) == 3]
        places = _places(categories, structure)
        for row in rows:
            if len(row.code) > 3:
                self._below.setdefault(self._parent(row.code), []).append(row.code)
        for category in categories:
            self._below.setdefault(places[category], []).append(category)
        sections: dict[str | None, list[Heading]] = {}
        for heading in structure.headings:
            sections.setdefault(heading.parent, []).append(heading)
        self._sections = sections
        for chapter in sections.get(None, []):
            self._add_heading(chapter, "", 0)

    def _parent(self, code: str) -> str:
        """The longest part of a code that stands in the list itself."""
        return next(code[:n] for n in range(len(code) - 1, 2, -1) if code[:n] in self._codes)

    def _add_heading(self, heading: Heading, path: str, depth: int) -> int:
        """Returns the billable codes below; a section that this edition has no code of is left out."""
        node = self._node(
            heading.code, heading.kind, heading.parent, path, depth, heading.title, "official", False,
            self._file, heading.line,
        )  # fmt: skip
        below = f"{path}/{heading.code}" if path else heading.code
        for section in self._sections.get(heading.code, []):
            if codes := self._add_heading(section, below, depth + 1):
                node.codes_below += codes
                node.children += 1
        for code in self._below.get(heading.code, []):
            node.codes_below += self._add(self._codes[code], heading.code, below, depth + 1)
            node.children += 1
        if not node.codes_below:
            self.tree.nodes.pop()
        node.last_ordinal = len(self.tree.nodes) - 1
        return node.codes_below

    def _add(self, row: Row, parent: str, path: str, depth: int) -> int:
        children = self._below.get(row.code, [])
        node = self._node(
            row.code, self._kind(row), parent, path, depth, row.title, row.origin, row.billable,
            row.file, row.line,
        )  # fmt: skip
        node.short_title = row.short_title
        node.children = len(children)
        for child in children:
            node.codes_below += self._add(self._codes[child], row.code, f"{path}/{row.code}", depth + 1)
        node.last_ordinal = len(self.tree.nodes) - 1
        return node.codes_below + row.billable

    def _node(
        self,
        code: str,
        kind: str,
        parent: str | None,
        path: str,
        depth: int,
        title: str,
        origin: str,
        billable: bool,
        source_file: int,
        line: int,
    ) -> NodeRow:
        ordinal = len(self.tree.nodes)
        node = NodeRow(
            code, spelling.dotted("icd10cm", code), kind, parent, path, ordinal, ordinal, depth, title,
            origin, billable, 0, 0, source_file, line,
        )  # fmt: skip
        self.tree.nodes.append(node)
        return node

    def _kind(self, row: Row) -> str:
        if not row.billable:
            return "category" if len(row.code) == 3 else "subcategory"
        if len(row.code) == 7 and self._extended(row.code):
            return "extension"
        return "code"

    def _extended(self, code: str) -> bool:
        if code in self._structure.printed:
            return code in self._structure.extensions
        for length in range(6, 2, -1):
            if characters := self._structure.seventh.get(code[:length]):
                return code[6] in characters
        return False


def _places(categories: Sequence[str], structure: Structure) -> dict[str, str]:
    """Where each category stands. One that the tabular list doesn't know yet stands where its neighbours in
    the order stand; between two sections, below the chapter that holds both; else in its letter's chapter."""
    above: dict[str | None, str | None] = {h.code: h.parent for h in structure.headings}

    def way(category: str) -> list[str]:
        place: str | None = structure.place[category]
        found: list[str] = []
        while place is not None:
            found.append(place)
            place = above[place]
        return found[::-1]

    known = [category for category in categories if category in structure.place]
    places: dict[str, str] = {}
    before: str | None = None
    later = iter([*known, None])
    after = next(later)
    for category in categories:
        if category in structure.place:
            places[category] = structure.place[category]
            before, after = category, next(later)
            continue
        near = [one for one in (before, after) if one is not None]
        alike = [one for one in near if one[0] == category[0]] or near
        ways = [way(one) for one in alike]
        shared = [ps[0] for ps in zip(*ways, strict=False) if len(set(ps)) == 1]
        if len(alike) == 1:
            shared = shared[:1]
        places[category] = shared[-1] if shared else ways[0][0]
    return places
