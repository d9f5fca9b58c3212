"""The Official Guidelines as a source of the catalogue."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..kinds import NAME, SYSTEM
from ..models import REFERENCES, SECTIONS, TABLES
from . import cut, pdf, references

LOADER = "icd10cm-guidelines/1"
MAX_BYTES = 64 * 1024 * 1024
"""The guidelines of FY2026 have 0.8 MB."""

_TITLE = "ICD-10-CM Official Guidelines for Coding and Reporting"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = rf"((?:{_MONTHS}) [0-9]{{1,2}}, 20[0-9]{{2}})"
_WINDOW = re.compile(rf"\(\s*{_DAY}\s*[-–]\s*{_DAY}\s*\)")
_YEAR = re.compile(r"FY ?(20[0-9]{2})")
_UPDATED = re.compile(rf"UPDATED {_DAY}", re.IGNORECASE)


class GuidelineSource:
    """The PDF that CMS and NCHS publish, cut into its numbered sections."""

    @property
    def names(self) -> Mapping[str, str]:
        return {SYSTEM: NAME}

    @property
    def counted(self) -> str:
        return "sections"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        return [work for file in files if (work := _work(file)) is not None]


def _work(file: InputFile) -> Work | None:
    if not file.head.startswith(b"%PDF"):
        return None
    data = file.content(MAX_BYTES)
    front = " ".join(line.text for line in pdf.lines(data, file.name, last=1))
    if _TITLE not in front:
        return None
    edition, start, end = _window(front, file.name)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        return _fill(release_id, writer, progress, file)

    return Work(
        system=SYSTEM,
        kind="icd10cm-guidelines-pdf",
        edition=edition,
        files=(file,),
        window_from=start,
        window_to=end,
        window_origin="file",
        loader=LOADER,
        tables=TABLES,
        fill=fill,
    )


def _window(front: str, name: str) -> tuple[str, date, date]:
    """From the title page: "FY 2026 -- UPDATED October 1, 2025 (October 1, 2025 - September 30, 2026)"."""
    year, window = _YEAR.search(front), _WINDOW.search(front)
    if year is None or window is None:
        raise Refused(name, "doesn't say on its first page for which year it holds", line=1)
    start, end = _date(window[1], name), _date(window[2], name)
    updated = _UPDATED.search(front)
    if updated is not None and (day := _date(updated[1], name)) > start:
        return f"FY{year[1]}, updated {updated[1]}", day, end
    return f"FY{year[1]}", start, end


def _date(text: str, name: str) -> date:
    try:
        return datetime.strptime(text, "%B %d, %Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        raise Refused(name, f"has {text!r} where a date stands", line=1) from None


def _fill(release_id: int, writer: BulkWriter, progress: Progress, file: InputFile) -> Filled:
    progress(0.1, "Reading")
    made = cut.cut(pdf.lines(file.content(MAX_BYTES), file.name), file.name)
    progress(0.8, "Writing")
    texts = [section.text for section in made.sections]
    writer.write(
        SECTIONS,
        (
            (
                release_id, ordinal, section.number, section.parent, section.depth, section.chapter,
                section.heading, text, section.page, section.last_page,
            )
            for ordinal, (section, text) in enumerate(zip(made.sections, texts, strict=True), start=1)
        ),
    )  # fmt: skip
    writer.write(
        REFERENCES,
        (
            (release_id, ordinal, one.first, one.last, one.below, in_heading, one.printed)
            for ordinal, (section, text) in enumerate(zip(made.sections, texts, strict=True), start=1)
            for one, in_heading in _named(section.heading, text)
        ),
    )
    remark = ""
    if made.not_in_contents:
        listed = ", ".join(made.not_in_contents)
        remark = f"In the text and not in its table of contents: {listed}."
    return Filled(len(made.sections), remark=remark)


def _named(heading: str, text: str) -> list[tuple[references.Reference, bool]]:
    found = [(one, True) for one in references.find(heading)]
    seen = {(one.first, one.last) for one, _ in found}
    return found + [(one, False) for one in references.find(text) if (one.first, one.last) not in seen]
