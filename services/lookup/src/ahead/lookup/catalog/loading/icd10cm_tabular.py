"""Makes a release of ICD-10-CM from the tabular list and the list of valid codes.

The tabular list prints each code down to where its 7th characters begin and says which characters there are;
the list of valid codes says which of those combinations exist. Titles of 7th-character codes are composed
from the two, and labelled so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .. import spelling
from .references import find
from .refusal import Refused
from .tabular_xml import Entry, Tabular

LOADER = "icd10cm-tabular/1"
TABULAR_FILE, LIST_FILE = 0, 1


@dataclass(slots=True)
class NodeRow:
    code: str
    dotted: str
    kind: str
    parent: str | None
    path: str
    ordinal: int
    last_ordinal: int
    depth: int
    title: str
    title_origin: str
    billable: bool
    children: int
    codes_below: int
    source_file: int
    source_row: int
    short_title: str = ""


@dataclass(slots=True)
class NoteRow:
    code: str
    ordinal: int
    kind: str
    key: str
    text: str
    refs: list[tuple[str, str, str, bool]]
    source_row: int


@dataclass(slots=True)
class Tree:
    nodes: list[NodeRow] = field(default_factory=list[NodeRow])
    notes: list[NoteRow] = field(default_factory=list[NoteRow])

    @property
    def codes(self) -> int:
        """Codes and headers, as the publisher counts them."""
        return sum(1 for n in self.nodes if n.kind not in ("chapter", "section"))

    @property
    def billable(self) -> int:
        return sum(1 for n in self.nodes if n.billable)


def section_key(name: str) -> str:
    """A section of one category has that category's name: it gets a key of its own."""
    return name if "-" in name else f"{name}-{name}"


def nest(sections: list[Entry]) -> list[Entry]:
    """Puts sections below the headings that span them.

    The file prints "C00-C96 Malignant neoplasms" as an empty section beside the sections C00-C14, C15-C26, ...
    that it stands over; its notes hold for all of them, so that it has to be their parent.
    """
    top: list[Entry] = []
    open_: list[Entry] = []
    for section in sections:
        while open_ and not _spans(open_[-1], section):
            open_.pop()
        (open_[-1].children if open_ else top).append(section)
        if section.tag == "section" and not section.children:
            open_.append(section)
    return top


def _spans(outer: Entry, inner: Entry) -> bool:
    first, _, last = section_key(outer.name).partition("-")
    inner_first, _, inner_last = section_key(inner.name).partition("-")
    return first <= inner_first and inner_last <= last and outer.name != inner.name


def read_code_list(lines: Iterator[str], file_name: str) -> dict[str, int]:
    """Keys of all valid codes, headers and places, each with its 1-based line."""
    listed: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            continue
        if len(text) > 8 or " " in text or not text.replace("-", "").replace(".", "").isalnum():
            raise Refused(file_name, f"is not a list of codes: {text[:60]!r} is not a code", line=number)
        listed.setdefault(text.replace(".", "").upper(), number)
    if not listed:
        raise Refused(file_name, "is empty")
    return listed


def build(
    tabular: Tabular,
    listed: Mapping[str, int] | None,
    tabular_name: str,
    list_name: str = "",
    progress: Callable[[float], None] | None = None,
) -> Tree:
    """Numbers the tree depth-first, adds the 7th-character codes and collects the notes.

    Args:
        listed: the list of valid codes; without it (None) every 7th character that the tabular list offers
            makes a code, except those of `_dies_first`: of the 2026 list that is exactly right.

    Raises:
        Refused: the two files are not of the same edition, or a code is there twice.
    """
    builder = _Builder(listed, tabular_name)
    for done, chapter in enumerate(tabular.chapters, start=1):
        chapter.children = nest(chapter.children)
        builder.add(chapter, None, "", 0, None)
        if progress is not None:
            progress(done / len(tabular.chapters))
    if listed is not None:
        builder.compare(listed, list_name)
    return builder.tree


def _dies_first(stem: str, character: str) -> bool:
    """S06 with death before regaining consciousness (6th character 7 or 8) has an initial encounter only."""
    return stem.startswith("S06") and stem[5] in "78" and character != "A"


