"""Reads the workbooks of HCPCS Level II: the ANWEB one with its 48 columns, and the one of changes.

A note of CMS stands above the header, which is in row 11 of the files seen. Modifiers are written as "   A1"; a
description that is longer than its cell goes on in a row with record identification 4 (or 8 for a modifier).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.workbook import check_parts, sheets, tops

from .cells import BadCell, day, one_of, printed, several, words
from .records import Record, checked

_HEADER_WITHIN = 40

ANWEB = (
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "PRICE1", "PRICE2", "PRICE3", "PRICE4",
    "MULT_PI", "CIM1", "CIM2", "CIM3", "MCM1", "MCM2", "MCM3", "STATUTE", "LABCERT1", "LABCERT2", "LABCERT3",
    "LABCERT4", "LABCERT5", "LABCERT6", "LABCERT7", "LABCERT8", "XREF1", "XREF2", "XREF3", "XREF4", "XREF5",
    "COV", "ASC_GRP", "ASC_DT", "OPPS", "OPPS_PI", "OPPS_DT", "PROCNOTE", "BETOS", "TOS1", "TOS2", "TOS3",
    "TOS4", "TOS5", "ANEST_BU", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD",
)  # fmt: skip
CHANGES = ("HCPC", "ACTION CD", "SHORT DESCRIPTION", "LONG DESCRIPTION")


def kind_of(file: InputFile) -> str:
    """ "anweb", "changes" or "" for a workbook of something else; the first sheet tells."""
    for _, rows in tops(file)[:1]:
        for cells in rows:
            names = tuple(map(_name, cells))
            if names[: len(CHANGES)] == CHANGES:
                return "changes"
            if set(ANWEB) <= set(names):
                return "anweb"
    return ""


def read(file: InputFile) -> Iterator[Record]:
    """Codes and modifiers of the ANWEB workbook, each with all of its description.

    Raises:
        Refused: with the row and what is wrong with it.
    """
    check_parts(file)
    held: Record | None = None
    for _, rows in sheets(file):
        columns: Mapping[str, int] | None = None
        for number, cells in rows:
            if columns is None:
                columns = _columns(file, number, cells)
                continue
            if not any(cell is not None for cell in cells):
                continue
            try:
                kind, record = _row(columns, cells, number)
                if kind in "48":
                    if held is None or record.key != held.key:
                        raise BadCell("continues a description that has not begun")
                    text = words(f"{held.long_description} {record.long_description}")
                    held = replace(held, long_description=text, rows=held.rows + 1)
                    continue
                checked(record)
            except BadCell as error:
                raise Refused(file.name, str(error), line=number) from None
            if held is not None:
                yield held
            held = record
        break
    if held is None:
        raise Refused(file.name, "has no row below its header")
    yield held


def changes(file: InputFile) -> list[tuple[str, str, str, str, int]]:
    """(code or modifier, change, short description, long description, row), in the order of the sheet by code.

    The other sheet has the same rows by kind of change.

    Raises:
        Refused: with the row, or because the sheets disagree.
    """
    check_parts(file)
    found: dict[str, list[tuple[str, str, str, str, int]]] = {}
    for title, rows in sheets(file):
        below = False
        for number, cells in rows:
            if not below:
                below = tuple(map(_name, cells[:4])) == CHANGES
                if number >= _HEADER_WITHIN:
                    break
                continue
            if not any(cell is not None for cell in cells):
                continue
            try:
                code, change, short, text = (words(printed(cell)) for cell in cells[:4])
                one_of(code, r"[A-Z][0-9]{4}|[A-Z][A-Z0-9]", "a code or modifier of HCPCS Level II")
                one_of(change, r"[A-Za-z][A-Za-z ,()\-]{1,80}", "a kind of change")
            except (BadCell, ValueError) as error:
                raise Refused(file.name, str(error), line=number) from None
            found.setdefault(title, []).append((code, change, short, text, number))
    if not found:
        raise Refused(file.name, "has no row below its header")
    last = list(found.values())[-1]
    if any(sorted(row[:4] for row in rows) != sorted(row[:4] for row in last) for rows in found.values()):
        raise Refused(file.name, "its sheets do not have the same rows")
    return last


def _row(columns: Mapping[str, int], cells: tuple[Any, ...], number: int) -> tuple[str, Record]:
    def raw(name: str) -> Any:
        place = columns[name]
        return cells[place] if place < len(cells) else None

    def cell(name: str) -> str:
        return printed(raw(name))

    def each(name: str, times: int, by: str = " ") -> str:
        return several([raw(f"{name}{n}") for n in range(1, times + 1)], by)

    kind = one_of(cell("RECID"), r"[3478]", "a record identification (3, 4, 7 or 8)")
    key = cell("HCPC")
    if (len(key) == 2) != (kind in "78"):
        raise BadCell(f"{key[:20]!r} does not go with record identification {kind}")
    units = one_of(cell("ANEST_BU"), r"[0-9]{0,3}", "a number of anesthesia base units")
    return kind, Record(
        key, words(cell("LONG DESCRIPTION")), words(cell("SHORT DESCRIPTION")), number, 1, each("PRICE", 4),
        cell("MULT_PI"), each("CIM", 3, ", "), each("MCM", 3, ", "), cell("STATUTE"), each("LABCERT", 8),
        each("XREF", 5),
        cell("COV"), cell("ASC_GRP"), day(raw("ASC_DT")), cell("OPPS"), cell("OPPS_PI"), day(raw("OPPS_DT")),
        cell("PROCNOTE"), cell("BETOS"), each("TOS", 5), int(units) if units else None, day(raw("ADD DT")),
        day(raw("ACT EFF DT")), day(raw("TERM DT")), cell("ACTION CD"),
    )  # fmt: skip


def _columns(file: InputFile, number: int, cells: tuple[Any, ...]) -> Mapping[str, int] | None:
    """Where each column is, once the row is the header."""
    names = [_name(cell) for cell in cells]
    if "HCPC" not in names:
        if number >= _HEADER_WITHIN:
            raise Refused(file.name, f"has no header within its first {_HEADER_WITHIN} rows")
        return None
    missing = [name for name in ANWEB if names.count(name) != 1]
    if missing:
        raise Refused(file.name, f"its header has no {', '.join(missing[:5])}, or twice", line=number)
    return {name: names.index(name) for name in ANWEB}


def _name(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split()).upper()
