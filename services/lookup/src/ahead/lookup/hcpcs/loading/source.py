"""HCPCS Level II and the lists beside it as a source of the catalogue."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Table

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.nodes import CodeRow, node_rows
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.lookup.catalog.models import CODE_DATES, NODES, NOTES
from ahead.shared.processes import Progress

from ..models import (
    HCPCS_CHANGES,
    HCPCS_CODES,
    HCPCS_MODIFIERS,
    HCPCS_NOC,
    PLACES_OF_SERVICE,
    RBCS,
    number_of,
)
from ..places import letter_of, stretch_of
from . import anweb_text, derived, workbook
from .cells import has_header
from .quarters import quarter, year
from .records import Record

Window = tuple[str, Any, Any]


class HcpcsSource:
    names: Mapping[str, str] = {
        "hcpcs": "HCPCS Level II",
        "hcpcs-changes": "HCPCS Level II changes",
        "hcpcs-noc": "HCPCS Level II codes for what is not otherwise classified",
        "hcpcs-modifiers": "HCPCS Level II modifiers",
        "pos": "Places of service",
        "rbcs": "RBCS categories",
    }
    counted: Mapping[str, str] = {
        "hcpcs": "records",
        "hcpcs-changes": "codes and modifiers",
        "hcpcs-noc": "rows",
        "hcpcs-modifiers": "rows",
        "pos": "places",
        "rbcs": "rows",
    }

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        works = [work for file in files if (work := _work(file, options)) is not None]
        # CMS publishes text and workbook of an edition in one zip: the text is the fuller form.
        texts = {(work.edition, work.files[0].path) for work in works if work.kind == "hcpcs-anweb"}
        return [
            work
            for work in works
            if work.kind != "hcpcs-workbook" or (work.edition, work.files[0].path) not in texts
        ]


def _work(file: InputFile, options: Options) -> Work | None:
    if anweb_text.recognised(file):
        return _codes(file, options, "hcpcs-anweb", lambda: anweb_text.read(file))
    kind = workbook.kind_of(file)
    if kind == "anweb":
        return _codes(file, options, "hcpcs-workbook", lambda: workbook.read(file))
    if kind == "changes":
        return _list(file, quarter(file, options), "hcpcs-changes", HCPCS_CHANGES, lambda: _changes(file))
    if has_header(file, derived.CODES):
        return _codes(file, options, "hcpcs-derived", lambda: derived.read(file))
    if has_header(file, derived.NOC):
        return _list(file, quarter(file, options), "hcpcs-noc", HCPCS_NOC, lambda: derived.noc_rows(file))
    if has_header(file, derived.MODIFIERS):
        return _list(
            file, year(file, options), "hcpcs-modifiers", HCPCS_MODIFIERS, lambda: _listed_modifiers(file)
        )
    if has_header(file, derived.PLACES):
        return _list(file, year(file, options), "pos", PLACES_OF_SERVICE, lambda: derived.place_rows(file))
    if has_header(file, derived.RBCS):
        return _list(file, year(file, options), "rbcs", RBCS, lambda: derived.rbcs_rows(file))
    return None


def _list(
    file: InputFile, window: Window, system: str, table: Table, rows: Callable[[], Iterable[tuple[Any, ...]]]
) -> Work:
    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.3, "Writing")
        return Filled(writer.write(table, ((release_id, *row) for row in rows())))

    edition, start, end = window
    return Work(system, system, edition, (file,), start, end, "calendar", f"{system}/1", (table,), fill)


def _changes(file: InputFile) -> Iterable[tuple[Any, ...]]:
    for code, change, short, text, row in workbook.changes(file):
        yield row, code, change, short, text


def _listed_modifiers(file: InputFile) -> Iterable[tuple[Any, ...]]:
    for row, modifier, title, category in derived.modifier_rows(file):
        yield row, modifier, title, "", category, "", None, None, 0


def _codes(file: InputFile, options: Options, kind: str, records: Callable[[], Iterable[Record]]) -> Work:
    edition, start, end = quarter(file, options)
    begins = number_of(options.window_from or start)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        read = list(records())
        progress(0.5, "Writing")
        codes = sorted((r for r in read if not r.is_modifier), key=lambda r: r.key)
        if twice := next((a for a, b in pairwise(codes) if a.key == b.key), None):
            raise Refused(file.name, f"{twice.key} stands twice", line=twice.row)
        if not codes:
            raise Refused(file.name, "has no code")
        rows = _nodes(codes, begins)
        writer.write(NODES, node_rows(release_id, "hcpcs", rows))
        writer.write(CODE_DATES, ((release_id, r.key, r.added_on, r.ended_on) for r in codes))
        writer.write(HCPCS_CODES, (_code_row(release_id, r) for r in codes))
        writer.write(HCPCS_MODIFIERS, (_modifier_row(release_id, r) for r in read if r.is_modifier))
        return Filled(sum(r.rows for r in read), len(rows), sum(row.billable for row in rows))

    return Work(
        "hcpcs", kind, edition, (file,), start, end, "calendar", f"{kind}/1",
        (NODES, NOTES, CODE_DATES, HCPCS_CODES, HCPCS_MODIFIERS), fill,
    )  # fmt: skip


def _nodes(codes: Sequence[Record], begins: int) -> list[CodeRow]:
    """Letters and stretches in our own words above the codes. A code is billable when it can be used on some day of
    the edition; `code_dates` has the days."""
    rows: list[CodeRow] = []
    above: set[str] = set()
    for record in codes:
        letter, stretch = letter_of(record.key), stretch_of(record.key)
        for place, kind, parent in ((letter, "chapter", None), (stretch, "section", letter.key)):
            if place is not None and place.key not in above:
                above.add(place.key)
                rows.append(
                    CodeRow(
                        place.key, place.key, kind, parent, place.title, False, record.row, title_origin="derived"
                    )
                )  # fmt: skip
        rows.append(
            CodeRow(
                record.key, record.key, "code", stretch.key if stretch else letter.key,
                record.long_description or record.short_description,
                record.ended_on is None or record.ended_on >= begins, record.row, record.short_description,
            )
        )  # fmt: skip
    return rows


def _code_row(release_id: int, r: Record) -> tuple[Any, ...]:
    return (
        release_id, r.key, r.long_description, r.short_description, r.pricing, r.multiple_pricing, r.cim, r.mcm,
        r.statute, r.laboratory, r.cross_references, r.coverage, r.asc_group, r.asc_from, r.mog, r.mog_policy,
        r.mog_from, r.processing_note, r.betos, r.types_of_service, r.anesthesia_units, r.added_on, r.acted_on,
        r.ended_on, r.action, r.row,
    )  # fmt: skip


def _modifier_row(release_id: int, r: Record) -> tuple[Any, ...]:
    return (
        release_id, r.row, r.key, r.long_description or r.short_description, r.short_description, "", r.coverage,
        r.added_on, r.ended_on, 1,
    )  # fmt: skip