class _Builder:
    def __init__(self, listed: Mapping[str, int] | None, file_name: str) -> None:
        self.tree = Tree()
        self._listed = listed
        self._file_name = file_name
        self._seen: set[str] = set()

    def add(
        self,
        entry: Entry,
        parent: str | None,
        path: str,
        depth: int,
        seventh: list[tuple[str, str, int]] | None,
    ) -> tuple[int, int]:
        """Adds an entry and all below. Returns (nodes added, billable codes among them)."""
        key = self._key(entry)
        if key in self._seen:
            raise Refused(self._file_name, f"has {entry.name} twice", line=entry.line)
        self._seen.add(key)
        seventh = entry.seventh or seventh
        row = NodeRow(
            key,
            spelling.dotted("icd10cm", key),
            self._kind(entry, key),
            parent,
            path,
            len(self.tree.nodes),
            0,
            depth,
            entry.title,
            "official",
            False,
            len(entry.children),
            0,
            TABULAR_FILE,
            entry.line,
        )
        self.tree.nodes.append(row)
        self._notes(entry, key)
        below = f"{path}/{key}" if path else key
        for child in entry.children:
            row.codes_below += self.add(child, key, below, depth + 1, seventh)[1]
        if entry.tag == "diag" and not entry.children:
            row.codes_below = row.children = self._extend(row, below, seventh)
            if not row.children:
                row.kind, row.billable = "code", True
        row.last_ordinal = len(self.tree.nodes) - 1
        return row.last_ordinal - row.ordinal + 1, row.codes_below + row.billable

    def _key(self, entry: Entry) -> str:
        if entry.tag == "section":
            return section_key(entry.name)
        if entry.tag == "diag":
            key = entry.name.replace(".", "")
            if not 3 <= len(key) <= 7 or not key.isalnum() or not key[0].isalpha():
                raise Refused(self._file_name, f"{entry.name!r} is not a code", line=entry.line)
            return key
        return entry.name

    @staticmethod
    def _kind(entry: Entry, key: str) -> str:
        if entry.tag != "diag":
            return entry.tag
        return "category" if len(key) == 3 else "subcategory"

    def _extend(self, base: NodeRow, path: str, seventh: list[tuple[str, str, int]] | None) -> int:
        """Adds the 7th-character codes of a code that is printed without; returns how many."""
        if not seventh or len(base.code) == 7:
            return 0
        stem = base.code.ljust(6, "X")
        added = 0
        for character, meaning, line in seventh:
            key = stem + character
            row = line
            if self._listed is not None:
                row = self._listed.get(key, 0)
            elif _dies_first(stem, character):
                row = 0
            if not row or key in self._seen:
                continue
            self._seen.add(key)
            ordinal = len(self.tree.nodes)
            self.tree.nodes.append(
                NodeRow(
                    key,
                    spelling.dotted("icd10cm", key),
                    "extension",
                    base.code,
                    path,
                    ordinal,
                    ordinal,
                    base.depth + 1,
                    f"{base.title}, {meaning}",
                    "composed",
                    True,
                    0,
                    0,
                    TABULAR_FILE if self._listed is None else LIST_FILE,
                    row,
                )
            )
            added += 1
        return added

    def _notes(self, entry: Entry, key: str) -> None:
        ordinal = 0
        for note in entry.notes:
            refs = find(note.text)
            self.tree.notes.append(NoteRow(key, ordinal, note.kind, note.key, note.text, refs, note.line))
            ordinal += 1
        for character, meaning, line in entry.seventh:
            self.tree.notes.append(
                NoteRow(key, ordinal, "seventh_character_value", character, meaning, [], line)
            )
            ordinal += 1

    def compare(self, listed: Mapping[str, int], list_name: str) -> None:
        """The two files have to be of one edition: each code of one is in the other."""
        codes = {n.code for n in self.tree.nodes if n.kind not in ("chapter", "section")}
        wanted = {key for key in listed if key[0].isalpha() and "-" not in key}
        missing, extra = wanted - codes, codes - wanted
        if missing or extra:
            shown = sorted(missing)[:3] + sorted(extra)[:3]
            raise Refused(
                list_name,
                f"does not belong to {self._file_name}: {len(missing)} of its codes are not in the tabular "
                f"list and {len(extra)} of the tabular list's are not in it ({', '.join(shown)}, ...)",
            )
