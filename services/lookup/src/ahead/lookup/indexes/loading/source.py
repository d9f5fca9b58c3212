"""The index books as a source of the catalogue."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..kinds import KINDS, Book, Kind
from ..models import CODES, ENTRIES, TABLES
from ..spelling import searched
from . import xml

LOADER = "icd10cm-index/1"
_TABLES: dict[str, Book] = {"substance": "drugs", "neoplasm": "neoplasm"}
"""By the heading of their first column."""
_VERSION = re.compile(r"<version>\s*(20[0-9]{2})\s*</version>")
_APRIL = re.compile(r"(?<![a-z])apr(il)?(?![a-z])", re.IGNORECASE)


class IndexSource:
    """Alphabetic index, external cause index, neoplasm table, table of drugs and chemicals."""

    @property
    def names(self) -> Mapping[str, str]:
        return {kind.system: kind.name for kind in KINDS.values()}

    @property
    def counted(self) -> str:
        return "entries"

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        return [work for file in files if (work := _work(file, options)) is not None]


def _work(file: InputFile, options: Options) -> Work | None:
    text = _start_of(file.head)
    if text is None:
        return None
    kind = KINDS[_book(text, file)]
    edition, start, end = _window(text, file, options)
    remark = _said_of_itself(text)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        return _fill(release_id, writer, progress, file, kind, remark)

    return Work(
        system=kind.system,
        kind="icd10cm-index-xml",
        edition=edition,
        files=(file,),
        window_from=start,
        window_to=end,
        window_origin="calendar",
        loader=LOADER,
        tables=TABLES,
        fill=fill,
        remark=remark,
    )


def _start_of(head: bytes) -> str | None:
    """The beginning of the file where it is an index book of ICD-10-CM."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="replace")
    else:
        text = head.decode("utf-8", errors="replace")
    bare = re.sub(r"<\?.*?\?>|<!--.*?-->", "", text.lstrip("\ufeff"), flags=re.DOTALL)
    bare = re.sub(r"<!DOCTYPE[^\[>]*(\[.*?\])?\s*>", "", bare, flags=re.DOTALL)
    return text if re.match(rf"\s*<{re.escape(xml.ROOT)}[\s>]", bare) else None


def _book(text: str, file: InputFile) -> Book:
    heading = re.search(r'<head col="1">\s*([^<]*?)\s*</head>', text)
    if heading is not None:
        if (book := _TABLES.get(heading[1].lower())) is not None:
            return book
        raise Refused(file.name, f"is a table of {heading[1][:40]!r}, which this loader doesn't know")
    title = re.search(r"<title>([^<]*)</title>", text)
    if title is not None and "EXTERNAL CAUSE" in title[1].upper():
        return "external-cause"
    if title is not None and "DISEASES" in title[1].upper():
        return "index"
    raise Refused(file.name, "doesn't say which index of ICD-10-CM it is")


def _window(text: str, file: InputFile, options: Options) -> tuple[str, date, date]:
    """Fiscal year N runs from October 1 of N - 1 to September 30 of N; an update named after April begins then."""
    version = _VERSION.search(text)
    if version is None:
        if options.window_from is None:
            raise Refused(file.name, "doesn't say its year: say it with --from and --to")
        return "of unknown year", options.window_from, options.window_to or options.window_from
    year = int(version[1])
    if _APRIL.search(file.name):
        return f"April {year}", date(year, 4, 1), date(year, 9, 30)
    return f"FY{year}", date(year - 1, 10, 1), date(year, 9, 30)


def _said_of_itself(text: str) -> str:
    """A comment before the book: a file that was rebuilt says what it lost."""
    comment = re.search(r"\A[^<]*(?:<\?[^>]*\?>)?\s*<!--(.*?)-->", text, flags=re.DOTALL)
    if comment is None:
        return ""
    said = " ".join(comment[1].split())
    return f"The file says of itself: {said}"[:300]


def _fill(
    release_id: int, writer: BulkWriter, progress: Progress, file: InputFile, kind: Kind, remark: str
) -> Filled:
    with file.reading() as stream:
        printed = xml.parse(stream, file.name, lambda read: progress(min(read / 15e6, 0.7), "Reading"))
    if kind.columns and sorted(printed.heads) != list(range(1, 8)):
        raise Refused(file.name, "has not the seven columns of the table")
    if not kind.columns and any(entry.cells for entry in printed.entries):
        raise Refused(file.name, "is an index with columns, which this loader doesn't know")
    progress(0.7, "Writing")
    writer.write(ENTRIES, _entries(release_id, printed))
    writer.write(CODES, _codes(release_id, printed))
    if printed.odd:
        odd = f"{printed.odd} with words where a code should stand: kept as a reference."
        remark = f"{remark} {odd}".strip()[:300]
    return Filled(len(printed.entries), remark=remark)


def _entries(release_id: int, printed: xml.Printed) -> Iterator[tuple[Any, ...]]:
    for entry in printed.entries:
        above: list[str] = []
        place = entry.parent
        while place is not None:
            above.append(str(place.ordinal))
            place = place.parent
        yield (
            release_id,
            entry.ordinal,
            entry.last,
            entry.parent.ordinal if entry.parent else None,
            "/".join(reversed(above)),
            entry.level,
            entry.title,
            entry.nonessential,
            entry.tail,
            searched(entry.title, entry.tail)[:250],
            entry.see,
            entry.see_also,
            entry.code,
            entry.manifestation,
            entry.see_category,
            entry.see_subcategory,
            "" if entry.cells is None else "|".join(entry.cells),
            entry.line,
        )


def _codes(release_id: int, printed: xml.Printed) -> Iterator[tuple[Any, ...]]:
    for entry in printed.entries:
        named = [
            ("code", entry.code),
            ("manifestation", entry.manifestation),
            ("see_category", entry.see_category),
            ("see_subcategory", entry.see_subcategory),
            *((str(column), cell) for column, cell in enumerate(entry.cells or (), start=2)),
        ]
        for role, code in named:
            if xml.key_of(code):
                yield release_id, xml.key_of(code), entry.ordinal, role, code
