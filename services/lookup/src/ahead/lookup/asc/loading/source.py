"""The ASC payment system as a source of the catalogue: the four addenda of a quarter are one release, the wage
indices of a year another."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.workbook import Sheet, with_sheets
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import ADDENDA as ADDENDA_TABLES
from ..models import DEVICES, EXCLUDED, NOTES, RATES, WAGES
from .addenda import ADDENDA, Addendum, Read, addendum_of, read
from .wages import read as read_wages
from .wages import year_of

FEES = "asc"
WAGE_INDEX = "asc-wage-index"
_MONTHS = {1: "January", 4: "April", 7: "July", 10: "October"}
_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})-?(01|04|07|10)-?01(?![0-9])")


@dataclass(frozen=True)
class _Given:
    addendum: Addendum
    file: InputFile


class AscSource:
    """Addenda AA, BB, EE and FF, and wage indices."""

    names: Mapping[str, str] = {
        FEES: "Medicare ASC payment rates",
        WAGE_INDEX: "ASC wage indices",
    }
    counted = "codes and areas"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        addenda: dict[str, list[_Given]] = {}
        wages: list[tuple[int, InputFile]] = []
        for file in with_sheets(files):
            if addendum := addendum_of(file.head):
                addenda.setdefault(_folder(file), []).append(_Given(addendum, file))
            elif year := year_of(file.head):
                wages.append((year, file))
        works = [_quarter(given) for group in addenda.values() for given in _by_day(group)]
        works += [_wages(year, file) for year, file in wages]
        return sorted(works, key=lambda work: (work.window_from, work.system))


def _folder(file: InputFile) -> str:
    """Files of one quarter stand together, or are sheets of one workbook."""
    if isinstance(file, Sheet):
        return file.workbook.name
    if file.member is None:
        return str(file.path.parent)
    return f"{file.path}/{PurePosixPath(file.member.replace(chr(92), '/')).parent}"


def _by_day(group: list[_Given]) -> list[list[_Given]]:
    """Told apart by a day in their names where several quarters lie in one folder."""
    if len({one.addendum for one in group}) == len(group):
        return [group]
    days: dict[str, list[_Given]] = {}
    for one in group:
        match = _DAY.search(one.file.name)
        days.setdefault("".join(match.groups()) if match else "", []).append(one)
    return list(days.values())


def _quarter(group: list[_Given]) -> Work:
    by_name = {one.addendum: one.file for one in group}
    if len(by_name) < len(group):
        raise Refused(
            group[-1].file.name, "is a second one of its addendum and quarter: put each quarter in a folder"
        )
    if missing := [addendum for addendum in ADDENDA if addendum not in by_name]:
        raise Refused(
            group[0].file.name,
            f"a quarter is published as Addenda AA, BB, EE and FF, and {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not given: give all together",
        )
    files = tuple(by_name[addendum] for addendum in ADDENDA)
    # The heading of AA says which quarter it is; reading it all tells before anything is written.
    reads = [read(file) for file in files]
    year, month = _agreed(files, reads)
    start = date(year, month, 1)
    end = date(year + month // 10, month % 12 + 3 if month < 10 else 1, 1) - timedelta(days=1)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.3, "Writing")
        for number, found in enumerate(reads):
            _write(release_id, number, found, writer)
        codes = sum(len(found.rows) for found in reads)
        notes, blanks = sum(len(found.notes) for found in reads), sum(found.blanks for found in reads)
        return Filled(
            codes,
            remark=f"{codes + notes + blanks:,} lines under the headings of Addenda AA, BB, EE and FF: "
            f"{codes:,} codes, {notes} notes, {blanks} blank.",
        )

    return Work(
        FEES, "asc-addenda", f"{_MONTHS[month]} {year}", files, start, end, "file", "asc-addenda/1",
        ADDENDA_TABLES, fill,
    )  # fmt: skip


def _agreed(files: tuple[InputFile, ...], reads: list[Read]) -> tuple[int, int]:
    quarter = reads[0].quarter
    if quarter is None:
        raise Refused(
            files[0].name, "its heading names no quarter (January, April, July or October and a year)"
        )
    for file, found in zip(files, reads, strict=True):
        if found.quarter not in (None, quarter) or (found.quarter is None and found.year != quarter[0]):
            raise Refused(
                file.name, f"is of another quarter than Addendum AA ({_MONTHS[quarter[1]]} {quarter[0]})"
            )
    return quarter


def _write(release_id: int, number: int, found: Read, writer: BulkWriter) -> None:
    rows: list[tuple[Any, ...]]
    if found.addendum == "EE":
        writer.write(EXCLUDED, [(release_id, r.code, number, r.line) for r in found.rows])
    elif found.addendum == "FF":
        rows = [
            (
                release_id, r.code, number, r.line, r.mark, r.indicator, r.apc, r.apc_offset, r.opps_rate,
                r.device_offset, r.device_amount,
            )
            for r in found.rows
        ]  # fmt: skip
        writer.write(DEVICES, rows)
    else:
        rows = [
            (
                release_id, r.code, number, r.line, found.addendum, r.mark, r.discounted, r.expires, r.indicator,
                r.weight, r.rate, r.copayment,
            )
            for r in found.rows
        ]  # fmt: skip
        writer.write(RATES, rows)
    writer.write(NOTES, [(release_id, number, line, found.addendum, text) for line, text in found.notes])


def _wages(year: int, file: InputFile) -> Work:
    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        areas = read_wages(file)
        progress(0.5, "Writing")
        writer.write(WAGES, [(release_id, a.line, a.area, a.name, a.wage_index) for a in areas])
        several = len(areas) - len({a.area for a in areas})
        remark = ""
        if several:
            remark = (
                f"{several} lines repeat the key of another: a state or area may have several indices, "
                "and the file doesn't say which place has which."
            )
        return Filled(len(areas), remark=remark)

    return Work(
        WAGE_INDEX, "asc-wage-index", f"CY{year}", (file,), date(year, 1, 1), date(year, 12, 31), "file",
        "asc-wage-index/1", (WAGES,), fill,
    )  # fmt: skip
