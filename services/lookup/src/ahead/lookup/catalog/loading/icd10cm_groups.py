"""Sorts given files into the releases they make: an edition's lists, a tabular list, a small table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from . import calendar, icd10cm_kinds
from .icd10cm_release import Options
from .recognise import Source
from .refusal import Refused

GroupKind = Literal["tabular", "edition", "poa", "conversion"]
_GROUPS: dict[str, GroupKind] = {
    "icd10cm-tabular": "tabular",
    "icd10cm-code-list": "tabular",
    "icd10cm-order": "edition",
    "icd10cm-codes": "edition",
    "icd10cm-addenda": "edition",
    "icd10cm-order-addenda": "edition",
    "icd10cm-poa": "poa",
    "icd10cm-poa-deleted": "poa",
    "icd10cm-poa-revised": "poa",
    "icd10cm-conversion": "conversion",
}
_ORDER = ("tabular", "edition", "poa", "conversion")


@dataclass(frozen=True)
class Window:
    edition: str
    start: date
    end: date | None
    origin: str


@dataclass(frozen=True)
class Group:
    """Files of one release; `window` is None for a tabular list, which says its edition itself."""

    kind: GroupKind
    sources: tuple[Source, ...]
    window: Window | None

    def only(self, kind: str) -> Source | None:
        """The file of that kind.

        Raises:
            Refused: there are two.
        """
        found = [source for source in self.sources if source.kind == kind]
        if len(found) > 1:
            raise Refused(found[1].name, f"is a second file of the same kind as {found[0].name}")
        return found[0] if found else None


def group(sources: Sequence[Source], options: Options) -> list[Group]:
    """Tabular lists first, then editions from the oldest, because a later one may build on those.

    Raises:
        Refused: an edition can't be told, or a window was given for several releases.
    """
    if options.system not in (None, "icd10cm"):
        raise Refused(sources[0].name, f"is a file of icd10cm, not of {options.system}")
    found: dict[tuple[GroupKind, Window | None], list[Source]] = {}
    for source in sources:
        kind = _GROUPS[source.kind]
        window = None if kind == "tabular" else _window(source, options)
        found.setdefault((kind, window), []).append(source)
    groups = [Group(kind, tuple(held), window) for (kind, window), held in found.items()]
    if len(groups) > 1 and (options.release or options.window_from or options.window_to):
        raise Refused(
            groups[1].sources[0].name,
            "is of another release: with --release, --from or --to load one release at a time",
        )
    return sorted(groups, key=lambda g: (_ORDER.index(g.kind), g.window.start if g.window else date.min))


def _window(source: Source, options: Options) -> Window:
    """What the operator says, else the publisher's calendar for the year in the file's or the zip's name."""
    known: tuple[str, date, date | None] | None = None
    for name in (source.member, source.path.name):
        if name is None:
            continue
        try:
            known = calendar.icd10cm_window("", name)
            break
        except ValueError:
            continue
    if known is None:
        if options.window_from is None:
            raise Refused(source.name, "doesn't say its year: say it with --from and --to")
        known = ("of unknown year", options.window_from, options.window_to)
    edition, start, end = known
    origin = "calendar"
    if options.window_from is not None or options.window_to is not None:
        origin = "option"
        start = options.window_from or start
        end = options.window_to or (end if end is None or end >= start else None)
        if end is not None and end < start:
            raise Refused(source.name, f"its window would end on {end}, before it begins on {start}")
    return Window(options.release or edition, start, end, origin)


def whole_poa_list(group: Group) -> Source:
    """The list itself among the files of its release: the list of additions looks the same.

    Raises:
        Refused: it isn't among them, or is there twice.
    """
    lists = [source for source in group.sources if source.kind == "icd10cm-poa"]
    whole = [source for source in lists if not icd10cm_kinds.added_not_all(source.member or source.path.name)]
    if not whole:
        raise Refused(group.sources[0].name, "lists changes only: the whole list of exempt codes is missing")
    if len(whole) > 1:
        raise Refused(whole[1].name, f"is a second file of the same kind as {whole[0].name}")
    return whole[0]
