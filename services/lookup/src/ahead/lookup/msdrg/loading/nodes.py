"""A list of MS-DRGs as a tree: MDC, type, MS-DRG."""

from collections.abc import Sequence
from dataclasses import dataclass

from ahead.lookup.catalog.loading.nodes import CodeRow

from ..mdc import mdc_key, mdc_title, type_key, type_title

LAST_DRG = "999"


@dataclass(frozen=True)
class DrgRow:
    """`mdc` is "PRE", "01" to "25" or empty; `type` SURG, MED or empty."""

    drg: str
    mdc: str
    type: str
    title: str
    row: int


def code_rows(drgs: Sequence[DrgRow]) -> list[CodeRow]:
    """In depth-first order. MDC and type have no title of their own in the lists; those of the Definitions Manual
    are given, as derived, with the line of the first MS-DRG that names them."""
    by_mdc: dict[str, dict[str, list[DrgRow]]] = {}
    for drg in drgs:
        by_mdc.setdefault(drg.mdc, {}).setdefault(drg.type, []).append(drg)
    rows: list[CodeRow] = []
    for mdc in sorted(by_mdc, key=_order):
        chapter = mdc_key(mdc)
        first = min(drg.row for group in by_mdc[mdc].values() for drg in group)
        rows.append(
            CodeRow(chapter, chapter, "chapter", None, mdc_title(mdc), False, first, title_origin="derived")
        )
        for kind, group in by_mdc[mdc].items():
            parent = chapter
            if kind:
                parent = type_key(mdc, kind)
                title = type_title(kind)
                rows.append(
                    CodeRow(
                        parent, parent, "section", chapter, title, False, group[0].row, title_origin="derived"
                    )
                )
            rows += [CodeRow(drg.drg, drg.drg, "code", parent, drg.title, True, drg.row) for drg in group]
    return rows


def _order(mdc: str) -> tuple[int, str]:
    """Those before any MDC first, those of none last."""
    return (0 if mdc == "PRE" else 1 if mdc else 2, mdc)
