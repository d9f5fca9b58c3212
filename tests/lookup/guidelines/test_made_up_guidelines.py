"""Made-up guidelines on both databases: how they are cut, what governs a code, and what is refused."""

import random
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from icd10cm_books import (
    NUMBERED,
    TITLE,
    Held,
    Open,
    Opened,
    Set,
    contents_of,
    guidelines_pdf,
    load_into,
    pdf_of,
)

from ahead.lookup.catalog.loading.refusal import Refused
from ahead.lookup.catalog.loading.registry import CatalogLoader
from ahead.lookup.catalog.schemas import CodeFacts
from ahead.lookup.db import MIGRATIONS
from ahead.lookup.guidelines.loading.references import find
from ahead.lookup.guidelines.service import is_number, normal
from ahead.shared.db import migrations
from ahead.shared.errors import BadInput, NotFound

DAY = date(2026, 1, 15)


@pytest.fixture
def held(made_books: Held, opened: Open) -> Opened:
    return opened(made_books)


async def facts(held: Opened, code: str) -> CodeFacts:
    found = await held.catalog.find("icd10cm", code, DAY)
    assert found.node is not None
    assert found.edition.release is not None
    return await held.catalog.facts(found.edition.release.id, found.node.code)


async def test_sections_are_held_with_their_own_text(held: Opened) -> None:
    section = (await held.guidelines.section("I.C.1.a", DAY)).section
    assert section is not None
    assert section.text == "Assign a code from category A00, First disease, or A00.0."
    assert [place.number for place in section.above] == ["I", "I.C", "I.C.1"]
    assert [(place.number, place.heading) for place in section.below] == [("I.C.1.a.1", "With fever")]
    assert (section.chapter, section.page, section.names) == (1, 3, ("A00", "A00.0"))
    assert (section.receipt.file_name, section.receipt.row) == ("icd10cm-guidelines-2026.pdf", 3)
    assert (section.receipt.window_origin, section.receipt.window_from) == ("file", date(2025, 10, 1))


async def test_what_names_the_code_comes_first_and_what_holds_for_all_last(held: Opened) -> None:
    found = await held.guidelines.governing(await facts(held, "A00.0"), DAY)
    assert [(one.section.number, one.why, one.named) for one in found.sections] == [
        ("I.C.1.a", "code", "A00.0"),
        ("I.C.1.a.1", "code", "A00.0"),
        ("I.C.1", "range", "A00-B99"),
        ("I.C.1.b", "chapter", ""),
        ("II", "general", ""),
        ("III", "general", ""),
        ("IV", "general", ""),
        ("I.B.1", "general", "A00.0 through T88.9"),
    ]


async def test_a_section_governs_what_is_below_the_heading_it_names(held: Opened) -> None:
    found = await held.guidelines.governing(await facts(held, "S00.0XXA"), DAY)
    first = found.sections[0]
    assert (first.section.number, first.why, first.named) == ("I.C.1.a.1", "heading", "S00.0-")
    assert "I.C.1.b" not in [one.section.number for one in found.sections], "of another chapter"


async def test_a_number_that_is_not_there(held: Opened) -> None:
    with pytest.raises(NotFound):
        await held.guidelines.section("I.C.9.z", DAY)


async def test_words_are_searched(held: Opened) -> None:
    found = await held.guidelines.search("sequenced S00.0", DAY)
    assert [(hit.section.number, hit.excerpt) for hit in found.hits] == [
        ("I.C.1.a.1", "Code A00.0 is sequenced before S00.0-.")
    ]
    with pytest.raises(BadInput):
        await held.guidelines.search(" ?! ", DAY)


async def test_before_the_first_edition_nothing_is_said(held: Opened) -> None:
    found = await held.guidelines.governing(await facts(held, "A00.0"), date(2020, 1, 1))
    assert found.sections == ()
    assert "No edition held for this date" in found.edition.message
    marked = await held.guidelines.section("II", date(2030, 1, 1))
    assert marked.section is not None
    assert marked.edition_note == "published to 2026-09-30; a later edition is not loaded"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("I.C.4.a.3", "I.C.4.a.3"),
        ("Section I.C.4.a.3)", "I.C.4.a.3"),
        ("section I.C.1.a.2)(h)", "I.C.1.a.2.h"),
        ("I.C.1.d.1.(a)(iii)", "I.C.1.d.1.a.iii"),
        ("I.C.16. f.", "I.C.16.f"),
        ("Appendix I", "Appendix I"),
        ("ii", "ii"),
    ],
)
def test_numbers_are_read_as_coders_write_them(typed: str, number: str) -> None:
    assert normal(typed) == number
    assert is_number(typed)


