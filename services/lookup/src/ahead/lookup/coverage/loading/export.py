"""The coverage database's own export: documents with contractors, states, and lists of codes.

One release per export (LCDs, articles, NCDs): a snapshot, which CMS makes every week. Policies' words are not kept
but for those that stand above a list of codes; descriptions of codes are not kept at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ahead.lookup.catalog.loading.files import InputFile
from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.sources import Filled, Work
from ahead.lookup.catalog.loading.writer import BulkWriter
from ahead.shared.processes import Progress

from ..models import (
    CONTRACTORS,
    COVERED,
    DIAGNOSES,
    DOCUMENTS,
    EXPORT,
    NOT_COVERED,
    PARAGRAPHS,
    PROCEDURES,
    RELATED,
    day_of,
)
from .cells import plain, records, text_of
from .days import BadCell, day, diagnosis, number, procedure
from .tables import MAIN, NEEDED, Export

SYSTEMS: dict[Export, str] = {"lcd": "mcd-lcd", "article": "mcd-article", "ncd": "mcd-ncd"}
LASTS = timedelta(days=6)
_PARAGRAPH = 2_000
_VIEW = "https://www.cms.gov/medicare-coverage-database/view/"

Key = tuple[str, str]
"""Id and version of a document, as the export's tables name it."""


@dataclass
class Tables:
    """The files of one export by the table's name, in the order in which receipts count them."""

    export: Export
    files: dict[str, InputFile]
    claimed: tuple[InputFile, ...] = ()
    """Zips that the files are in, named so that nobody calls them left out."""
    order: list[str] = field(init=False)

    def __post_init__(self) -> None:
        missing = [name for name in NEEDED[self.export] if name not in self.files]
        if missing:
            first = next(iter(self.files.values()))
            raise Refused(
                first.name,
                f"the export of {self.export}s needs its tables together, and {', '.join(missing)} "
                f"{'is' if len(missing) == 1 else 'are'} not given",
            )
        self.order = [MAIN[self.export], *sorted(n for n in self.files if n != MAIN[self.export])]

    def number(self, name: str) -> int:
        return self.order.index(name)

    def rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        if name in self.files:
            yield from records(self.files[name])

    def refused(self, name: str, line: int, error: BadCell) -> Refused:
        return Refused(self.files[name].name, str(error), line=line)


def work(tables: Tables) -> Work:
    """Reads the documents; the code tables are read when they are written."""
    documents, latest = _documents(tables)
    main = tables.files[MAIN[tables.export]]
    start = day_of(latest)
    if start is None:
        raise Refused(main.name, "no document in it says when it was last updated")

    def fill(release_id: int, writer: BulkWriter, progress: Progress) -> Filled:
        writer.write(DOCUMENTS, [(release_id, *row) for row in documents.values()])
        names = {key: (row[0], row[1]) for key, row in documents.items()}
        orphans: dict[str, int] = {}
        progress(0.1, "Writing")
        writer.write(CONTRACTORS, ((release_id, *row) for row in _contractors(tables, names, orphans)))
        written = [
            writer.write(PROCEDURES, ((release_id, *row) for row in _procedures(tables, names, orphans))),
        ]
        progress(0.3, "Writing")
        written.append(
            writer.write(DIAGNOSES, ((release_id, *row) for row in _diagnoses(tables, names, orphans)))
        )
        progress(0.8, "Writing")
        writer.write(PARAGRAPHS, ((release_id, *row) for row in _paragraphs(tables, names)))
        writer.write(RELATED, ((release_id, *row) for row in _related(tables, names)))
        remark = (
            f"{written[0]:,} procedure codes and {written[1]:,} diagnoses in lists. A weekly snapshot of "
        )
        remark += f"{start}: give --to for the day on which another was made."
        if orphans:
            left = ", ".join(f"{count:,} of {name}" for name, count in sorted(orphans.items()))
            remark += f" Left out, of documents that are not in it: {left}."
        return Filled(len(documents), remark=remark[:300])

    files = (*(tables.files[name] for name in tables.order), *tables.claimed)
    return Work(
        SYSTEMS[tables.export], f"mcd-{tables.export}", start.isoformat(), files, start, start + LASTS, "file",
        f"mcd-export/1 {tables.export}", EXPORT, fill,
    )  # fmt: skip


