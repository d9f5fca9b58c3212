"""Crosswalks on the pages of codes."""

from datetime import date
from typing import Any

from ahead.lookup.codes.panels import Subject
from ahead.lookup.gems.contributing import ConversionSection, GemSection

IN_FORCE = date(2018, 3, 1)


def subject(system: str, code: str, day: date) -> Subject:
    """As much of a page's subject as a crosswalk looks at."""
    facts: Any = None
    return Subject(system, code, code, "", day, True, facts)


async def test_a_page_shows_both_directions_with_their_lines(made: Any) -> None:
    given = await GemSection(made).contribute(subject("icd9cm", "2501", IN_FORCE))
    (forward,) = given.panels
    assert forward.title == "To ICD-10-CM (GEM)"
    assert "Scenario 2: R73.9 together with Z79.4." in forward.note
    assert forward.table is not None
    assert [row.cells[0].text for row in forward.table.rows][-1] == "Scenario 2, list 2: one of these"
    assert [row.receipt.row for row in forward.table.rows if row.receipt] == [4, 5, 6, 7, 8]
    assert forward.table.rows[0].cells[1].href == "/codes/icd10cm/E11.9"
    given = await GemSection(made).contribute(subject("icd10cm", "E119", IN_FORCE))
    assert [panel.title for panel in given.panels] == ["To ICD-9-CM (GEM)", "From ICD-9-CM (GEM)"]
    assert given.panels[1].table is not None
    assert "scenario 1, list 1" in given.panels[1].table.rows[1].cells[2].text


async def test_dates_outside_the_mapping_are_said(made: Any) -> None:
    before = await GemSection(made).contribute(subject("icd9cm", "0010", date(2015, 3, 1)))
    assert not before.panels
    assert "2017-10-01" in before.would_fill[0]
    after = await GemSection(made).contribute(subject("icd9cm", "0010", date(2026, 3, 1)))
    assert "2018-09-30" in after.panels[0].edition


async def test_what_replaced_what_is_shown_with_its_row(real: Any) -> None:
    day = date(2026, 3, 1)
    section = ConversionSection(real)
    (new,) = (await section.contribute(subject("icd10cm", "E11A", day))).panels
    assert new.table is not None
    assert [(row.cells[0].text, row.cells[3].text) for row in new.table.rows] == [("Replaces", "E11.9")]
    (old,) = (await section.contribute(subject("icd10cm", "E119", day))).panels
    assert old.table is not None
    assert old.table.rows[0].cells[0].text.startswith("Replaced by")
    assert old.table.rows[0].receipt is not None
    (none,) = (await section.contribute(subject("icd10cm", "A000", day))).panels
    assert none.table is None


async def test_without_a_table_its_file_is_named(made: Any) -> None:
    given = await ConversionSection(made).contribute(subject("icd10cm", "E119", IN_FORCE))
    assert not given.panels
    assert "conversion table" in given.would_fill[0]