@pytest.mark.parametrize("words", ["sepsis", "septic shock", "I10", "IV fluids", "in remission"])
def test_words_are_no_numbers(words: str) -> None:
    assert not is_number(words)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from categories E08 – E13 as needed", [("E08", "E13", False)]),
        ("code E11-; I50.-, I51.4-I51.7", [("E11", "E11", True), ("I50", "I50", True), ("I514", "I517", False)]),
        ("A00.0 through T88.9, Z00-Z99.8", [("A000", "T889", False), ("Z00", "Z998", False)]),
        ("(Z 91.14- and F10.1)", [("Z9114", "Z9114", True), ("F101", "F101", False)]),
        ("(S00- T14.9) and (Q00-QA1)", [("S00", "T149", False), ("Q00", "QA1", False)]),
        ("ICD-10-CM, FY 2026, COVID-19, H1N1, AIDS, I.C.19.a", []),
    ],
)  # fmt: skip
def test_codes_are_read_out_of_the_text(text: str, found: list[tuple[str, str, bool]]) -> None:
    assert [(one.first, one.last, one.below) for one in find(text)] == found


def refusal(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "guidelines.pdf"
    path.write_bytes(content)
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    with pytest.raises(Refused) as refused:
        CatalogLoader(url, tmp_path / "releases").load([path])
    assert [file for file in (tmp_path / "releases").glob("*") if file.suffix != ".lock"] == []
    return refused.value.reason


def without(number: int) -> list[Set]:
    return [line for n, line in enumerate(NUMBERED) if n != number]


def test_a_section_that_the_contents_name_and_the_text_lacks_is_a_refusal(tmp_path: Path) -> None:
    body = without(8)
    assert "I.C.1.b, which isn't found" in refusal(tmp_path, guidelines_pdf(body))


def test_a_book_of_sections_that_its_contents_do_not_name_is_a_refusal(tmp_path: Path) -> None:
    invented: list[Set] = [(True, 14, 170, f"{letter}. Invented") for letter in "cdefgh"]
    body = [*NUMBERED[:9], *invented, *NUMBERED[9:]]
    assert "6 sections that its contents don't name" in refusal(tmp_path, guidelines_pdf(body))


def test_without_contents_it_is_refused(tmp_path: Path) -> None:
    assert "no table of contents" in refusal(tmp_path, guidelines_pdf(contents=NUMBERED))


def test_without_its_year_it_is_refused(tmp_path: Path) -> None:
    title = [TITLE[0], TITLE[3]]
    reason = refusal(tmp_path, pdf_of([title, contents_of(NUMBERED), NUMBERED]))
    assert "doesn't say on its first page for which year it holds" in reason


def test_another_pdf_is_refused(tmp_path: Path) -> None:
    assert "PDF" in refusal(tmp_path, pdf_of([[(False, 12, 72, "Something else, made up")]]))


def test_text_in_bold_that_is_out_of_sequence_is_no_heading(
    database_url: str, tmp_path: Path, opened: Open
) -> None:
    changed: Set = (True, 12, 192, "7. What changed is set in bold too")
    path = tmp_path / "guidelines.pdf"
    path.write_bytes(guidelines_pdf([*NUMBERED[:8], changed, *NUMBERED[8:]]))
    held = load_into(database_url, tmp_path, [path])
    assert held.loaded[0].rows == len(NUMBERED)


def test_cut_or_damaged_it_is_refused_or_whole(tmp_path: Path) -> None:
    content = guidelines_pdf()
    url = f"sqlite+aiosqlite:///{tmp_path}/lookup.db"
    migrations.upgrade(url, MIGRATIONS)
    path = tmp_path / "guidelines.pdf"
    seeded = random.Random(20_262)
    for turn in range(80):
        damaged = bytearray(content)
        if turn % 2:
            del damaged[seeded.randrange(20, len(damaged)) :]
        else:
            for _ in range(seeded.randint(1, 8)):
                damaged[seeded.randrange(5, len(damaged))] = seeded.randrange(256)
        path.write_bytes(bytes(damaged))
        with suppress(Refused):
            outcome = CatalogLoader(url, tmp_path / "releases").load([path])
            assert outcome.loaded[0].rows >= len(NUMBERED)
