"""MS-DRG lists as a source of the code system `msdrg`: Appendix A of a version, and Table 5 of a fiscal year."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.nodes import node_rows
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.workbook import with_sheets
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.lookup.catalog.models import NODES
from ahead.lookup.ipps.loading.source import table_of, window_of
from ahead.lookup.ipps.loading.table5 import read_table5
from ahead.lookup.ipps.models import TABLE5
from ahead.shared.processes import Progress

from .appendix_a import read_appendix_a, version_of
from .nodes import DrgRow, code_rows

LOADER = "msdrg/1"
_FISCAL_YEAR_OF_VERSION = 1983
"""Version 40 is that of fiscal year 2023."""


class MsDrgSource:
    """MS-DRGs with MDC, type and title."""

    @property
    def names(self) -> Mapping[str, str]:
        return {"msdrg": "MS-DRG"}

    @property
    def counted(self) -> str:
        return "MS-DRGs"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        works: list[Work] = []
        for file in with_sheets(files, "\t"):
            version = version_of(file.head[:2_000].decode("cp1252", errors="replace"))
            if version is not None:
                works.append(_appendix(file, version))
            elif table_of(file) == TABLE5:
                works.append(_table5(file, options))
        return works


def _appendix(file: InputFile, version: tuple[int, int]) -> Work:
    major, minor = version
    year = major + _FISCAL_YEAR_OF_VERSION
    start = date(year, 4, 1) if minor else date(year - 1, 10, 1)
    return Work(
        system="msdrg",
        kind="msdrg-appendix-a",
        edition=f"v{major}.{minor} (FY{year})",
        files=(file,),
        window_from=start,
        window_to=date(year, 9, 30),
        window_origin="calendar",
        loader=LOADER,
        tables=(NODES,),
        fill=_filling(lambda: read_appendix_a(file)),
    )


def _table5(file: InputFile, options: Options) -> Work:
    start, end, edition, said = window_of(file, options)

    def read() -> list[DrgRow]:
        return [DrgRow(d.drg, d.mdc, d.type, d.title, d.row) for d in read_table5(file)]

    return Work(
        system="msdrg",
        kind="msdrg-table5",
        edition=f"{edition} (Table 5)",
        files=(file,),
        window_from=start,
        window_to=end,
        window_origin="file" if said else "calendar",
        loader=LOADER,
        tables=(NODES,),
        fill=_filling(read),
    )


def _filling(read: Callable[[], list[DrgRow]]) -> Callable[[int, BulkWriter, Progress], Filled]:
    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        drgs = read()
        progress(0.5, "Writing")
        nodes = writer.write(NODES, node_rows(release_id, "msdrg", code_rows(drgs)))
        return Filled(len(drgs), nodes, len(drgs))

    return fill
