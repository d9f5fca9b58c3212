"""The simple list of code edits, tab-separated: version, section, edit, kind of code, code, description."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import MCE, MCE_CODES

LOADER = "mce/1"
HEADER = (
    "MCE_Version\tICD_Version\tMCE_Section\tMCE_Subsection\tMCE_Edit_Type\tICD_Code_Type\tICD_Code\tICD_Desc"
)
_FISCAL_YEAR_OF_VERSION = 1983
"""Version 37 is that of fiscal year 2020."""
_EDIT = re.compile(r"[A-Za-z0-9_]{3,40}")
_CODES = {"D": re.compile(r"[A-Z][0-9A-Z]{2,6}"), "P": re.compile(r"[0-9A-HJ-NP-Z]{7}")}


class MceSource:
    """Code lists of the Medicare Code Editor."""

    @property
    def names(self) -> Mapping[str, str]:
        return {MCE: "Medicare Code Editor lists"}

    @property
    def counted(self) -> str:
        return "rows"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        return [_work(file) for file in files if file.head.startswith(HEADER.encode())]


def _work(file: InputFile) -> Work:
    version = _version(file)
    year = version + _FISCAL_YEAR_OF_VERSION
    return Work(
        system=MCE,
        kind="mce-simple",
        edition=f"v{version} (FY{year})",
        files=(file,),
        window_from=date(year - 1, 10, 1),
        window_to=date(year, 9, 30),
        window_origin="calendar",
        loader=LOADER,
        tables=(MCE_CODES,),
        fill=partial(_fill, file, version),
    )


def _version(file: InputFile) -> int:
    """Of the first row; the others must agree with it."""
    first = file.head.decode("cp1252", errors="replace").split("\n", 2)[1:2]
    cell = first[0].split("\t")[0] if first else ""
    if not re.fullmatch(r"3[3-9]|[4-9][0-9]", cell):
        raise Refused(file.name, f"{cell[:20]!r} is not a version of the editor for ICD-10", line=2)
    return int(cell)


def _fill(file: InputFile, version: int, release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
    found = list(_rows(file, version))
    progress(0.5, "Writing")
    return Filled(writer.write(MCE_CODES, ((release_id, *row) for row in found)))


def _rows(file: InputFile, version: int) -> Iterator[tuple[Any, ...]]:
    seen: set[tuple[str, str, str]] = set()
    for number, line in file.lines(encoding="cp1252"):
        if number == 1:
            if line.strip() != HEADER:
                raise Refused(file.name, "its header is not that of the simple code edits", line=1)
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 8:
            raise Refused(file.name, f"has {len(cells)} cells where 8 are meant", line=number)
        said, icd, section, part, edit, kind, code, title = cells
        reason = ""
        if said != str(version) or icd != "10":
            reason = f"is of version {said[:10]!r} for ICD-{icd[:10]}, not of {version} for ICD-10"
        elif not section.isdecimal() or len(section) > 4 or not re.fullmatch(r"[A-Z_]", part):
            reason = f"{section[:10]!r}, {part[:10]!r} is no section"
        elif not _EDIT.fullmatch(edit):
            reason = f"{edit[:20]!r} is no edit"
        elif kind not in _CODES or not _CODES[kind].fullmatch(code):
            reason = f"{kind[:5]!r}, {code[:20]!r} is no kind and code (D diagnosis, P procedure)"
        elif not any(c.isalpha() for c in title):
            reason = f"{title[:20]!r} is no description"
        elif (code, kind, edit) in seen:
            reason = f"has {code} in {edit} a second time"
        if reason:
            raise Refused(file.name, reason, line=number)
        seen.add((code, kind, edit))
        yield code, kind, edit, section, part.replace("_", ""), title, number
    if not seen:
        raise Refused(file.name, "has no row below its header")
