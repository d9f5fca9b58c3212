"""Walks through the official books, each worked out by hand from the file's lines."""

from datetime import date

import pytest
from icd10cm_books import Held, Open

from ahead.lookup.indexes.tables import IndexTables
from ahead.lookup.indexes.walking import IndexWalk

IN_2025 = date(2025, 1, 15)
IN_2017 = date(2017, 1, 15)
IN_2026 = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("book", "day", "asked", "code", "manifestation"),
    [
        ("index", IN_2025, "Diabetes, type 2, with, foot ulcer", "E11.621", ""),
        ("index", IN_2025, "Anemia, in, neoplastic disease", "D63.0", ""),
        ("index", IN_2017, "Disease, Alzheimer's", "G30.9", "F02.80"),
        ("index", IN_2025, "Hypertension, heart", "I11.9", ""),
        ("index", IN_2025, "Aarskog's syndrome", "Q87.19", ""),
        ("index", IN_2017, "Aarskog's syndrome", "Q87.1", ""),
        ("external-cause", IN_2026, "Abandonment", "X58", ""),
        ("external-cause", IN_2026, "Accident, barefoot water skier", "V94.4", ""),
    ],
)
async def test_a_path_leads_to_the_code_that_the_book_prints(
    official_indexes: Held, opened: Open, book: str, day: date, asked: str, code: str, manifestation: str
) -> None:
    one = opened(official_indexes)
    found = await IndexWalk(one.indexes, one.catalog).walk(book, asked, None, day)
    assert found.here is not None
    assert (found.here.term.code, found.here.term.manifestation, found.rest) == (code, manifestation, "")


async def test_see_leads_from_a_term_to_another_and_to_the_tables(
    official_indexes: Held, opened: Open
) -> None:
    one = opened(official_indexes)
    walk = IndexWalk(one.indexes, one.catalog)
    abdominalgia = await walk.walk("index", "Abdominalgia", None, IN_2025)
    assert abdominalgia.here is not None
    (see,) = abdominalgia.here.references
    assert (see.text, see.kind, see.rest) == ("Pain, abdominal", "term", "")
    pain = await walk.walk("index", "", see.ordinal, IN_2025)
    assert pain.here is not None
    assert (pain.here.term.title, pain.here.term.code) == ("abdominal", "R10.9")
    corrosive = await walk.walk(
        "external-cause", "Accident, caused by, corrosive liquid, substance", None, IN_2026
    )
    assert corrosive.here is not None
    assert [(r.kind, r.book) for r in corrosive.here.references] == [("table", "drugs")]


@pytest.mark.parametrize(
    ("asked", "title", "cells"),
    [
        ("breast upper outer", "upper-outer quadrant", ("C50.4-", "C79.81", "D05.-", "D24.-", "D48.6-", "D49.3")),
        ("trachea", "trachea (cartilage) (mucosa)", ("C33", "C78.39", "D02.1", "D14.2", "D38.1", "D49.1")),
    ],
)  # fmt: skip
async def test_a_site_has_a_code_of_each_behavior(
    official_indexes: Held, opened: Open, asked: str, title: str, cells: tuple[str, ...]
) -> None:
    one = opened(official_indexes)
    found = await IndexTables(one.indexes, one.catalog).look_up("neoplasm", asked, IN_2026)
    first = found.rows[0]
    assert (first.term.title, first.term.cells) == (title, cells)


@pytest.mark.parametrize(
    ("asked", "cells"),
    [
        ("aspirin", ("T39.011", "T39.012", "T39.013", "T39.014", "T39.015", "T39.016")),
        ("1-propanol", ("T51.3X1", "T51.3X2", "T51.3X3", "T51.3X4", "--", "--")),
    ],
)
async def test_a_substance_has_a_code_of_each_intent(
    official_indexes: Held, opened: Open, asked: str, cells: tuple[str, ...]
) -> None:
    one = opened(official_indexes)
    found = await IndexTables(one.indexes, one.catalog).look_up("drugs", asked, IN_2026)
    assert found.rows[0].term.cells == cells
    # Without an edition of the codes nothing is said of what they are.
    assert {c.code.state for c in found.rows[0].columns if c.code} == {"not_checked"}
