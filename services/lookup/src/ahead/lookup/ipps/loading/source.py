"""The IPPS tables as a source: told by their titles, one release per table.

CMS posts Table 5 and Tables 6I to 6K in zips of their own; Table 5 names its fiscal year inside, the others in
their file names only.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from sqlalchemy import Table

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.workbook import with_sheets
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import (
    CC_CODES,
    CC_COLLECTIONS,
    CC_DRG_EXCLUSIONS,
    CC_LEVELS,
    DRGS,
    TABLE5,
    TABLE6I,
    TABLE6J,
    TABLE6K,
)
from .cc_lists import LEVELS, read_cc_list
from .table5 import fiscal_year, is_table5, read_table5
from .table6k import read_table6k

NAMES = {
    TABLE5: "IPPS Table 5, MS-DRG weights",
    TABLE6I: "IPPS Table 6I, complete MCC list",
    TABLE6J: "IPPS Table 6J, complete CC list",
    TABLE6K: "IPPS Table 6K, CC exclusions",
}
LOADER = "ipps/1"
_TITLE6 = re.compile(r"\s*TABLE 6([IJK])\b.{0,20}COMPLETE", re.IGNORECASE)
_YEAR = re.compile(r"FY[-_ ]?(20[0-9]{2})", re.IGNORECASE)

Fill = Callable[[int, BulkWriter, Progress], Filled]


class IppsSource:
    """Tables 5, 6I, 6J and 6K of the IPPS final rule."""

    @property
    def names(self) -> Mapping[str, str]:
        return NAMES

    @property
    def counted(self) -> str:
        return "rows"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        works: list[Work] = []
        for file in with_sheets(files, "\t"):
            table = table_of(file)
            if table is None:
                continue
            start, end, edition, said = window_of(file, options)
            tables, fill = _PARTS[table]
            works.append(
                Work(
                    system=table,
                    kind=table,
                    edition=edition,
                    files=(file,),
                    window_from=start,
                    window_to=end,
                    window_origin="file" if said else "calendar",
                    loader=LOADER,
                    tables=tables,
                    fill=partial(fill, file),
                )
            )
        return works


def table_of(file: InputFile) -> str | None:
    """The key of the table that a file is, by its title."""
    head = file.head[:400].decode("cp1252", errors="replace")
    if is_table5(head):
        return TABLE5
    found = _TITLE6.match(head)
    return f"ipps-6{found[1].lower()}" if found else None


def window_of(file: InputFile, options: Options) -> tuple[date, date | None, str, bool]:
    """First and last day, edition, and whether the file itself says so.

    Raises:
        Refused: neither the file, its name nor the operator says the fiscal year.
    """
    year = fiscal_year(file.head[:400].decode("cp1252", errors="replace"))
    said = year is not None
    if year is None:
        named = _YEAR.findall(file.name)
        year = int(named[-1]) if named else None
    if year is None:
        if options.window_from is None:
            raise Refused(
                file.name, "neither it nor its name tells its fiscal year: say it with --from and --to"
            )
        return options.window_from, options.window_to, options.release or "of unknown year", False
    return date(year - 1, 10, 1), date(year, 9, 30), f"FY{year}", said


def _fill_table5(file: InputFile, release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
    found = read_table5(file)
    progress(0.5, "Writing")
    rows = (
        (
            release_id, d.drg, d.post_acute, d.special_pay, d.mdc, d.type, d.title, d.weight_before_cap, d.weight,
            d.gmlos, d.amlos, d.row,
        )
        for d in found
    )  # fmt: skip
    return Filled(writer.write(DRGS, rows))


def _fill_list(
    level: str, file: InputFile, release_id: int, writer: BulkWriter, progress: Progress
) -> Filled:
    found = read_cc_list(file)
    progress(0.5, "Writing")
    return Filled(
        writer.write(CC_LEVELS, ((release_id, one.code, level, one.title, one.row) for one in found))
    )


def _fill_table6k(file: InputFile, release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
    table = read_table6k(file)
    progress(0.5, "Writing")
    count = writer.write(
        CC_CODES,
        (
            (release_id, one.code, one.level, one.collection, one.row, table.alive_only.get(one.code))
            for one in table.codes.values()
        ),
    )
    writer.write(
        CC_COLLECTIONS,
        (
            (release_id, collection, code, row)
            for collection, members in table.collections.items()
            for code, row in members.items()
        ),
    )
    writer.write(
        CC_DRG_EXCLUSIONS,
        (
            (release_id, one.code, one.first_drg, one.last_drg, one.mdc, one.title, one.row)
            for one in table.drg_exclusions.values()
        ),
    )
    return Filled(count)


_PARTS: dict[str, tuple[tuple[Table, ...], Callable[..., Filled]]] = {
    TABLE5: ((DRGS,), _fill_table5),
    TABLE6I: ((CC_LEVELS,), partial(_fill_list, LEVELS["6I"])),
    TABLE6J: ((CC_LEVELS,), partial(_fill_list, LEVELS["6J"])),
    TABLE6K: ((CC_CODES, CC_COLLECTIONS, CC_DRG_EXCLUSIONS), _fill_table6k),
}
