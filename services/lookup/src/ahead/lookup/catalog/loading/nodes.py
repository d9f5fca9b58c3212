"""Rows of the `nodes` table for any code system, from codes in the order of their list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..models import KINDS, TITLE_ORIGINS


@dataclass(frozen=True)
class CodeRow:
    """One place of a code system. Rows come in depth-first order: a parent before what lies below it.

    `kind` is one of `models.KINDS`, `title_origin` one of `models.TITLE_ORIGINS`.
    """

    key: str
    dotted: str
    kind: str
    parent: str | None
    title: str
    billable: bool
    source_row: int
    short_title: str = ""
    source_file: int = 0
    title_origin: str = "official"


def node_rows(release_id: int, system: str, rows: Iterable[CodeRow]) -> list[tuple[Any, ...]]:
    """Tuples in the order of the table's columns; depths, paths and counts are worked out.

    Raises:
        ValueError: a key stands twice, or a parent doesn't stand before its child.
    """
    given = list(rows)
    place: dict[str, int] = {}
    paths: list[str] = []
    for number, row in enumerate(given):
        if row.key in place:
            raise ValueError(f"{row.key} stands twice")
        if row.parent is not None and row.parent not in place:
            raise ValueError(f"{row.parent} does not stand before {row.key}")
        assert row.kind in KINDS, row.kind
        assert row.title_origin in TITLE_ORIGINS, row.title_origin
        place[row.key] = number
        above = place[row.parent] if row.parent is not None else None
        paths.append("" if above is None else "/".join(filter(None, (paths[above], given[above].key))))
    children = [0] * len(given)
    below = [0] * len(given)
    last = list(range(len(given)))
    for number in range(len(given) - 1, -1, -1):
        row = given[number]
        if row.parent is None:
            continue
        above = place[row.parent]
        children[above] += 1
        below[above] += below[number] + row.billable
        last[above] = max(last[above], last[number])
    return [
        (
            release_id, row.key, system, row.dotted, row.kind, row.parent, paths[number], number, last[number],
            paths[number].count("/") + 1 if paths[number] else 0, row.title, row.title_origin, row.short_title,
            row.billable, children[number], below[number], row.source_file, row.source_row,
        )
        for number, row in enumerate(given)
    ]  # fmt: skip
