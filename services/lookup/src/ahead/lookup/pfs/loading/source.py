"""The fee schedule's files as sources of the catalogue: one release per file."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.workbook import Sheet, with_sheets
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from .. import models
from ..kinds import ANESTHESIA, COUNTED, GPCI, LOCALITIES, NAMES, OPPS_CAPS, RVU, RVU_QPP, ZIP9S, ZIPS
from . import opps_cap, places, pprrvu, windows
from .windows import Window

_QPP = re.compile(r"(non)?[-_ ]?QPP", re.IGNORECASE)
_FIRST_TWO_FILES = 2026
"""The year from which on there is a file for qualifying participants, and one for everybody else."""


@dataclass(frozen=True)
class Form:
    """How one kind of file is read. `uncounted` rows are written and not counted."""

    kind: str
    table: Table
    rows: Callable[[InputFile], Iterable[tuple[Any, ...]]]
    uncounted: int = 0


_RVU = Form("pfs-pprrvu", models.RVUS, pprrvu.rows)
_CAPS = Form("pfs-oppscap", models.OPPS_CAPS, opps_cap.rows)
_FORMS: dict[str, Form] = {
    GPCI: Form("pfs-gpci", models.GPCIS, places.gpcis),
    LOCALITIES: Form("pfs-locco", models.LOCALITIES, places.localities),
    ANESTHESIA: Form("pfs-anes", models.ANESTHESIA, places.anesthesia, 1),
    OPPS_CAPS: _CAPS,
    ZIPS: Form("pfs-zip5", models.ZIPS, places.zips),
    ZIP9S: Form("pfs-zip9", models.ZIP9S, places.zip9s),
    RVU: _RVU,
    RVU_QPP: _RVU,
}
_LOADER_VERSION = 1


class PfsSource:
    names: Mapping[str, str] = NAMES
    counted: Mapping[str, str] = COUNTED

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        given = [(file, what) for file in with_sheets(files) if (what := recognise(file)) is not None]
        year = next((_release_of(file)[0] for file, what in given if what == RVU), None)
        return [_work(file, what, year, options) for file, what in given]


def recognise(file: InputFile) -> str | None:
    """Which of the sources a file is of, by what is in it: `RVU` for either file of relative values."""
    name = file.name.lower()
    if not name.endswith((".csv", ".txt")) and not isinstance(file, Sheet):
        return None
    lines = file.head.decode("latin-1").splitlines()[: pprrvu.HEADER_ROWS + 1]
    if not lines:
        return None
    if places.zip_quarter(lines[0]) is not None:
        return ZIPS
    if places.zip9_quarter(lines[0]) is not None:
        return ZIP9S
    for row in _rows(lines):
        if pprrvu.is_header(row):
            return RVU
        if opps_cap.is_header(row):
            return OPPS_CAPS
        for what, known in (
            (GPCI, places.is_gpci),
            (LOCALITIES, places.is_locality),
            (ANESTHESIA, places.is_anesthesia),
        ):
            if known(row):
                return what
    return None


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    for line in lines:
        if "," not in line:
            continue
        try:
            yield [cell.strip() for cell in next(csv.reader([line]), [])]
        except csv.Error:
            continue


def _release_of(file: InputFile) -> tuple[int | None, int | None]:
    """Year and month of a file of relative values: by its title, else by its name."""
    year, month = windows.named(file.name)
    titled = windows.titled(file.head[:4_000].decode("latin-1"))
    if titled is not None:
        return titled[0], titled[1] or month
    return year, month


def _work(file: InputFile, what: str, year_beside: int | None, options: Options) -> Work:
    system = _rvu_system(file, options) if what == RVU else what
    window, origin = _window(file, what, year_beside, options)
    form = _FORMS[what]

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.1, "Writing")
        written = writer.write(form.table, ((release_id, *row) for row in form.rows(file)))
        return Filled(written - form.uncounted)

    return Work(
        system=system,
        kind=form.kind,
        edition=window.edition,
        files=(file,),
        window_from=window.start,
        window_to=window.end,
        window_origin=origin,
        loader=f"{form.kind}/{_LOADER_VERSION}",
        tables=(form.table,),
        fill=fill,
    )


def _rvu_system(file: InputFile, options: Options) -> str:
    if options.system in (RVU, RVU_QPP):
        return options.system
    if match := _QPP.search(file.name):
        return RVU if match[1] else RVU_QPP
    year = _release_of(file)[0]
    if year is not None and year >= _FIRST_TWO_FILES:
        reason = f"its name doesn't tell for whom: say --system {RVU} (non-QPP) or --system {RVU_QPP} (QPP)"
        raise Refused(file.name, reason)
    return RVU


def _window(
    file: InputFile, what: str, year_beside: int | None, options: Options
) -> tuple[Window, Literal["file", "calendar"]]:
    """Raises Refused where neither the file nor its name nor the operator tells."""
    head = file.head[:4_000].decode("latin-1")
    year: int | None
    if what in (ZIPS, ZIP9S):
        first = head.splitlines()[0]
        told = places.zip_quarter(first) if what == ZIPS else places.zip9_quarter(first)
        assert told is not None
        return windows.quarter(told[0], 3 * told[1] - 2), "file"
    if what in (RVU, OPPS_CAPS):
        year, month = _release_of(file) if what == RVU else windows.named(file.name)
        year = year or (year_beside if what == OPPS_CAPS else None)
        if options.window_from is not None:
            year = year or options.window_from.year
            month = month or (options.window_from.month + 2) // 3 * 3 - 2
        if year is not None and month is not None:
            return windows.quarter(year, month), "calendar"
        hint = "say --from and --to" + (
            ", or load it together with its PPRRVU file" if what == OPPS_CAPS else ""
        )
        raise Refused(file.name, f"its name doesn't tell its release: {hint}")
    said = "\n".join(head.splitlines()[:3])
    if (year := windows.year_in(said)) is not None:
        return windows.calendar_year(year), "file"
    year = windows.year_in(file.name.rpartition("/")[2]) or _short_year(file.name)
    if year is None and options.window_from is not None:
        year = options.window_from.year
    if year is None:
        raise Refused(file.name, "its name doesn't tell its year: say it with --from and --to")
    return windows.calendar_year(year), "calendar"


def _short_year(name: str) -> int | None:
    """ "25LOCCO.csv", and names with the year in front of or after letters."""
    match = re.search(r"(?:^|[^0-9])(20)?([0-9]{2})LOCCO|(?:ANES|GPCI)(20[0-9]{2})", name, re.IGNORECASE)
    if match is None:
        return None
    return int(match[3]) if match[3] else 2000 + int(match[2])
