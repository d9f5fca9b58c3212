"""ICD-10-PCS as a source of the catalogue: the codes, and beside them tables, definitions and index."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.nodes import node_rows
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.lookup.catalog.models import NODES, NOTES
from ahead.shared.processes import Progress

from .. import models
from . import definitions, index, nodes, order, tables

_XML = {
    tables.ROOT: (models.TABLES, "icd10pcs-tables/1", (models.PCS_TABLES, models.PCS_VALUES)),
    definitions.ROOT: (
        models.DEFINITIONS,
        "icd10pcs-definitions/1",
        (models.PCS_DEFINITIONS, models.PCS_AGGREGATES),
    ),
    index.ROOT: (models.INDEX, "icd10pcs-index/1", (models.PCS_INDEX, models.PCS_INDEX_TARGETS)),
}
_VERSION = re.compile(rb"<version>\s*(20\d\d)\s*</version>")


class PcsSource:
    names: Mapping[str, str] = {
        models.ORDER: "ICD-10-PCS",
        models.TABLES: "ICD-10-PCS tables",
        models.DEFINITIONS: "ICD-10-PCS definitions",
        models.INDEX: "ICD-10-PCS index",
    }
    counted: Mapping[str, str] = {
        models.ORDER: "codes and tables",
        models.TABLES: "tables",
        models.DEFINITIONS: "terms",
        models.INDEX: "main terms",
    }

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        addenda = [file for file in files if order.is_addenda(file.head)]
        works: list[Work] = []
        for file in files:
            if order.FIRST_LINE.match(file.head):
                beside = [one for one in addenda if one.path == file.path]
                works.append(_order_work(file, beside, options))
            elif (root := _root(file.head)) is not None:
                works.append(_xml_work(file, root, options))
        return works


def _root(head: bytes) -> str | None:
    match = re.search(rb"<(ICD10PCS\.\w+)[\s>]", head[:4_096])
    root = match[1].decode() if match else ""
    return root if root in _XML else None


def _order_work(file: InputFile, addenda: list[InputFile], options: Options) -> Work:
    if len(addenda) > 1:
        raise Refused(addenda[1].name, "is a second list of addenda beside one order file")
    edition, start, end = _named_window(file, options)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.05, "Reading")
        listed = order.read(file)
        changes = order.read_addenda(addenda[0]) if addenda else []
        progress(0.3, "Writing")
        rows = node_rows(release_id, models.ORDER, nodes.rows(listed))
        written = writer.write(NODES, rows)
        writer.write(
            models.PCS_CHANGES,
            ((release_id, one.line, one.action, one.code, one.title) for one in changes),
        )
        return Filled(len(listed), written, sum(one.billable for one in listed))

    return Work(
        system=models.ORDER,
        kind="icd10pcs-order",
        edition=edition,
        files=(file, *addenda),
        window_from=start,
        window_to=end,
        window_origin="calendar",
        loader="icd10pcs-order/1",
        tables=(NODES, NOTES, models.PCS_CHANGES),
        fill=fill,
        remark="Names of sections are those of the tables; body systems are what titles of tables have in common.",
    )


def _named_window(file: InputFile, options: Options) -> tuple[str, date, date]:
    """A fiscal year begins on October 1 before it; an April update on April 1. The file doesn't say its year."""
    match = re.search(r"(?<!\d)(20\d\d)(?!\d)", file.name.rsplit("/", 1)[-1]) or re.search(
        r"(?<!\d)(20\d\d)(?!\d)", file.name
    )
    if match is None:
        if options.window_from is None:
            raise Refused(file.name, "its name doesn't tell its year: say it with --release, --from and --to")
        year = options.window_from.year + (options.window_from.month >= 10)
    else:
        year = int(match[1])
    if re.search(r"(?<![a-z])apr(il)?(?![a-z])", file.name.lower()):
        return f"April {year}", date(year, 4, 1), date(year, 9, 30)
    return f"FY{year}", date(year - 1, 10, 1), date(year, 9, 30)


def _xml_work(file: InputFile, root: str, options: Options) -> Work:
    system, loader, written = _XML[root]
    said = _VERSION.search(file.head)
    origin: Literal["file", "calendar"] = "file"
    if said is not None:
        year = int(said[1])
        edition, start, end = f"FY{year}", date(year - 1, 10, 1), date(year, 9, 30)
    else:
        edition, start, end = _named_window(file, options)
        origin = "calendar"

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.05, "Reading")
        return Filled(_FILL[root](file, release_id, writer))

    return Work(
        system=system,
        kind=system,
        edition=edition,
        files=(file,),
        window_from=start,
        window_to=end,
        window_origin=origin,
        loader=loader,
        tables=written,
        fill=fill,
    )


def _fill_tables(file: InputFile, release_id: int, writer: BulkWriter) -> int:
    _, found = tables.read(file)
    writer.write(
        models.PCS_TABLES,
        (
            (release_id, table.code, *table.names, table.definition, json.dumps(table.titles), table.line)
            for table in found
        ),
    )
    writer.write(
        models.PCS_VALUES,
        (
            (release_id, table.code, number, position, one.value, one.name, one.line)
            for table in found
            for number, row in enumerate(table.rows, 1)
            for position, values in enumerate(row.axes, 4)
            for one in values
        ),
    )
    return len(found)


def _fill_definitions(file: InputFile, release_id: int, writer: BulkWriter) -> int:
    _, terms, aggregates = definitions.read(file)
    writer.write(
        models.PCS_DEFINITIONS,
        (
            (
                release_id, term.section, term.position, name, term.line, term.definition, term.explanation,
                json.dumps(term.includes),
            )
            for term in terms
            for name in dict.fromkeys(term.names)
        ),
    )  # fmt: skip
    writer.write(
        models.PCS_AGGREGATES,
        (
            (
                release_id, one.line, one.device, one.operation, json.dumps(one.body_systems), one.parent_value,
                one.parent,
            )
            for one in aggregates
        ),
    )  # fmt: skip
    return len(terms)


def _fill_index(file: InputFile, release_id: int, writer: BulkWriter) -> int:
    _, entries = index.read(file)
    writer.write(
        models.PCS_INDEX,
        (
            (
                release_id, ordinal, entry.level, entry.path[0].lower()[:200], json.dumps(entry.path),
                json.dumps([[lead.kind, lead.text, lead.target] for lead in entry.leads]), entry.line,
            )
            for ordinal, entry in enumerate(entries)
        ),
    )  # fmt: skip
    targets = {
        (lead.target, ordinal) for ordinal, entry in enumerate(entries) for lead in entry.leads if lead.target
    }
    writer.write(models.PCS_INDEX_TARGETS, ((release_id, *one) for one in sorted(targets)))
    return sum(entry.level == 0 for entry in entries)


_FILL = {tables.ROOT: _fill_tables, definitions.ROOT: _fill_definitions, index.ROOT: _fill_index}
