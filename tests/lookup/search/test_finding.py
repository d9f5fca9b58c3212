"""What people type and what they have to get first, on both engines, over all 98,186 codes."""

import pytest

from ahead.lookup.search.schemas import SearchAnswer
from ahead.lookup.search.service import CodeSearch


async def ask(search: CodeSearch, text: str, limit: int = 10) -> SearchAnswer:
    return await search.search(text, await search.scope(None, None), limit=limit)


async def codes(search: CodeSearch, text: str, limit: int = 10) -> list[str]:
    return [hit.code for hit in (await ask(search, text, limit)).hits]


@pytest.mark.parametrize("typed", ["E11.9", "e11.9", "e119", " E119 ", "E11 9", "E11.9-"])
async def test_a_code_is_found_however_it_is_written(code_search: CodeSearch, typed: str) -> None:
    answer = await ask(code_search, typed)
    assert (answer.hits[0].code, answer.interpreted) == ("E11.9", "code E11.9")
    assert [(m.field, m.text, m.why) for m in answer.hits[0].matched] == [("code", "E11.9", "this code")]


async def test_the_beginning_of_a_code_lists_what_is_below_it_the_heading_first(
    code_search: CodeSearch,
) -> None:
    assert (await codes(code_search, "E11", 4)) == ["E11", "E11.0", "E11.1", "E11.2"]
    assert (await codes(code_search, "e1", 3)) == ["E10", "E11", "E13"]
    assert (await ask(code_search, "S72.001")).hits[0].code == "S72.001"


async def test_codes_of_an_unusual_build_are_codes(code_search: CodeSearch) -> None:
    assert (await codes(code_search, "c4a"))[0] == "C4A"
    assert (await codes(code_search, "t3695xa"))[0] == "T36.95XA"


async def test_a_code_that_is_none_leads_to_the_nearest_above_it(code_search: CodeSearch) -> None:
    answer = await ask(code_search, "E11.99")
    assert (answer.hits[0].code, answer.corrected) == ("E11.9", "E11.9")
    assert "E11.99 is not in this edition" in answer.hits[0].matched[0].why


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("diabetes", "E11"),
        ("type 2 diabetes with neuropathy", "E11.40"),
        ("t2dm with neuropathy", "E11.40"),
        ("htn", "I10"),
        ("hypertension", "I10"),
        ("high blood pressure", "I10"),
        ("broken wrist", "S62.10"),
        ("chest pain", "R07.9"),
        ("copd", "J44.9"),
        ("uti", "N39.0"),
        ("low back pain", "M54.50"),
        ("breast cancer", "C50"),
        ("left knee pain", "M25.562"),
        ("covid", "U07.1"),
        ("heart attack", "I21.9"),
        ("gerd", "K21"),
    ],
)
async def test_everyday_queries_begin_with_the_code_that_is_meant(
    code_search: CodeSearch, typed: str, first: str
) -> None:
    assert (await codes(code_search, typed))[0] == first


@pytest.mark.parametrize(
    ("typed", "among"), [("flu", "J11.1"), ("gout", "M10.9"), ("afib", "I48.91"), ("ckd", "N18.9")]
)
async def test_others_have_it_on_the_first_page(code_search: CodeSearch, typed: str, among: str) -> None:
    assert among in await codes(code_search, typed)


async def test_a_misspelled_word_is_corrected_and_told(code_search: CodeSearch) -> None:
    answer = await ask(code_search, "diabtes mellitus")
    assert answer.corrected == "diabetes mellitus" or answer.corrected == "diabetes"
    assert answer.hits[0].code == (await codes(code_search, "diabetes mellitus"))[0]
    assert "“diabtes” corrected to “diabetes”" in answer.hits[0].matched[0].why or answer.corrected


async def test_when_no_code_holds_all_words_those_that_hold_most_come(code_search: CodeSearch) -> None:
    answer = await ask(code_search, "broken left wrist zebra")
    assert answer.hits
    # Its category is fractures of wrist and hand.
    titles = [hit.title.lower() for hit in answer.hits[:3]]
    assert all(any(part in title for part in ("wrist", "carp", "hand")) for title in titles)
    assert answer.hits[0].matched[0].why.startswith("some of the words")


async def test_a_synonym_is_told_beside_the_wording_it_led_to(code_search: CodeSearch) -> None:
    hit = (await ask(code_search, "broken wrist")).hits[0]
    assert [(m.field, m.text) for m in hit.matched] == [("inclusion term", "Fracture of wrist NOS")]
    assert "“broken wrist” read as “fracture of wrist”" in hit.matched[0].why


async def test_nonsense_finds_nothing(code_search: CodeSearch) -> None:
    answer = await ask(code_search, "qqqq zzzz xxxx")
    assert (answer.total, answer.hits) == (0, ())


async def test_the_engine_that_answered_is_named(code_search: CodeSearch) -> None:
    answer = await ask(code_search, "gout")
    assert answer.engine in ("tantivy", "meilisearch")
    assert answer.took_ms > 0
    assert answer.query == "gout"


async def test_facets_count_all_hits(code_search: CodeSearch) -> None:
    answer = await ask(code_search, "gout", limit=1)
    assert sum(answer.facets["billable"].values()) == answer.total
    assert answer.facets["system"] == {"icd10cm": answer.total}


async def test_pages_hold_every_hit_once(code_search: CodeSearch) -> None:
    scope = await code_search.scope(None, None)
    pages = [await code_search.search("gout", scope, limit=20, offset=offset) for offset in range(0, 200, 20)]
    found = [hit.code for page in pages for hit in page.hits]
    assert len(found) == len(set(found)) == 200


async def test_a_filter_keeps_to_a_chapter_or_to_billable_codes(code_search: CodeSearch) -> None:
    scope = await code_search.scope(None, None)
    answer = await code_search.search("hypertension", scope, chapter="icd10cm:9", billable=True, limit=50)
    assert answer.hits
    assert all(hit.billable and hit.code.startswith("I") for hit in answer.hits)


SAMPLE = [
    "A00.0",
    "B20",
    "C44.1121",
    "D57.00",
    "H40.1131",
    "K35.80",
    "M80.08XA",
    "O09.511",
    "S72.001A",
    "Z00.00",
    "U07.1",
]


@pytest.mark.parametrize("code", SAMPLE)
async def test_a_code_finds_itself_and_its_title_finds_it(code_search: CodeSearch, code: str) -> None:
    itself = (await ask(code_search, code)).hits[0]
    assert itself.code == code
    assert code in await codes(code_search, itself.title, 3)


async def test_both_engines_agree_on_the_first_hit(
    tantivy_search: CodeSearch, code_search: CodeSearch
) -> None:
    for text in (
        "asthma",
        "fracture of femur",
        "pneumonia",
        "sepsis",
        "anxiety",
        "obesity",
        "cataract",
        "migraine",
    ):
        one, other = await ask(tantivy_search, text), await ask(code_search, text)
        assert one.hits[0].code == other.hits[0].code, text
        assert one.total == other.total, text
