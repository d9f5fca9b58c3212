"""The official index books are held whole: a reader that shares no code with the loader finds the same."""

import asyncio
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from icd10cm_books import INDEX_2017, INDEX_2025, TABLES_2026, Held, Open, official_file

from ahead.lookup.indexes import repository as rows
from ahead.lookup.indexes.kinds import KINDS, Book
from ahead.lookup.indexes.models import CODES


class Plain(NamedTuple):
    """A term as a plain reader of the XML sees it."""

    level: int
    words: str
    see: str
    see_also: str
    code: str
    manifestation: str
    category: str
    cells: tuple[str, ...]


def plain(archive: str, part: str) -> tuple[list[Plain], int]:
    """All terms of a book in order, and the lines of its file."""
    with zipfile.ZipFile(official_file(archive)) as opened:
        name = next(n for n in opened.namelist() if part in n and n.endswith(".xml"))
        data = opened.read(name)
    return list(_terms(ET.fromstring(data))), data.count(b"\n")


def _terms(root: ET.Element) -> Iterator[Plain]:
    for element in root.iter():
        if element.tag not in ("mainTerm", "term"):
            continue
        title = element.find("title")
        assert title is not None

        def said(tag: str, element: ET.Element = element) -> str:
            return " ".join((element.findtext(tag) or "").split())

        cells = {cell.get("col"): (cell.text or "").strip() for cell in element.findall("cell")}
        yield Plain(
            int(element.get("level") or 0),
            " ".join(" ".join(title.itertext()).split()),
            said("see"),
            said("seeAlso"),
            said("code"),
            said("manif"),
            said("seecat") or said("subcat"),
            tuple(cells.get(str(n), "") for n in range(2, 8)) if cells else (),
        )


BOOKS = [
    ("index", "FY2017", INDEX_2017, "index_2017", 77_199, 305_666),
    ("index", "FY2025", INDEX_2025, "index-2025", 81_024, 320_070),
    ("external-cause", "April 2026", TABLES_2026, "eindex", 8_090, 31_916),
    ("neoplasm", "April 2026", TABLES_2026, "neoplasm", 1_940, 16_946),
    ("drugs", "April 2026", TABLES_2026, "drug", 7_430, 65_740),
]


@pytest.mark.parametrize(("book", "edition", "archive", "part", "entries", "lines"), BOOKS)
async def test_every_term_is_held_as_printed(
    official_indexes: Held,
    opened: Open,
    book: Book,
    edition: str,
    archive: str,
    part: str,
    entries: int,
    lines: int,
) -> None:
    printed, counted = await asyncio.to_thread(plain, archive, part)
    assert (len(printed), counted) == (entries, lines)
    one = opened(official_indexes)
    release = next(r for r in await one.reader.releases(KINDS[book].system) if r.edition == edition)
    assert release.rows == entries
    held: list[Plain] = []
    last = 0
    while chunk := await one.reader.read(release.id, lambda c, a=last: rows.all_entries(c, release.id, a)):
        for row in chunk:
            assert row.ordinal == len(held) + 1
            held.append(
                Plain(
                    row.level,
                    " ".join(row.printed.split()),
                    row.see,
                    row.see_also,
                    row.code,
                    row.manifestation,
                    row.see_category or row.see_subcategory,
                    tuple(row.cells.split("|")) if row.cells else (),
                )
            )
        last = chunk[-1].ordinal
    odd = [(n, h, p) for n, (h, p) in enumerate(zip(held, printed, strict=True)) if h != p]
    # One term of the neoplasm table has words where a code should stand: they are kept as a reference.
    assert len(odd) == (1 if book == "neoplasm" else 0), odd[:3]
    if odd:
        _, ours, theirs = odd[0]
        assert ours.manifestation == ""
        assert ours.see_also == theirs.manifestation


async def test_the_hierarchy_is_held(official_indexes: Held, opened: Open) -> None:
    """Nested as in the file: the way from the main term down, read through the parents."""
    with zipfile.ZipFile(official_file(INDEX_2017)) as archive:
        root = ET.fromstring(archive.read("icd10cm_index_2017.xml"))
    way: list[str] = []
    expected: dict[int, tuple[str, ...]] = {}
    number = 0
    for element in root.iter():
        if element.tag in ("mainTerm", "term"):
            number += 1
            del way[int(element.get("level") or 0) :]
            expected[number] = tuple(way)
            title = element.find("title")
            assert title is not None
            way.append(" ".join(" ".join(title.itertext()).split()))
    one = opened(official_indexes)
    release = next(r for r in await one.reader.releases("icd10cm-index") if r.edition == "FY2017")
    async for listed in one.indexes.listed(release):
        found = tuple(" ".join(title.split()) for title in listed.path)
        assert found == expected[listed.ordinal], listed
    assert number == 77_199


@pytest.mark.parametrize(("book", "edition", "archive", "part", "entries", "lines"), BOOKS)
async def test_every_code_finds_its_terms(
    official_indexes: Held,
    opened: Open,
    book: Book,
    edition: str,
    archive: str,
    part: str,
    entries: int,
    lines: int,
) -> None:
    printed, _ = await asyncio.to_thread(plain, archive, part)
    expected = sum(
        sum(1 for code in (term.code, term.category, *term.cells) if code.strip("-"))
        + (1 if term.manifestation[:3].isupper() and term.manifestation[1:2].isdigit() else 0)
        for term in printed
    )
    one = opened(official_indexes)
    release = next(r for r in await one.reader.releases(KINDS[book].system) if r.edition == edition)
    query = CODES.select().where(CODES.c.release_id == release.id)
    held = await one.reader.read(release.id, lambda c: c.execute(query).all())
    assert len(held) == expected
    assert all(row.code == row.printed.replace(".", "").replace("-", "") for row in held)


async def test_a_rebuilt_file_says_so(official_indexes: Held, opened: Open) -> None:
    one = opened(official_indexes)
    releases = await one.reader.releases("icd10cm-index")
    rebuilt = next(r for r in releases if r.edition == "FY2025")
    assert rebuilt.remark.startswith("The file says of itself: RECONSTRUCTED")
    assert next(r for r in releases if r.edition == "FY2017").remark == ""


async def test_most_references_lead_to_a_term(official_indexes: Held, opened: Open) -> None:
    """Of a sample of the "see" notes of 2025 that name a term, at least nine in ten lead to it or to a choice
    below it; the others are told by what is left of them."""
    one = opened(official_indexes)
    release = next(r for r in await one.reader.releases("icd10cm-index") if r.edition == "FY2025")
    told: dict[str, None] = {}
    async for listed in one.indexes.listed(release):
        named = listed.see
        if named and not named.lower().startswith(
            ("neoplasm", "table of", "categor", "subcategor", "condition")
        ):
            told.setdefault(named)
    sample = list(told)[::20]
    assert len(sample) > 100
    followed = 0
    for text in sample:
        way = await one.indexes.resolve(release, text)
        followed += way.ordinal is not None and (not way.rest or way.rest.startswith(("by ", "specified")))
    assert followed >= 0.9 * len(sample), (followed, len(sample))
