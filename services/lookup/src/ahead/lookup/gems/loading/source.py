"""The General Equivalence Mappings as a source of the catalogue: one release per direction."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import FROM_ICD9, FROM_ICD9_PROCEDURES, FROM_ICD10, FROM_PCS, GEMS
from . import gem

SYSTEMS: Mapping[gem.Direction, str] = {
    "icd9cm": FROM_ICD9,
    "icd10cm": FROM_ICD10,
    "icd9pcs": FROM_ICD9_PROCEDURES,
    "icd10pcs": FROM_PCS,
}
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class GemSource:
    names: Mapping[str, str] = {
        FROM_ICD9: "General Equivalence Mapping, ICD-9-CM to ICD-10-CM",
        FROM_ICD10: "General Equivalence Mapping, ICD-10-CM to ICD-9-CM",
        FROM_ICD9_PROCEDURES: "General Equivalence Mapping, ICD-9-CM procedures to ICD-10-PCS",
        FROM_PCS: "General Equivalence Mapping, ICD-10-PCS to ICD-9-CM procedures",
    }
    counted: str = "mappings"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        works: list[Work] = []
        for file in files:
            direction = gem.direction_of(file.head)
            if direction is not None:
                works.append(_work(file, direction, options))
        return works


def _work(file: InputFile, direction: gem.Direction, options: Options) -> Work:
    edition, start, end = _window(file, options)
    kind = "gem-procedures" if direction in ("icd9pcs", "icd10pcs") else "gem-diagnoses"

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.05, "Writing")
        rows = (
            (
                release_id, one.line, one.source, one.target, one.approximate, one.no_map, one.combination,
                one.scenario, one.choice_list,
            )
            for one in gem.read(file, direction)
        )  # fmt: skip
        return Filled(writer.write(GEMS, rows))

    return Work(
        system=SYSTEMS[direction],
        kind=kind,
        edition=edition,
        files=(file,),
        window_from=start,
        window_to=end,
        window_origin="calendar",
        loader=f"{kind}/1",
        tables=(GEMS,),
        fill=fill,
        remark="Equivalences for converting data, not instructions for coding a record. 2018 was the last year.",
    )


def _window(file: InputFile, options: Options) -> tuple[str, date, date]:
    """A mapping of year N belongs to fiscal year N. Only the file's name says the year, or its zip's."""
    match = _YEAR.search(file.name.rsplit("/", 1)[-1]) or _YEAR.search(file.name)
    if match is None:
        if options.window_from is None:
            raise Refused(file.name, "its name doesn't tell its year: say it with --release, --from and --to")
        year = options.window_from.year + (options.window_from.month >= 10)
    else:
        year = int(match[1])
    return f"FY{year}", date(year - 1, 10, 1), date(year, 9, 30)
