"""A made-up edition on both databases: rows, names, pages and dates."""

from datetime import date
from typing import Any

from ahead.lookup.codes.service import CodePages
from ahead.lookup.pcs.builder import build
from ahead.lookup.pcs.contributing import PcsCompliance, PcsGuidelines

IN_FORCE = date(2031, 2, 1)


async def test_names_come_from_the_tables_or_else_from_titles(made: Any) -> None:
    made.load(made.edition(), *made.books())
    held = made.open()
    release = (await held.pcs.edition(IN_FORCE)).release
    table = await held.pcs.table(release, "0WQ")
    names = {code: [table.value(code, p) for p in range(4, 8)] for code in table.titles}
    assert [(v.name, v.origin) for v in names["0WQ00ZZ"]] == [
        ("Head", "official"),
        ("Open", "official"),
        ("No Device", "official"),
        ("No Qualifier", "official"),
    ]
    assert (names["0WQ10ZZ"][0].name, names["0WQ10ZZ"][0].origin) == ("Left Ear Lobe", "derived")
    assert sorted(row.codes for row in table.rows) == [1, 2]
    other = await held.pcs.table(release, "0WU")
    assert [other.value("0WU007Z", p).name for p in (4, 5, 6)] == ["Head", "Open", "Made-up Fabric"]
    assert await held.pcs.table(release, "0WX") is None


async def test_the_order_of_loading_makes_no_difference(made: Any) -> None:
    made.load(*made.books())
    made.load(made.edition())
    assert not any(one.new for one in made.load(made.edition(), *made.books()))
    held = made.open()
    release = (await held.pcs.edition(IN_FORCE)).release
    assert (await held.pcs.table(release, "0WQ")).value("0WQ00ZZ", 4).origin == "official"


async def test_without_tables_names_are_not_held_and_codes_are_built_all_the_same(made: Any) -> None:
    made.load(made.edition())
    held = made.open()
    built: Any = await build(held.pcs, "0WQ0", "mending", IN_FORCE)
    assert [choice.begins for choice in built.next.choices] == ["0WQ00", "0WQ04"]
    assert "Character 4" in [one.axis for one in built.chosen]
    assert "No term" in built.notes[0]


async def test_a_code_page_shows_row_definitions_and_index(made: Any) -> None:
    made.load(made.edition(), *made.books())
    held = made.open()
    pages: Any = CodePages(held.catalog, (PcsGuidelines(held.pcs), PcsCompliance(held.pcs)))
    found = await pages.find("icd10pcs", "0WQ00ZZ", IN_FORCE)
    content = await pages.content(found, full=True)
    row, meanings, index = content.contributions["guidelines"].panels
    assert row.table.columns == ("Body Part", "Approach", "Device", "Qualifier")
    assert row.table.rows[0].cells[0].text == "0 Head"
    assert (
        meanings.table.rows[2]
        .cells[3]
        .text.startswith("Making it whole, in this made-up text. Nothing official.")
    )
    assert meanings.table.rows[2].receipt.file_name == "icd10pcs_definitions_2030.xml"
    assert [r.cells[0].text for r in index.table.rows] == ["Mending, Head"]
    assert "2030-09-30" in index.edition
    assert meanings.edition == index.edition
    (compliance,) = content.contributions["compliance"].panels
    assert compliance.facts[0].value == "7 of 7 characters"
    new = await pages.content(await pages.find("icd10pcs", "0WQ10ZZ", IN_FORCE), full=True)
    assert new.contributions["compliance"].panels[0].facts[-1].value == "Added with FY2031"
    table = await pages.content(await pages.find("icd10pcs", "0WQ", IN_FORCE), full=True)
    assert table.contributions["guidelines"].panels[0].table.total == 2
    assert table.contributions["compliance"].panels[0].facts[0].status == "bad"


async def test_terms_lead_only_to_codes_of_the_edition(made: Any) -> None:
    made.load(made.edition(), *made.books())
    built = await build(made.open().pcs, "", "mend", IN_FORCE)
    assert [(term.term, term.begins) for term in built.terms] == [("Mending, Head", ("0WQ0",))]
