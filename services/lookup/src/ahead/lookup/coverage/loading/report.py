"""The coverage database's report of documents: one CSV, without code lists and states."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import CONTRACTORS, DOCUMENTS, REPORT
from .cells import heading, records, text_of
from .days import BadCell, day

SYSTEM = "mcd-documents"
COLUMNS = (
    "contractor_name_type", "document_display_id", "document_id", "document_type", "document_version",
    "effective_date", "note", "retirement_date", "title", "updated_on", "updated_on_sort", "url",
)  # fmt: skip
_MONTH = re.compile(
    r"(20[0-9]{2})[-_ ](january|february|march|april|may|june|july|august|september|october|november|december)",
    re.IGNORECASE,
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_TYPES = {"LCD": "L", "Article": "A", "NCD": "N"}


@dataclass(frozen=True)
class Document:
    line: int
    document: str
    version: str
    type: str
    title: str
    effective_on: int | None
    retired_on: int | None
    note: str
    url: str
    contractors: tuple[tuple[str, str], ...]
    """(name, kinds) as the cell lists them."""


def is_report(head: bytes) -> bool:
    return heading(head) == COLUMNS


def read(file: InputFile) -> Iterator[Document]:
    """Raises Refused with the line and what is wrong with it."""
    for line, cells in records(file):
        try:
            yield _document(line, cells)
        except BadCell as error:
            raise Refused(file.name, str(error), line=line) from None


def _document(line: int, cells: dict[str, str]) -> Document:
    kind, name = cells["document_type"].strip(), cells["document_display_id"].strip()
    if kind not in _TYPES or not re.fullmatch(_TYPES[kind] + r"[0-9.]{1,20}", name):
        raise BadCell(f"{kind[:20]!r}, {name[:40]!r} is no document")
    version = cells["document_version"].strip()
    if not re.fullmatch(r"[0-9]{1,6}", version):
        raise BadCell(f"{version[:20]!r} is not a version")
    url = cells["url"].strip()
    if not re.fullmatch(r"https://[^\s\"'<>]{1,300}", url):
        raise BadCell(f"{url[:60]!r} is not an address")
    title = " ".join(text_of(cells["title"]).split())
    if not title or title[0] in "=@":
        raise BadCell(f"{title[:40]!r} is no title")
    return Document(
        line, name, version, kind, title, day(cells["effective_date"]), day(cells["retirement_date"]),
        " ".join(text_of(cells["note"]).split()), url, _contractors(text_of(cells["contractor_name_type"])),
    )  # fmt: skip


def _contractors(cell: str) -> tuple[tuple[str, str], ...]:
    """A cell has a contractor and, on a line of its own, what it is in brackets; several stand below each other."""
    found: list[tuple[str, str]] = []
    for line in (line.strip() for line in cell.splitlines()):
        if not line:
            continue
        if line.startswith("(") and line.endswith(")") and found and not found[-1][1]:
            found[-1] = (found[-1][0], line[1:-1].strip())
        else:
            found.append((line, ""))
    return tuple(found)


def work(file: InputFile) -> Work:
    """Raises Refused where the name doesn't say the month."""
    match = _MONTH.search(file.name)
    if match is None:
        raise Refused(
            file.name,
            "neither it nor its name says of when it is: name it such as mcd-documents-2025-august.csv",
        )
    year, month = int(match[1]), _MONTHS.index(match[2].lower()) + 1
    start = date(year, month, 1)
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.2, "Reading")
        found = list(read(file))
        if not found:
            raise Refused(file.name, "has no document below its heading")
        progress(0.6, "Writing")
        writer.write(
            DOCUMENTS,
            [
                (
                    release_id, d.document, d.version, 0, d.line, d.type, d.title, d.effective_on, None, d.retired_on,
                    d.note, d.url,
                )
                for d in found
            ],
        )  # fmt: skip
        writer.write(CONTRACTORS, _contractor_rows(release_id, found))
        return Filled(len(found))

    return Work(
        SYSTEM, "mcd-report", f"{match[2].capitalize()} {year}", (file,), start, end, "calendar", "mcd-report/1",
        REPORT,
        fill, "A report of documents: it has no national determinations, no states and no lists of codes.",
    )  # fmt: skip


def _contractor_rows(release_id: int, found: list[Document]) -> Iterator[tuple[Any, ...]]:
    seen: dict[tuple[str, str], int] = {}
    for document in found:
        key = (document.document, document.version)
        for name, kinds in document.contractors:
            seen[key] = seen.get(key, 0) + 1
            yield release_id, *key, seen[key], name, kinds, "", 0, document.line
