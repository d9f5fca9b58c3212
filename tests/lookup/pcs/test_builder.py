"""The code builder: whatever is chosen, a valid code is reached."""

import random
from datetime import date
from typing import Any

import pytest

from ahead.lookup.pcs.builder import build
from ahead.shared.errors import BadInput

IN_FORCE = date(2026, 3, 1)


async def test_every_value_offered_leads_to_valid_codes(real: Any, long_run: bool) -> None:
    """From nothing to the end, and at each step the numbers add up."""
    chance = random.Random(20_260_301)
    for _ in range(400 if long_run else 60):
        begins, expected = "", 79_115
        while True:
            built = await build(real.pcs, begins, "", IN_FORCE)
            assert built.codes == expected
            assert [one.value.value for one in built.chosen] == list(begins)
            if built.next is None:
                break
            assert sum(choice.codes for choice in built.next.choices) == expected
            assert all(choice.codes > 0 for choice in built.next.choices)
            choice = chance.choice(built.next.choices)
            begins, expected = choice.begins, choice.codes
        assert built.code == begins
        found = await real.catalog.find("icd10pcs", begins, IN_FORCE)
        assert found.node.billable
        assert found.node.title == built.title
        assert built.receipts[-1].file_name.endswith("icd10pcs_order_2026.txt")


async def test_it_begins_from_a_table_or_a_term(real: Any) -> None:
    built: Any = await build(real.pcs, "0dt", "", IN_FORCE)
    assert (built.codes, built.next.axis, built.chosen[2].value.name) == (106, "Body Part", "Resection")
    assert built.definition.startswith("Cutting out or off")
    built = await build(real.pcs, "", "appendectomy", IN_FORCE)
    assert {begins for term in built.terms for begins in term.begins} == {"0DBJ", "0DTJ"}
    for term in built.terms:
        for begins in term.begins:
            assert (await build(real.pcs, begins, "", IN_FORCE)).codes > 0


async def test_more_words_narrow_a_term(real: Any) -> None:
    many = await build(real.pcs, "", "bypass", IN_FORCE)
    assert "type more words" in many.notes[0]
    few = await build(real.pcs, "", "bypass, gallbladder", IN_FORCE)
    assert [(term.term, term.begins) for term in few.terms] == [("Bypass, Gallbladder", ("0F14",))]
    assert not few.notes


async def test_a_date_without_an_edition_offers_nothing(real: Any) -> None:
    built = await build(real.pcs, "0DT", "", date(2025, 9, 30))
    assert (built.codes, built.next, built.edition.status) == (0, None, "before_first")
    later = await build(real.pcs, "0DT", "", date(2027, 1, 1))
    assert later.codes == 106
    assert "2026-09-30" in later.notes[0]


@pytest.mark.parametrize("begins", ["0DTI", "hello world", "0DTJ4ZZZ", "0DTZZ", "A", "0DTO"])
async def test_what_leads_nowhere_is_told(real: Any, begins: str) -> None:
    with pytest.raises(BadInput) as problem:
        await build(real.pcs, begins, "", IN_FORCE)
    assert problem.value.hint


async def test_a_word_that_is_no_term_is_told(real: Any) -> None:
    built = await build(real.pcs, "", "zebra", IN_FORCE)
    assert "zebra" in built.notes[0]
    assert built.next is not None