def _documents(tables: Tables) -> tuple[dict[Key, tuple[Any, ...]], int | None]:
    """Rows of DOCUMENTS without the release, and the latest day on which any was updated."""
    name = MAIN[tables.export]
    found: dict[Key, tuple[Any, ...]] = {}
    latest: int | None = None
    for line, cells in tables.rows(name):
        try:
            key, row, updated = _document(tables.export, line, cells)
        except BadCell as error:
            raise tables.refused(name, line, error) from None
        if key in found:
            raise Refused(tables.files[name].name, f"has {row[0]} version {row[1]} a second time", line=line)
        found[key] = row
        latest = max(latest or 0, updated or 0) or None
    if not found:
        raise Refused(tables.files[name].name, "has no document below its heading")
    return found, latest


def _document(export: Export, line: int, cells: dict[str, str]) -> tuple[Key, tuple[Any, ...], int | None]:
    if export == "ncd":
        key = (_id(cells["NCD_id"]), _id(cells["NCD_vrsn_num"]))
        ends = day(cells.get("NCD_trmntn_dt", ""))
        return key, (
            f"NCD {text_of(cells['NCD_mnl_sect']).strip()[:20]}", key[1], 0, line, "NCD",
            plain(cells["NCD_mnl_sect_title"]), day(cells["NCD_efctv_dt"]), ends, None, "",
            f"{_VIEW}ncd.aspx?ncdid={key[0]}&ncdver={key[1]}",
        ), day(cells.get("last_updt_tmstmp", "")) or day(cells["NCD_efctv_dt"])  # fmt: skip
    key = (_id(cells[f"{export}_id"]), _id(cells[f"{export}_version"]))
    letter = "L" if export == "lcd" else "A"
    shown = cells.get("display_id", "").strip() or f"{letter}{key[0]}"
    if export == "lcd":
        begins = day(cells.get("rev_eff_date", "")) or day(cells["orig_det_eff_date"])
        ends = day(cells.get("rev_end_date", "")) or day(cells.get("ent_det_end_date", ""))
    else:
        begins = day(cells["article_eff_date"])
        ends = day(cells.get("article_rev_end_date", "")) or day(cells.get("article_end_date", ""))
    return key, (
        shown[:24], key[1], 0, line, "LCD" if export == "lcd" else "Article", plain(cells["title"]), begins, ends,
        day(cells.get("date_retired", "")), plain(cells["status"])[:80],
        f"{_VIEW}{export}.aspx?{export}id={key[0]}&ver={key[1]}",
    ), day(cells.get("last_updated", ""))  # fmt: skip


def _id(text: str) -> str:
    bare = text.strip()
    if not bare.isascii() or not bare.isdecimal() or len(bare) > 12:
        raise BadCell(f"{bare[:40]!r} is not the number of a document or its version")
    return bare


def _of(export: Export, cells: dict[str, str]) -> Key:
    return cells[f"{export}_id"].strip(), cells[f"{export}_version"].strip()


