"""The facade on the real April 2026 edition."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ahead.lookup.catalog.schemas import CodeFacts, Found
from ahead.lookup.catalog.service import Catalog
from ahead.shared.clock import FixedClock
from ahead.shared.db.engine import Database
from ahead.shared.errors import BadInput, NotFound

IN_FORCE = date(2026, 1, 15)


@pytest.fixture
async def catalog(loaded_data: Path) -> AsyncGenerator[Catalog]:
    database = Database(f"sqlite+aiosqlite:///{loaded_data}/lookup/lookup.db")
    clock = FixedClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    catalog = Catalog(database, loaded_data / "lookup" / "releases", clock=clock)
    yield catalog
    await catalog.close()
    await database.close()


async def found(catalog: Catalog, code: str, as_of: date = IN_FORCE) -> Found:
    return await catalog.find("icd10cm", code, as_of)


async def facts(catalog: Catalog, code: str) -> CodeFacts:
    node = (await found(catalog, code)).node
    assert node is not None
    return await catalog.facts(node.release_id, node.code)


async def test_what_is_held_is_told_with_its_window_and_files(catalog: Catalog) -> None:
    (system,) = await catalog.systems()
    (release,) = system.releases
    assert (system.system, system.name) == ("icd10cm", "ICD-10-CM")
    assert release.source == "simple-icd-10-cm 1.5.0"
    assert (release.window_from, release.window_to) == (date(2025, 10, 1), date(2026, 9, 30))
    assert (release.window_origin, release.rows, release.billable) == ("calendar", 98_186, 74_719)
    assert [len(file.sha256) for file in release.files] == [64, 64]


@pytest.mark.parametrize("typed", ["E11.9", "e119", " E11.9 ", "E119"])
async def test_a_code_is_found_however_it_is_typed(catalog: Catalog, typed: str) -> None:
    node = (await found(catalog, typed)).node
    assert node is not None
    assert (node.dotted, node.title) == ("E11.9", "Type 2 diabetes mellitus without complications")


async def test_an_unknown_code_is_not_found_and_its_neighbours_are_named(catalog: Catalog) -> None:
    with pytest.raises(NotFound) as problem:
        await found(catalog, "E11.99")
    assert problem.value.slug == "unknown-code"
    assert problem.value.extra["parent"]["code"] == "E11.9"
    assert "E11.9 is complete as it is" in problem.value.hint
    with pytest.raises(NotFound) as problem:
        await found(catalog, "S72.0Z")
    assert [one["code"] for one in problem.value.extra["suggestions"]] == ["S72.00", "S72.01", "S72.02", "S72.03", "S72.04", "S72.05", "S72.06", "S72.09"]  # fmt: skip  # noqa: E501
    with pytest.raises(NotFound):
        await found(catalog, "A81X")


async def test_a_malformed_code_is_told_apart_from_an_unknown_one(catalog: Catalog) -> None:
    with pytest.raises(BadInput, match="begins with a letter"):
        await found(catalog, "250.00")


async def test_before_the_first_edition_nothing_is_said_of_the_code(catalog: Catalog) -> None:
    early = await found(catalog, "E11.9", date(2020, 1, 1))
    assert early.node is None
    assert early.edition.status == "before_first"
    validity = await catalog.validity(early)
    assert validity.status == "not_held"
    assert "invalid" not in validity.text.lower()


async def test_after_the_newest_edition_validity_is_judged_and_marked(catalog: Catalog) -> None:
    late = await catalog.find("icd10cm", "E11.9")
    assert late.edition.as_of == date(2026, 11, 23), "today is the default"
    validity = await catalog.validity(late)
    assert (validity.status, validity.marked) == ("billable", True)
    assert "published to 2026-09-30; a later edition is not loaded" in validity.text


async def test_a_header_is_not_billable_and_says_what_is(catalog: Catalog) -> None:
    header = await found(catalog, "E11")
    validity = await catalog.validity(header)
    assert validity.status == "not_billable"
    assert "needs more characters" in validity.text
    assert validity.instead_total == 87
    assert all(node.billable and node.code.startswith("E11") for node in validity.instead)
    waits_for_seventh = await catalog.validity(await found(catalog, "S72.001"))
    assert "needs a 7th character" in waits_for_seventh.text
    assert [n.code[6] for n in waits_for_seventh.instead] == list("ABCDEFGHJKMNPQRS")


async def test_a_code_stands_in_its_chapter_section_and_category(catalog: Catalog) -> None:
    code = await facts(catalog, "S72.001B")
    assert [node.code for node in code.ancestors] == ["19", "S70-S79", "S72", "S720", "S7200", "S72001"]
    assert [node.kind for node in code.ancestors] == ["chapter", "section", "category", *["subcategory"] * 3]
    assert code.chapter is not None
    assert code.chapter.title.startswith("Injury, poisoning")
    assert code.node.title_origin == "composed"


async def test_notes_are_inherited_from_the_chapter_down(catalog: Catalog) -> None:
    code = await facts(catalog, "E11.9")
    places = [group.at.code for group in code.inherited]
    assert places == ["4", "E11"]
    category = code.inherited[1]
    excludes1 = [note.text for note in category.notes if note.kind == "excludes1"]
    assert "type 1 diabetes mellitus (E10.-)" in excludes1
    (note,) = [n for n in category.notes if n.text == "type 1 diabetes mellitus (E10.-)"]
    assert [(r.text, r.first, r.last, r.below) for r in note.references] == [("E10.-", "E10", "E10", True)]


async def test_an_inclusion_term_holds_where_it_stands_and_for_its_seventh_characters_only(
    catalog: Catalog,
) -> None:
    header = await facts(catalog, "I21")
    assert any(n.kind == "inclusion_term" or n.kind == "includes" for n in header.own_notes)
    below = await facts(catalog, "I21.01")
    assert not any(n.kind == "inclusion_term" for group in below.inherited for n in group.notes)
    base = await facts(catalog, "S06.0X0")
    extension = await facts(catalog, "S06.0X0A")
    own = [n.text for n in base.own_notes if n.kind == "inclusion_term"]
    handed = [n.text for group in extension.inherited for n in group.notes if n.kind == "inclusion_term"]
    assert handed == own


async def test_the_seventh_character_rule_says_where_it_comes_from_and_what_is_allowed(
    catalog: Catalog,
) -> None:
    rule = (await facts(catalog, "S72.001B")).seventh_character
    assert rule is not None
    assert rule.at.code == "S72"
    assert rule.chosen is not None
    assert rule.chosen.meaning == "initial encounter for open fracture type I or II"
    assert len(rule.values) == 16
    death = (await facts(catalog, "S06.1X7")).seventh_character
    assert death is not None
    assert death.allowed_here == ("A",), "the list of codes knows no later encounter after death"
    assert (await facts(catalog, "E11.9")).seventh_character is None


async def test_a_term_printed_below_a_seventh_character_belongs_to_that_value(catalog: Catalog) -> None:
    open_break = await facts(catalog, "S72.001B")
    closed = await facts(catalog, "S72.001A")
    text = "initial encounter for open fracture NOS"
    assert text in [n.text for n in open_break.own_notes]
    assert text not in [n.text for n in closed.own_notes]
    fall = await facts(catalog, "W08")
    assert "Fall from stool" in [n.text for n in fall.own_notes]


async def test_a_receipt_names_file_row_and_window(catalog: Catalog) -> None:
    receipt = (await facts(catalog, "E11.9")).receipt
    assert receipt.file_name == "icd10c-tabular-April-1-2026.xml"
    assert receipt.row == 24_697
    assert (receipt.release, receipt.window_to) == ("April 2026", date(2026, 9, 30))
    assert (await facts(catalog, "S72.001B")).receipt.file_name == "code-list-April-2026.txt"


async def test_children_come_in_pages_in_order(catalog: Catalog) -> None:
    release = (await catalog.releases())[0].id
    first = await catalog.children(release, "S70-S79", limit=4)
    second = await catalog.children(release, "S70-S79", limit=4, offset=4)
    assert first.total == 10
    assert (first.next_offset, len(second.nodes)) == (4, 4)
    assert [n.code for n in (*first.nodes, *second.nodes)] == [f"S7{n}" for n in range(8)]
    assert len(await catalog.chapters(release)) == 22


async def test_repeated_facts_come_from_the_cache(catalog: Catalog) -> None:
    release = (await catalog.releases())[0].id
    assert await catalog.facts(release, "E119") is await catalog.facts(release, "E119")


async def test_documents_for_the_search_carry_what_a_code_is_known_by(catalog: Catalog) -> None:
    release = (await catalog.releases())[0].id
    documents = {d.code: d async for d in catalog.documents(release)}
    assert len(documents) == 98_505
    assert documents["I2101"].chapter == "9"
    assert documents["C509"].section == "C50-C50"
    assert (
        documents["I2101"].title
        == "ST elevation (STEMI) myocardial infarction involving left main coronary artery"
    )
    assert documents["S72001B"].inclusion_terms[-1] == "initial encounter for open fracture NOS"
    assert documents["S72001B"].ancestors[2] == "Fracture of femur"
    assert sum(d.billable for d in documents.values()) == 74_719
