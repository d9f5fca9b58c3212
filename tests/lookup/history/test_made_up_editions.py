"""A code over made-up editions, on both databases, and two sections compared line by line."""

from datetime import date

import pytest
from icd10cm_books import Held, Open

from ahead.lookup.codes.panels import Cell, Fact, Panel, PanelRow, PanelTable
from ahead.lookup.codes.schemas import Section
from ahead.lookup.history.comparing import compared
from ahead.lookup.history.service import Histories


@pytest.fixture
def histories(made_editions: Held, opened: Open) -> Histories:
    return Histories(opened(made_editions).catalog)


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("A000", {"first_held"}, {"revised"}),
        ("A001", {"first_held"}, {"deleted"}),
        ("A002", {"absent"}, {"added"}),
        ("A00", {"first_held"}, {"unchanged"}),
    ],
)
async def test_each_edition_says_what_it_changed(
    histories: Histories, key: str, first: set[str], second: set[str]
) -> None:
    history = await histories.of("icd10cm", key)
    assert [{change.kind for change in one.changes} for one in history.editions] == [first, second]
    assert [one.edition for one in history.editions] == ["FY2026", "FY2027"]
    assert all((one.receipt is not None) == one.held for one in history.editions)


async def test_both_titles_stand_side_by_side(histories: Histories) -> None:
    history = await histories.of("icd10cm", "A000")
    (change,) = history.editions[1].changes
    assert (change.before, change.after) == ("First disease, plain", "First disease, simple")


async def test_a_code_that_comes_later(histories: Histories) -> None:
    gone = await histories.gone("icd10cm", "A0020", date(2026, 1, 1))
    assert gone is not None
    assert (gone.deleted, gone.begins, gone.last_held) == (None, date(2026, 10, 1), "FY2027")
    assert gone.title == "First disease, new, plain"


async def test_a_code_that_was_deleted(histories: Histories) -> None:
    gone = await histories.gone("icd10cm", "A001", date(2026, 11, 1))
    assert gone is not None
    assert (gone.deleted, gone.begins, gone.last_held, gone.edition) == (
        date(2026, 10, 1),
        None,
        "FY2026",
        "FY2027",
    )
    assert gone.open_as_of == date(2026, 9, 30)


async def test_of_a_date_without_edition_nothing_is_said(histories: Histories) -> None:
    assert await histories.gone("icd10cm", "A001", date(2020, 1, 1)) is None
    assert await histories.gone("icd10cm", "A009", date(2026, 11, 1)) is None


def section(*facts: str, rows: tuple[str, ...] = (), total: int = 0) -> Section:
    table = PanelTable("Made up", ("A",), tuple(PanelRow((Cell(row),)) for row in rows), total or len(rows))
    panel = Panel("Panel", facts=(Fact("label", "in a panel"),), table=table if rows else None)
    return Section(
        "fees", "Fees", "held", facts=tuple(Fact("made up", fact) for fact in facts), panels=(panel,)
    )


def texts(found: tuple[object, ...]) -> list[str]:
    return [getattr(line, "text") for line in found]  # noqa: B009


def test_sections_are_compared_by_what_they_say() -> None:
    before, after = section("one", "two", rows=("x", "y")), section("two", "three", rows=("y", "x"))
    (diff,) = compared([before], [after])
    assert texts(diff.removed) == ["made up: one"]
    assert texts(diff.added) == ["made up: three"]
    assert (diff.same, diff.changed) == (4, True)


def test_what_differs_in_its_date_alone_is_the_same() -> None:
    before = section("valid on 2026-09-30 (FY2026 edition)")
    after = section("valid on 2026-10-01 (FY2027 edition)")
    own = (("2026-09-30", "FY2026"), ("2026-10-01", "FY2027"))
    (diff,) = compared([before], [after], own)
    assert not diff.changed
    assert compared([before], [after])[0].changed


def test_a_section_of_one_date_only_is_all_new() -> None:
    (diff,) = compared([], [section("one")])
    assert texts(diff.added) == ["made up: one", "Panel, label: in a panel"]
    assert diff.removed == ()


def test_rows_beyond_those_shown_are_told_to_be_uncompared() -> None:
    (diff,) = compared([section(rows=("x",), total=5_000)], [section(rows=("x",), total=5_001)])
    assert texts(diff.added) == ["Panel: 5,001 rows, the first 1 compared"]
