"""What is really used decides between codes that fit a query about alike, and never more; on both engines."""

import msgspec
import pytest

from ahead.lookup.search.schemas import SearchAnswer

EVERYBODY = 1_000_000
LEFT, RIGHT = "M25.562", "M25.561"
WORDED = (
    "diabetes", "type 2 diabetes with neuropathy", "htn", "high blood pressure", "broken wrist", "chest pain", "copd",
    "uti", "low back pain", "breast cancer", "left knee pain", "heart attack", "gerd", "fracture of femur", "gout",
)  # fmt: skip
CODES = ("E11", "e119", "E11.99", "S72.001", "c4a", "E11-E13", "M25.56*", "W21.89A")


async def ask(search, typed: str) -> SearchAnswer:
    return await search.search(typed, await search.scope(None, None), limit=200)


def said(answer: SearchAnswer) -> SearchAnswer:
    """All of an answer but the time that it took."""
    return msgspec.structs.replace(answer, took_ms=0)


async def test_of_two_codes_that_fit_alike_the_one_that_is_used_comes_first(used_search) -> None:
    before = [hit.code for hit in (await ask(used_search.search, "knee pain")).hits]
    assert before.index(LEFT) + 1 == before.index(RIGHT), "by their order alone"
    await used_search.use({RIGHT: 40})
    after = [hit.code for hit in (await ask(used_search.search, "knee pain")).hits]
    assert after.index(RIGHT) + 1 == after.index(LEFT)
    assert [code for code in after if code != RIGHT] == [code for code in before if code != RIGHT]


async def test_the_more_people_the_earlier_and_equal_use_changes_nothing(used_search) -> None:
    before = said(await ask(used_search.search, "knee pain"))
    await used_search.use({LEFT: 30, RIGHT: 30})
    assert said(await ask(used_search.search, "knee pain")) == before
    await used_search.use({LEFT: 30, RIGHT: 90})
    codes = [hit.code for hit in (await ask(used_search.search, "knee pain")).hits]
    assert codes.index(RIGHT) < codes.index(LEFT)


async def test_no_search_asks_the_database_for_counts(used_search) -> None:
    before = said(await ask(used_search.search, "knee pain"))
    await used_search.write({RIGHT: 40})
    assert said(await ask(used_search.search, "knee pain")) == before
    await used_search.uses.read()
    assert said(await ask(used_search.search, "knee pain")) != before


@pytest.mark.parametrize("typed", WORDED)
async def test_no_use_puts_a_code_before_one_that_fits_clearly_better(used_search, typed: str) -> None:
    before = await ask(used_search.search, typed)
    first, others = before.hits[0].code, [hit.code for hit in before.hits[1:]]
    await used_search.use(dict.fromkeys(others, EVERYBODY))
    after = await ask(used_search.search, typed)
    assert after.hits[0].code == first
    assert after.hits[0].matched == before.hits[0].matched
    assert {hit.code for hit in after.hits} == {first, *others}, "what is found stays what it was"
    assert (after.total, after.facets, after.interpreted) == (before.total, before.facets, before.interpreted)


async def test_a_heading_stays_before_the_code_below_it_that_everybody_uses(used_search) -> None:
    codes = [hit.code for hit in (await ask(used_search.search, "knee pain")).hits]
    assert codes[:2] == ["M25.56", "M25.569"], (
        "about alike: the heading first, since nothing more was asked for"
    )
    await used_search.use({"M25.569": EVERYBODY})
    assert [hit.code for hit in (await ask(used_search.search, "knee pain")).hits][:2] == codes[:2]


@pytest.mark.parametrize("typed", CODES)
async def test_what_is_asked_for_by_code_is_not_touched(used_search, typed: str) -> None:
    before = said(await ask(used_search.search, typed))
    await used_search.use({hit.code: 5 + place for place, hit in enumerate(before.hits)})
    assert said(await ask(used_search.search, typed)) == before


async def test_without_counts_everything_is_as_it_was(used_search, code_search) -> None:
    await used_search.use({RIGHT: 40})
    await used_search.use({})
    for typed in (*WORDED, "knee pain"):
        assert said(await ask(used_search.search, typed)) == said(await ask(code_search, typed)), typed