def _procedures(tables: Tables, names: dict[Key, Key], orphans: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    table = f"{tables.export}_x_hcpc_code"
    for line, cells in tables.rows(table):
        if (document := names.get(_of(tables.export, cells))) is None:
            orphans[table] = orphans.get(table, 0) + 1
            continue
        try:
            code, group = procedure(cells["hcpc_code_id"]), number(cells["hcpc_code_group"])
        except BadCell as error:
            raise tables.refused(table, line, error) from None
        yield code, *document, group, tables.number(table), line


def _diagnoses(tables: Tables, names: dict[Key, Key], orphans: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    if tables.export != "article":
        return
    for listed, word in ((COVERED, "covered"), (NOT_COVERED, "noncovered")):
        table = f"article_x_icd10_{word}"
        for line, cells in tables.rows(table):
            if (document := names.get(_of("article", cells))) is None:
                orphans[table] = orphans.get(table, 0) + 1
                continue
            try:
                code, group = diagnosis(cells["icd10_code_id"]), number(cells[f"icd10_{word}_group"])
            except BadCell as error:
                raise tables.refused(table, line, error) from None
            mark = text_of(cells.get("asterisk", "")).strip()[:8]
            yield (
                *document,
                listed,
                group,
                code,
                mark if mark.strip("*") == "" else "",
                tables.number(table),
                line,
            )


def _paragraphs(tables: Tables, names: dict[Key, Key]) -> Iterator[tuple[Any, ...]]:
    kinds: Iterable[tuple[str, str, str]] = (
        ("procedures", f"{tables.export}_x_hcpc_code_group", "hcpc_code_group"),
    )
    if tables.export == "article":
        kinds = (
            *kinds,
            ("covered", "article_x_icd10_covered_group", "icd10_covered_group"),
            ("not_covered", "article_x_icd10_noncovered_group", "icd10_noncovered_group"),
        )
    for kind, table, column in kinds:
        for line, cells in tables.rows(table):
            if (document := names.get(_of(tables.export, cells))) is None:
                continue
            try:
                group = number(cells[column])
            except BadCell as error:
                raise tables.refused(table, line, error) from None
            asterisk = plain(cells.get("icd10_covered_ast", ""))[:_PARAGRAPH]
            words = plain(cells["paragraph"])[:_PARAGRAPH]
            yield *document, kind, group, words, asterisk, tables.number(table), line


def _related(tables: Tables, names: dict[Key, Key]) -> Iterator[tuple[Any, ...]]:
    if tables.export == "ncd":
        return
    for table, columns in (
        (f"{tables.export}_related_documents", (("L", "r_lcd_id"), ("A", "r_article_id"))),
        (f"{tables.export}_related_ncd_documents", (("ncdid ", "r_ncd_id"),)),
    ):
        for line, cells in tables.rows(table):
            if (document := names.get(_of(tables.export, cells))) is None:
                continue
            for letter, column in columns:
                if other := cells.get(column, "").strip():
                    yield *document, f"{letter}{other}"[:24], tables.number(table), line


def _contractors(tables: Tables, names: dict[Key, Key], orphans: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    """A contractor stands once per document, with all its kinds and states."""
    table = f"{tables.export}_x_contractor"
    if table not in tables.files:
        return
    states = {c["state_id"].strip(): c["state_abbrev"].strip() for _, c in tables.rows("state_lookup")}
    kinds = {
        c["contractor_type_id"].strip(): plain(c["description"])
        for _, c in tables.rows("contractor_type_lookup")
    }
    where: dict[tuple[str, str, str], set[str]] = {}
    for _, cells in tables.rows("contractor_jurisdiction"):
        if not cells.get("term_date", "").strip():
            where.setdefault(_contractor(cells), set()).add(states.get(cells["state_id"].strip(), ""))
    called = {_contractor(c): plain(c["contractor_bus_name"]) for _, c in tables.rows("contractor")}
    found: dict[tuple[Key, str], tuple[int, set[str], set[str]]] = {}
    for line, cells in tables.rows(table):
        if (document := names.get(_of(tables.export, cells))) is None:
            orphans[table] = orphans.get(table, 0) + 1
            continue
        key = _contractor(cells)
        name = called.get(key) or f"Contractor {key[0]}"
        _, its_kinds, its_states = found.setdefault((document, name), (line, set(), set()))
        its_kinds.add(kinds.get(key[1], ""))
        its_states.update(where.get(key, ()))
    for ordinal, ((document, name), (line, its_kinds, its_states)) in enumerate(found.items(), 1):
        yield (
            *document, ordinal, name, ", ".join(sorted(its_kinds - {""})), " ".join(sorted(its_states - {""})),
            tables.number(table), line,
        )  # fmt: skip


def _contractor(cells: dict[str, str]) -> tuple[str, str, str]:
    return (
        cells["contractor_id"].strip(),
        cells["contractor_type_id"].strip(),
        cells.get("contractor_version", "").strip(),
    )
