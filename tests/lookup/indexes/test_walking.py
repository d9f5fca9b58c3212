"""Walking made-up books as a coder does, on both databases."""

from datetime import date

import pytest
from icd10cm_books import Held, Open, Opened

from ahead.lookup.indexes.tables import IndexTables
from ahead.lookup.indexes.walking import IndexWalk
from ahead.shared.errors import BadInput, NotFound

DAY = date(2026, 1, 15)


@pytest.fixture
def held(made_books: Held, opened: Open) -> Opened:
    return opened(made_books)


def walk_of(held: Opened) -> IndexWalk:
    return IndexWalk(held.indexes, held.catalog)


async def test_a_path_of_words_leads_to_its_term(held: Opened) -> None:
    found = await walk_of(held).walk("index", "disease, first, with, fever", None, DAY)
    assert found.here is not None
    assert [term.title for term in found.trail] == ["Disease, diseased (made up)", "first (only) NEC", "with"]
    assert found.here.term.title == "fever"
    assert [(code.printed, code.state) for code in found.here.codes] == [
        ("A00.-", "header"),
        ("S00.0-", "seventh_character"),
    ]
    assert found.here.term.manifestation == "S00.0-"
    assert found.here.term.receipt.row == 9
    assert found.here.term.receipt.file_name == "icd10cm_index_2026.xml"
    assert (found.edition, found.edition_note, found.rest) == ("FY2026", "", "")


@pytest.mark.parametrize("typed", ["Diseased", "disease", "DISEASE, DISEASED", "  diseases "])
async def test_a_main_term_is_found_by_any_of_its_names(held: Opened, typed: str) -> None:
    found = await walk_of(held).walk("index", typed, None, DAY)
    assert found.here is not None
    assert found.here.term.title == "Disease, diseased (made up)"
    assert [step.term.title for step in found.below] == ["first (only) NEC", "second", "growth"]


async def test_a_name_of_several_main_terms_is_a_choice(held: Opened) -> None:
    found = await walk_of(held).walk("index", "injury", None, DAY)
    assert found.here is None
    assert [term.title for term in found.choices] == ["Injury, head", "Injury, by drug"]
    assert found.choices_total == 2


async def test_what_no_term_answers_is_told(held: Opened) -> None:
    found = await walk_of(held).walk("index", "Disease, first, purple", None, DAY)
    assert found.here is not None
    assert (found.here.term.title, found.rest) == ("first (only) NEC", "purple")
    nothing = await walk_of(held).walk("index", "purple", None, DAY)
    assert (nothing.here, nothing.choices, nothing.rest) == (None, (), "purple")


async def test_see_is_followed(held: Opened) -> None:
    found = await walk_of(held).walk("index", "disease, second", None, DAY)
    assert found.here is not None
    (see,) = found.here.references
    assert (see.kind, see.rest, see.also) == ("term", "", False)
    assert see.title == "Disease, diseased (made up), first (only) NEC, with, fever"
    assert see.ordinal is not None
    there = await walk_of(held).walk("index", "", see.ordinal, DAY)
    assert there.here is not None
    assert there.here.term.title == "fever"


async def test_see_leads_to_tables_and_to_categories(held: Opened) -> None:
    growth = await walk_of(held).walk("index", "disease, growth", None, DAY)
    drug = await walk_of(held).walk("index", "injury, by drug", None, DAY)
    assert growth.here is not None
    assert drug.here is not None
    assert [(r.kind, r.book, r.rest) for r in growth.here.references] == [
        ("table", "neoplasm", "skin, malignant")
    ]
    assert [(r.kind, r.book, r.rest) for r in drug.here.references] == [("table", "drugs", "by drug")]


async def test_a_code_that_is_gone_is_said_to_be_gone(held: Opened) -> None:
    found = await walk_of(held).walk("index", "disease, first, gone", None, DAY)
    assert found.here is not None
    (code,) = found.here.codes
    assert (code.printed, code.state, code.title) == ("A00.9", "not_in_edition", "")
    assert code.why == "A00.9 is not in FY2026."


async def test_before_the_first_edition_nothing_is_said(held: Opened) -> None:
    found = await walk_of(held).walk("index", "disease", None, date(2020, 1, 1))
    assert (found.here, found.choices, found.edition) == (None, (), "")
    assert "No edition held for this date" in found.edition_note


async def test_after_the_newest_edition_it_is_shown_marked(held: Opened) -> None:
    found = await walk_of(held).walk("index", "disease", None, date(2030, 1, 1))
    assert found.here is not None
    assert found.edition_note == "published to 2026-09-30; a later edition is not loaded"


