"""Rows of a panel's table, and the codes in a note, as HTML. Made here and not in the template: four hundred rows with
their receipts took half of the time of a page."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from ahead.lookup.catalog.schemas import Receipt
from ahead.lookup.codes.panels import Cell, PanelRow
from ahead.lookup.codes.schemas import NoteLine
from ahead.shared.web.templating import format_days


def linked(line: NoteLine, system: str) -> Markup:
    """A note with the codes that it names as links, each where it stands first behind the one before."""
    parts: list[str] = []
    rest = line.text
    for one in line.codes:
        before, found, after = rest.partition(one.text)
        if not found:
            continue
        parts += [escape(before), f'<a href="/codes/{escape(system)}/{escape(one.code)}">{escape(found)}</a>']
        rest = after
    return Markup("".join([*parts, escape(rest)]))  # noqa: S704 - every part is escaped


class TableRows(NamedTuple):
    """`sources`: the files that the rows are of, each once; a row names its line."""

    body: Markup
    sources: tuple[Receipt, ...]


def table_rows(rows: Sequence[PanelRow]) -> TableRows:
    """The rows of one table; with a last column for their lines where any has a receipt."""
    sources: dict[tuple[str, str], tuple[int, Receipt]] = {}
    for row in rows:
        if row.receipt is not None:
            key = (row.receipt.file_name, row.receipt.sha256)
            sources.setdefault(key, (len(sources) + 1, row.receipt))
    several = len(sources) > 1
    parts: list[str] = []
    for row in rows:
        parts.append("<tr>")
        parts += [_cell(cell) for cell in row.cells]
        if sources:
            parts.append(f'<td class="nowrap">{_line(row.receipt, sources, several)}</td>')
        parts.append("</tr>\n")
    return TableRows(
        Markup("".join(parts)),  # noqa: S704 - every part is escaped
        tuple(receipt for _, receipt in sources.values()),
    )


def _cell(cell: Cell) -> str:
    text = escape(cell.text if cell.code else format_days(cell.text))
    if cell.code:
        text = f'<code class="code">{text}</code>'
    return f'<td><a href="{escape(cell.href)}">{text}</a></td>' if cell.href else f"<td>{text}</td>"


def _line(receipt: Receipt | None, sources: dict[tuple[str, str], tuple[int, Receipt]], several: bool) -> str:
    if receipt is None:
        return ""
    number, _ = sources[receipt.file_name, receipt.sha256]
    what = "page" if receipt.file_name.lower().endswith(".pdf") else "line"
    line = f"{what} {receipt.row:,}" if receipt.row else ""
    return f"[{number}] {line}".rstrip() if several else line
