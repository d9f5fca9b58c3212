"""What a release of ICD-10-CM consists of: its files, its row of bookkeeping, and its bulk rows."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import calendar, icd10cm_tabular, tabular_xml
from .recognise import Source
from .refusal import Refused


@dataclass(frozen=True)
class Statement:
    """An operator's word that a licence is held: by whom, and who said so."""

    holder: str
    stated_by: str


@dataclass(frozen=True)
class Options:
    """What the operator says instead of the file."""

    system: str | None = None
    release: str | None = None
    window_from: date | None = None
    window_to: date | None = None
    source: str = "file"
    licence: Statement | None = None
    """For texts that belong to somebody: CPT's."""


def pair(sources: list[Source], options: Options) -> tuple[Source, Source | None]:
    """The tabular list, and its list of codes when it was given."""
    tabular = [s for s in sources if s.kind == "icd10cm-tabular"]
    listed = [s for s in sources if s.kind == "icd10cm-code-list"]
    if options.system not in (None, "icd10cm"):
        name = sources[0].name if sources else "the file"
        raise Refused(name, f"is a file of icd10cm, not of {options.system}")
    if not tabular:
        name = listed[0].name if listed else "the file"
        raise Refused(name, "is a list of codes: give it together with its tabular list (XML)")
    for kind, many in (("tabular list", tabular), ("list of codes", listed)):
        if len(many) > 1:
            raise Refused(many[1].name, f"is a second {kind}: load one edition at a time")
    return tabular[0], listed[0] if listed else None


def sha256_of(sources: Sequence[Source]) -> str:
    """One hash over all files of a release; of a single file its own."""
    if len(sources) == 1:
        return sources[0].sha256
    return hashlib.sha256("\n".join(s.sha256 for s in sources).encode()).hexdigest()


def read_list(listed: Source) -> dict[str, int]:
    with listed.open() as stream:
        lines = (line.decode("utf-8", errors="replace") for line in stream)
        return icd10cm_tabular.read_code_list(lines, listed.name)


def release_values(
    printed: tabular_xml.Tabular, tree: icd10cm_tabular.Tree, sources: Sequence[Source], options: Options
) -> dict[str, Any]:
    """The columns of `releases` that the files and the operator decide."""
    tabular = sources[0]
    origin = "calendar"
    end: date | None
    try:
        edition, start, end = calendar.icd10cm_window(printed.version, tabular.name)
    except ValueError as error:
        if options.window_from is None:
            raise Refused(tabular.name, f"{error}: say it with --from and --to") from None
        edition, start, end = "of unknown year", options.window_from, options.window_to
    if options.window_from is not None or options.window_to is not None:
        origin = "option"
        start = options.window_from or start
        end = options.window_to or (end if end is None or end >= start else None)
    if end is not None and end < start:
        raise Refused(tabular.name, f"its window would end on {end}, before it begins on {start}")
    remark = ""
    if len(sources) == 1:
        remark = (
            "Which 7th-character codes exist was derived from the tabular list: no list of codes was given."
        )
    return {
        "system": "icd10cm",
        "kind": "icd10cm-tabular",
        "edition": options.release or edition,
        "source": options.source,
        "files": json.dumps([[s.name, s.sha256] for s in sources]),
        "loader": icd10cm_tabular.LOADER,
        "window_from": start,
        "window_to": end,
        "window_origin": origin,
        "rows": tree.codes,
        "nodes": len(tree.nodes),
        "billable": tree.billable,
        "remark": remark,
    }


def node_rows(release_id: int, tree: icd10cm_tabular.Tree) -> Iterator[tuple[Any, ...]]:
    """In the order of the table's columns."""
    for n in tree.nodes:
        yield (
            release_id, n.code, "icd10cm", n.dotted, n.kind, n.parent, n.path, n.ordinal, n.last_ordinal,
            n.depth, n.title, n.title_origin, n.short_title, n.billable, n.children, n.codes_below, n.source_file,
            n.source_row,
        )  # fmt: skip


def note_rows(release_id: int, tree: icd10cm_tabular.Tree) -> Iterator[tuple[Any, ...]]:
    for n in tree.notes:
        refs = json.dumps(n.refs, ensure_ascii=False, separators=(",", ":")) if n.refs else "[]"
        yield (release_id, n.code, n.ordinal, n.kind, n.key, n.text, refs, n.source_row)
