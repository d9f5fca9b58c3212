"""ICD-9-CM as a source of the catalogue."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.nodes import node_rows
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.lookup.catalog.models import NODES, NOTES
from ahead.shared.processes import Progress

from . import workbook
from .nodes import rows

SYSTEM = "icd9cm"
_VERSION = re.compile(r"CMS[ _]?(?:v|version)?[ _]?(\d{2})(?!\d)", re.IGNORECASE)
_YEAR_OF_VERSION = 1983
"""Version 32 was in force in fiscal year 2015."""


class Icd9Source:
    names: Mapping[str, str] = {SYSTEM: "ICD-9-CM"}
    counted: str = "codes"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        return [_work(file, options) for file in files if workbook.is_titles(file)]


def _work(file: InputFile, options: Options) -> Work:
    edition, start, end = _window(file, options)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.05, "Reading")
        listed = workbook.read(file)
        progress(0.6, "Writing")
        written = writer.write(NODES, node_rows(release_id, SYSTEM, rows(listed)))
        return Filled(len(listed), written, len(listed))

    return Work(
        system=SYSTEM,
        kind="icd9cm-titles",
        edition=edition,
        files=(file,),
        window_from=start,
        window_to=end,
        window_origin="calendar",
        loader="icd9cm-titles/1",
        tables=(NODES, NOTES),
        fill=fill,
        remark="The file has codes only: titles of categories that are divided are derived from the codes below them.",
    )


def _window(file: InputFile, options: Options) -> tuple[str, date, date]:
    """A version is in force for a fiscal year; the file's name tells which."""
    match = _VERSION.search(file.name)
    if match is None:
        if options.window_from is None:
            raise Refused(
                file.name, "its name doesn't tell its version: say it with --release, --from and --to"
            )
        start = options.window_from
        return "of unknown version", start, date(start.year + (start.month >= 10), 9, 30)
    year = int(match[1]) + _YEAR_OF_VERSION
    return f"version {int(match[1])}", date(year - 1, 10, 1), date(year, 9, 30)
