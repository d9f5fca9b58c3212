"""CPT as a source of the catalogue: numbers of codes from the fee schedule, text from the AMA's files.

The text is the AMA's. It is taken only from an operator who states that he or she holds a licence, and is kept apart
from what search and lists are made of (see `cpt.models`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.icd10cm_release import Options
from ahead.lookup.catalog.loading.nodes import CodeRow, node_rows
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.lookup.catalog.models import NODES, NOTES
from ahead.lookup.pfs.kinds import RVU
from ahead.lookup.pfs.loading import pprrvu
from ahead.lookup.pfs.loading.source import PfsSource
from ahead.shared.processes import Progress

from ..kinds import LICENSED, NUMBERS
from ..models import CPT_TEXTS
from ..places import places_of
from . import ama
from .ama import Text

_ORDER = ("long", "medium", "short", "consumer", "clinician")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")


class CptSource:
    names: Mapping[str, str] = {"cpt": "CPT"}
    counted: Mapping[str, str] = {"cpt": "codes"}

    def claim(self, files: Sequence[InputFile], options: Options) -> list[Work]:
        works = [
            _numbers(work) for work in PfsSource().claim(files, options) if work.system == RVU
        ] if options.system in (None, "cpt", RVU) else []  # fmt: skip
        texts = [(file, form) for file in files if (form := ama.form_of(file))]
        if texts:
            if options.licence is None:
                raise Refused(
                    texts[0][0].name,
                    "has descriptions of CPT, which are the AMA's: load it only if you hold a licence for it, and say "
                    "so with --i-hold-a-cpt-licence",
                )
            works.append(_licensed(texts, options))
        return works


def _numbers(fees: Work) -> Work:
    """The numbers of CPT among the codes of a relative value file; its descriptions are not read."""
    file = fees.files[0]

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.2, "Writing")
        first: dict[str, int] = {}
        for code, _modifier, *_, row in pprrvu.rows(file):
            if code[0].isdigit():
                first.setdefault(code, row)
        return _write(release_id, writer, ((code, 0, row) for code, row in first.items()))

    return Work(
        system="cpt",
        kind=NUMBERS,
        edition=fees.edition,
        files=(file,),
        window_from=fees.window_from,
        window_to=fees.window_to,
        window_origin=fees.window_origin,
        loader=f"{NUMBERS}/1",
        tables=(NODES, NOTES),
        fill=fill,
        remark="Numbers of codes only, as far as the relative value file has them; their descriptions are the "
        "American Medical Association's.",
    )


def _licensed(given: Sequence[tuple[InputFile, str]], options: Options) -> Work:
    files = tuple(file for file, _ in sorted(given, key=lambda one: (one[1] == "csv", one[0].name)))
    forms = dict(given)
    if len({forms[file] for file in files}) < len(files):
        raise Refused(files[-1].name, "is a second file of its form: load one edition at a time")
    edition, start, end = _window(files, options)

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        progress(0.1, "Reading")
        texts = [(number, text) for number, file in enumerate(files) for text in ama.read(file, forms[file])]
        progress(0.5, "Writing")
        writer.write(CPT_TEXTS, ((release_id, t.code, t.form, t.row, number, t.text) for number, t in texts))
        return _write(release_id, writer, _first_rows(texts))

    return Work(
        system="cpt",
        kind=LICENSED,
        edition=edition,
        files=files,
        window_from=start,
        window_to=end,
        window_origin="calendar",
        loader=f"{LICENSED}/1",
        tables=(NODES, NOTES, CPT_TEXTS),
        fill=fill,
        remark="Descriptions of the American Medical Association, loaded by a holder of a licence.",
    )


def _first_rows(texts: Iterable[tuple[int, Text]]) -> Iterable[tuple[str, int, int]]:
    """Each code with the place of its fullest text."""
    best: dict[str, tuple[int, int, int]] = {}
    for number, text in texts:
        place = (_ORDER.index(text.form), number, text.row)
        best[text.code] = min(best.get(text.code, place), place)
    return [(code, number, row) for code, (_, number, row) in best.items()]


def _write(release_id: int, writer: BulkWriter, codes: Iterable[tuple[str, int, int]]) -> Filled:
    """Codes (code, file, row) below their groups. Their titles are the groups', in our own words."""
    rows: list[CodeRow] = []
    above: set[str] = set()
    for code, file, row in sorted(codes, key=lambda one: ([p.key for p in places_of(one[0])], one[0])):
        parent: str | None = None
        for kind, place in zip(("chapter", "section"), places_of(code), strict=False):
            if place.key not in above:
                above.add(place.key)
                rows.append(
                    CodeRow(place.key, place.key, kind, parent, place.title, False, row, "", file, "derived")
                )
            parent = place.key
        title = places_of(code)[-1].title
        rows.append(CodeRow(code, code, "code", parent, title, True, row, "", file, "not_held"))
    writer.write(NODES, node_rows(release_id, "cpt", rows))
    codes_held = sum(row.billable for row in rows)
    return Filled(codes_held, len(rows), codes_held)


def _window(files: Sequence[InputFile], options: Options) -> tuple[str, date, date | None]:
    """CPT is published for a calendar year; the year stands in the name of the zip or its folders."""
    years = {match[1] for file in files if (match := _YEAR.search(file.name))}
    if len(years) > 1:
        raise Refused(files[0].name, "the files are of several years: load one edition at a time")
    if years:
        year = int(years.pop())
        return str(year), date(year, 1, 1), date(year, 12, 31)
    if options.window_from is None:
        raise Refused(files[0].name, "its name doesn't tell its year: say it with --from and --to")
    return options.release or str(options.window_from.year), options.window_from, options.window_to