@pytest.mark.parametrize(
    ("book", "asked"), [("neoplasm", "disease"), ("", "disease"), ("index", " ,() "), ("index", "x" * 201)]
)
async def test_what_cannot_be_asked_is_refused(held: Opened, book: str, asked: str) -> None:
    with pytest.raises(BadInput):
        await walk_of(held).walk(book, asked, None, DAY)


async def test_a_place_that_is_not_there_is_refused(held: Opened) -> None:
    with pytest.raises(NotFound):
        await walk_of(held).walk("index", "", 999, DAY)


async def test_a_code_finds_the_terms_that_lead_to_it(held: Opened) -> None:
    found = {one.book: one for one in await held.indexes.leading_to("A000", DAY)}
    index = [
        (leading.term.title, leading.printed, leading.role, leading.exact) for leading in found["index"].terms
    ]
    assert index == [
        ("first (only) NEC", "A00.0", "code", True),
        ("fever", "A00.-", "code", False),
    ]
    drugs = [(leading.term.title, leading.role, leading.exact) for leading in found["drugs"].terms]
    assert drugs == [
        ("Madeupine (acid)", "Poisoning, intentional self-harm", True),
        ("Madeupine (acid)", "Poisoning, undetermined", False),
    ]
    assert found["neoplasm"].edition.status == "nothing_loaded"


async def test_a_code_made_by_a_7th_character_is_led_to_by_its_base(held: Opened) -> None:
    found = {one.book: one for one in await held.indexes.leading_to("S000XXA", DAY)}
    told = [(leading.term.title, leading.printed, leading.role) for leading in found["index"].terms]
    assert told == [("Injury, head", "S00.0", "see_subcategory"), ("fever", "S00.0-", "manifestation")]


async def test_the_first_of_many_terms_come_with_the_true_count(held: Opened) -> None:
    found = {one.book: one for one in await held.indexes.leading_to("A000", DAY, limit=1)}
    assert (len(found["index"].terms), found["index"].total) == (1, 2)


async def test_a_substance_is_looked_up(held: Opened) -> None:
    tables = IndexTables(held.indexes, held.catalog)
    found = await tables.look_up("drugs", "madeupine acid", DAY)
    assert found.total == 0, "nonessential words are not searched"
    found = await tables.look_up("drugs", "Madeupine", DAY)
    assert (found.total, [row.term.title for row in found.rows]) == (2, ["Madeupine (acid)", "sulfate"])
    columns = found.rows[0].columns
    assert [(c.column, c.printed, c.code and c.code.state) for c in columns] == [
        ("Poisoning, accidental", "S00.0", "seventh_character"),
        ("Poisoning, intentional self-harm", "A00.0", "billable"),
        ("Poisoning, assault", "A00.9", "not_in_edition"),
        ("Poisoning, undetermined", "A00.-", "header"),
        ("Adverse effect", "--", None),
        ("Underdosing", "--", None),
    ]
    assert [r.text for r in found.rows[1].references] == ["Madeupine"]
    one = await tables.look_up("drugs", "madeupine", DAY, column="self-harm")
    assert one.columns == ("Poisoning, intentional self-harm",)
    place = await tables.at("drugs", 1, DAY)
    assert [row.term.title for row in place.rows] == ["Madeupine (acid)", "sulfate"]
    with pytest.raises(BadInput):
        await tables.look_up("drugs", "madeupine", DAY, column="purple")
    with pytest.raises(BadInput):
        await tables.look_up("drugs", "  ", DAY)


async def test_a_table_that_is_not_loaded_says_so(held: Opened) -> None:
    found = await IndexTables(held.indexes, held.catalog).look_up("neoplasm", "breast", DAY)
    assert found.rows == ()
    assert found.edition_note == "No edition of ICD-10-CM table of neoplasms is loaded."


async def test_all_terms_are_listed_for_a_search_index(held: Opened) -> None:
    edition = await held.indexes.edition("index", DAY)
    assert edition.release is not None
    listed = [one async for one in held.indexes.listed(edition.release)]
    assert [one.title for one in listed] == [
        "Disease, diseased (made up)", "first (only) NEC", "with", "fever", "gone", "second", "growth",
        "Injury, head", "Injury, by drug",
    ]  # fmt: skip
    assert listed[3].path == ("Disease, diseased (made up)", "first (only) NEC", "with")
    assert listed[3].codes == ("A00.-", "S00.0-")
