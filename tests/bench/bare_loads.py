"""Bare programs that read official files: as short as they can be, without a check of anything.

Each yields (table, the row without its release) in the order of the file, for `bench_source_loads` to insert.
"""

import csv
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

Rows = Iterator[tuple[str, tuple[Any, ...]]]


def members(path: Path, ending: str = "", encoding: str = "cp1252") -> Iterator[list[str]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(ending):
                yield archive.read(name).decode(encoding).splitlines()


def gems(path: Path) -> Rows:
    for number, line in enumerate(next(members(path, "I10gem.txt")), 1):
        source, target, flags = line.split()
        one, two, three, four, five = map(int, flags)
        mapped = None if target == "NoDx" else target.upper()
        yield "gems", (number, source.upper(), mapped, one, two, three, four, five)


def caps(path: Path) -> Rows:
    with path.open() as file:
        for number, row in enumerate(csv.reader(file), 1):
            if number > 1 and any(row):
                code, modifier, status, carrier, locality, *prices = (cell.strip() for cell in row)
                key = (code, modifier, carrier.zfill(5), locality.zfill(2))
                yield "pfs_opps_caps", (*key, status, *prices, number)


def values(path: Path) -> Rows:
    with path.open(encoding="latin-1") as file:
        for number, row in enumerate(csv.reader(file), 1):
            if number == 1 or not any(row):
                continue
            cells: list[Any] = [cell.strip() for cell in (*row[:2], *row[3:])]
            cells[6], cells[8] = int(cells[6] == "NA"), int(cells[8] == "NA")
            cells[26] = cells[26].zfill(2)
            yield "pfs_rvus", (*cells[:30], number)


def zips(path: Path) -> Rows:
    for number, line in enumerate(next(members(path, "2025.txt")), 1):
        place = (line[2:7], line[:2], line[7:12], line[12:14], int(line[20]), line[14].strip())
        yield "pfs_zips", (*place, number)


def unit_limits(path: Path) -> Rows:
    with path.open() as file:
        for number, row in enumerate(csv.reader(file), 1):
            if number > 1:
                yield "mue_values", (row[0], int(row[1]), int(row[2]), row[3], number)


def laboratory(path: Path) -> Rows:
    with path.open() as file:
        for number, row in enumerate(csv.reader(file), 1):
            if number > 1:
                yield "clfs_rates", (row[0], "", number, int(row[1].replace(".", "")), "", None)


def coverage(path: Path) -> Rows:
    with zipfile.ZipFile(path) as archive:
        whole = json.loads(archive.read(archive.namelist()[0]))
    for place, (code, lists) in enumerate(whole.items(), 1):
        yes, no = lists["covered"], lists["notCovered"]
        yield "coverage_merged", (code, " ".join(lists["lcdIds"]), len(yes), len(no), place)
        for listed, codes in ((1, yes), (0, no)):
            for diagnosis in codes:
                yield "coverage_merged_pairs", (code, listed, diagnosis.replace(".", ""), place)


def exempt(path: Path) -> Rows:
    for number, line in enumerate(next(members(path, "POAexemptCodesFY26.txt", "utf-8")), 1):
        if number > 1:
            _, code, title = line.split("\t")
            title = title.strip()
            if title[:1] == '"':
                title = title[1:-1].replace('""', '"')
            yield "poa_exempt", (code.strip().replace(".", ""), title, 0, number)


def editor(path: Path) -> Rows:
    with path.open(encoding="cp1252") as file:
        for number, line in enumerate(file, 1):
            if number > 1:
                _, _, section, part, edit, kind, code, title = (cell.strip() for cell in line.split("\t"))
                yield "mce_codes", (code, kind, edit, section, part.replace("_", ""), title, number)


def mcc_and_cc(path: Path) -> Rows:
    """Table 6J."""
    for number, line in enumerate(next(members(path, "table-6j-complete-cc-list-fy2026.txt")), 1):
        if number > 2:
            cells = line.split("\t")
            if not cells[0].strip():
                return
            yield "cc_levels", (cells[0].strip().replace(".", ""), "CC", cells[1].strip(), number)


def exclusions(path: Path) -> Rows:
    """Table 6K. A code is known whole only after its second part."""
    codes: dict[str, list[Any]] = {}
    part, collection, drgs = 0, "", ("", "", "", "")
    for number, line in enumerate(next(members(path, "table-6k-complete-cc-exclusions-fy2026.txt")), 1):
        if line.startswith("K Part "):
            part = int(line[7])
        elif line.startswith("PDX collection "):
            collection = line[15:19]
        elif line.startswith("MDC "):
            _, mdc, _, span, title = line.split(maxsplit=4)
            first, _, last = span.partition("-")
            drgs = (first, last or first, mdc, title.rstrip())
        elif not line.strip() or "I10 Dx" in line[:12] or not part:
            continue
        elif part == 1 and not collection:
            code, level, excluded, *_ = line.split(maxsplit=3)
            codes[code] = [level, None if excluded == "No" else excluded[:4], number, None]
        elif part == 1:
            yield "cc_collections", (collection, line.split(maxsplit=1)[0], number)
        elif part == 2:
            codes[line.split(maxsplit=1)[0]][3] = number
        else:
            yield "cc_drg_exclusions", (line.split(maxsplit=1)[0], *drgs, number)
    for code, rest in codes.items():
        yield "cc_codes", (code, *rest)


Node = tuple[str, str, str, str | None, str, int, str, int]
"""Key, dotted, kind, parent, title, billable, short title, line."""


def numbered(system: str, nodes: list[Node], file: int = 0) -> Rows:
    """The rows of a tree whose nodes stand depth first."""
    place = {node[0]: number for number, node in enumerate(nodes)}
    paths: list[str] = []
    children, below, last = [0] * len(nodes), [0] * len(nodes), list(range(len(nodes)))
    for node in nodes:
        above = place[node[3]] if node[3] is not None else -1
        paths.append("" if above < 0 else f"{paths[above]}/{node[3]}".lstrip("/"))
    for number in range(len(nodes) - 1, -1, -1):
        if (parent := nodes[number][3]) is not None:
            above = place[parent]
            children[above] += 1
            below[above] += below[number] + nodes[number][5]
            last[above] = max(last[above], last[number])
    for number, (key, dotted, kind, parent, title, billable, short, line) in enumerate(nodes):
        path = paths[number]
        yield "nodes", (
            key, system, dotted, kind, parent, path, number, last[number], path.count("/") + 1 if path else 0,
            title, "official", short, billable, children[number], below[number], file, line,
        )  # fmt: skip


def diagnoses(path: Path, tabular: Path) -> Rows:
    """An order file below the chapters and sections of a tabular list that is held."""
    with closing(sqlite3.connect(tabular)) as held:
        known = held.execute(
            "SELECT code, kind, parent, title, source_row FROM nodes WHERE kind IN ('chapter', 'section', "
            "'extension') OR length(code) = 3 ORDER BY ordinal"
        ).fetchall()
    made = {row[0] for row in known if row[1] == "extension"}
    places = {row[0]: row[2] for row in known if row[1] not in ("chapter", "section", "extension")}
    below: dict[str, list[Node]] = {}
    codes: set[str] = set()
    for number, line in enumerate(next(members(path, "icd10cm-order-2026.txt", "utf-8")), 1):
        code, billable = line[6:13].rstrip(), int(line[14])
        codes.add(code)
        if len(code) == 3:
            kind, parent = "code" if billable else "category", places[code]
        else:
            parent = next(code[:n] for n in range(len(code) - 1, 2, -1) if code[:n] in codes)
            kind = "extension" if code in made else "code" if billable else "subcategory"
        dotted = f"{code[:3]}.{code[3:]}" if len(code) > 3 else code
        node = (code, dotted, kind, parent, line[77:].strip(), billable, line[16:76].strip(), number)
        below.setdefault(places[code[:3]], []).append(node)
    nodes: list[Node] = []
    for code, kind, parent, title, line in known:
        if kind in ("chapter", "section"):
            nodes.append((code, code, kind, parent, title, 0, "", line))
            nodes += below.get(code, [])
    yield from numbered("icd10cm", nodes)


def procedures(path: Path) -> Rows:
    nodes: list[Node] = []
    for number, line in enumerate(next(members(path, "icd10pcs_order_2026.txt", "utf-8")), 1):
        code, billable, title = line[6:13].rstrip(), int(line[14]), line[77:].strip()
        if not billable:
            if not nodes or nodes[-1][0][0] != code[0]:
                nodes.append((code[0], code[0], "section", None, "", 0, "", number))
            if nodes[-1][0][:2] != code[:2]:
                nodes.append((code[:2], code[:2], "section", code[0], "", 0, "", number))
        kind, parent = ("code", code[:3]) if billable else ("category", code[:2])
        nodes.append((code, code, kind, parent, title, billable, line[16:76].strip(), number))
    yield from numbered("icd10pcs", nodes)
