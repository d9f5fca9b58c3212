"""What both engines do alike. Every test runs against the real Meilisearch and against Tantivy."""

import asyncio
from dataclasses import replace

import pytest

from ahead.shared.search.index import (
    MAX_LIMIT,
    Document,
    Eq,
    Hit,
    In,
    IndexMissing,
    InvalidQuery,
    Query,
    Range,
    SearchEngine,
    SearchIndex,
)

from .library import BOOKS, book, found, ids, schema


@pytest.fixture
async def own_books(engine: SearchEngine) -> SearchIndex:
    """For tests that change it."""
    index = engine.index(schema())
    await index.rebuild(BOOKS, fingerprint="first")
    return index


async def test_every_word_has_to_be_in_a_hit(books: SearchIndex) -> None:
    assert set(await found(books, "hypertension")) == {"1", "2"}
    assert await found(books, "hypertension essential") == ["1"]
    assert await found(books, "hypertension wrist") == []


async def test_words_may_lie_in_different_fields(books: SearchIndex) -> None:
    assert await found(books, "essential pressure") == ["1"]


async def test_an_empty_query_finds_everything(books: SearchIndex) -> None:
    results = await books.search(Query("", limit=2))
    assert results.total == len(BOOKS)
    assert len(results.hits) == 2


async def test_a_query_of_signs_alone_finds_nothing(books: SearchIndex) -> None:
    results = await books.search(Query(" ?! -- ", facets=("shelf",)))
    assert (results.hits, results.total) == ((), 0)


async def test_most_words_find_what_all_words_miss_and_more_words_come_first(books: SearchIndex) -> None:
    assert (await found(books, "fracture wrist unheardof", match="most"))[0] == "3"


async def test_a_match_in_a_heavier_field_comes_first(books: SearchIndex) -> None:
    assert await found(books, "wrist") == ["3", "4"]


async def test_of_equal_matches_the_higher_rank_comes_first(engine: SearchEngine) -> None:
    index = engine.index(schema())
    await index.rebuild(
        [book(n, "Chest pain", rank=rank) for n, rank in enumerate((5, 900, 40))], fingerprint=""
    )
    assert await found(index, "pain") == ["1", "2", "0"]


async def test_plural_singular_accents_and_case_make_no_difference(books: SearchIndex) -> None:
    assert await found(books, "FRACTURE carpal bone") == ["4"]
    assert await found(books, "sezary") == ["5"]
    assert await found(books, "SÉZARY’s") == ["5"]
    assert await found(books, "injury head") == ["6"]
    assert await found(books, "diagnosis") == ["6"]


async def test_the_last_word_may_be_a_beginning_when_asked_for(books: SearchIndex) -> None:
    assert await found(books, "hyp") == []
    assert set(await found(books, "hyp", prefix=True)) == {"1", "2"}
    assert await found(books, "hyp ess", prefix=True) == [], "only the last word is a beginning"
    assert await found(books, "hypertension ess", prefix=True) == ["1"]
    assert await found(books, "hyp ", prefix=True) == [], "a blank finishes the word"


@pytest.mark.parametrize("word", ["injuries", "diagnoses", "hypertension"])
async def test_typing_finds_a_word_at_each_of_its_letters(books: SearchIndex, word: str) -> None:
    complete = set(await found(books, word))
    for end in range(2, len(word) + 1):
        assert complete <= set(await found(books, word[:end], prefix=True)), word[:end]


async def test_typos_are_forgiven_only_when_asked_for(books: SearchIndex) -> None:
    assert await found(books, "hypertenison essential") == []
    results = await books.search(Query("hypertenison esential", typos=True))
    assert ids(results) == ["1"]
    assert results.corrected == {"hypertenison": "hypertension", "esential": "essential"}


async def test_a_known_word_is_never_corrected(books: SearchIndex) -> None:
    results = await books.search(Query("fracture", typos=True))
    assert results.corrected == {}


async def test_a_word_is_neither_taken_apart_nor_put_together(engine: SearchEngine) -> None:
    index = engine.index(schema())
    await index.rebuild([book(1, "46, XX or XY karyotype"), book(2, "headache")], fingerprint="")
    assert await found(index, "xxxx") == []
    assert await found(index, "xxxy", typos=True) == []
    assert await found(index, "head ache") == []
    assert await found(index, "xx") == ["1"]


async def test_short_words_and_numbers_are_never_corrected(books: SearchIndex) -> None:
    for text in ("hed", "2001x", "12345"):
        results = await books.search(Query(text, typos=True))
        assert (results.total, results.corrected) == (0, {})


async def test_a_search_can_be_kept_to_some_fields(books: SearchIndex) -> None:
    assert await found(books, "wrist", fields=("title",)) == ["3"]
    assert await found(books, "wrist", fields=("notes",)) == ["4"]


async def test_filters_choose_by_value_set_and_range(books: SearchIndex) -> None:
    assert set(await found(books, "", filters=(Eq("shelf", "S"),))) == {"3", "4", "6"}
    assert set(await found(books, "", filters=(Eq("lent", True),))) == {"2", "6"}
    assert set(await found(books, "", filters=(Eq("year", 2001),))) == {"3"}
    assert set(await found(books, "", filters=(In("shelf", ("I", "C")),))) == {"1", "2", "5"}
    assert set(await found(books, "", filters=(Range("year", 1995, 2005),))) == {"2", "3", "4"}
    assert set(await found(books, "", filters=(Range("year", ge=2010),))) == {"5", "6"}
    assert set(await found(books, "", filters=(Eq("tags", "injury"), Range("year", le=2003)))) == {"3"}
    assert await found(books, "", filters=(In("shelf", ()),)) == []
    assert await found(books, "fracture", filters=(Eq("shelf", "I"),)) == []


ODD_KEYWORDS = [
    'A" OR shelf != "',
    "A' OR 1=1 --",
    "A\\",
    'A\\" OR true',
    "A] OR f_year > 0",
    "a",
    "É\u0000\n",
    "%41",
    "",
    " A",
    "A ",
    "x" * 120,
]


async def test_a_keyword_can_hold_anything_and_matches_itself_alone(engine: SearchEngine) -> None:
    index = engine.index(schema())
    values = [*ODD_KEYWORDS, "A"]
    await index.rebuild([book(n, "one", shelf=value) for n, value in enumerate(values)], fingerprint="")
    for n, value in enumerate(values):
        assert await found(index, "", filters=(Eq("shelf", value),)) == [str(n)], value
        assert await found(index, "", filters=(In("shelf", (value, "no such")),)) == [str(n)], value
    assert (await index.search(Query("", facets=("shelf",)))).facets["shelf"] == dict.fromkeys(values, 1)


async def test_filters_of_a_wrong_kind_are_refused(books: SearchIndex) -> None:
    wrong = [
        Eq("nothing", "x"),
        Eq("year", "2001"),
        Eq("year", True),
        Eq("lent", 1),
        Range("shelf", 1, 2),
        Range("year"),
        Eq("shelf", "x" * 121),
    ]
    for condition in wrong:
        with pytest.raises(InvalidQuery):
            await books.search(Query("", filters=(condition,)))
    for query in (Query(fields=("x",)), Query(facets=("year",)), Query(limit=-1), Query(offset=10**6)):
        with pytest.raises(InvalidQuery):
            await books.search(query)


async def test_facets_count_all_matches_not_only_the_page(books: SearchIndex) -> None:
    results = await books.search(Query("", limit=1, facets=("shelf", "lent", "tags")))
    assert results.facets == {
        "shelf": {"S": 3, "I": 2, "C": 1},
        "lent": {"false": 4, "true": 2},
        "tags": {"injury": 2, "common": 1, "heart": 1},
    }
    filtered = await books.search(Query("fracture", facets=("shelf",), filters=(Eq("lent", False),)))
    assert filtered.facets == {"shelf": {"S": 2}}
    counted = await books.search(Query("fracture", limit=0, facets=("shelf",), filters=(Eq("lent", False),)))
    assert (counted.hits, counted.total, counted.facets) == ((), 2, {"shelf": {"S": 2}})


async def test_of_a_facet_the_commonest_values_are_counted_as_many_as_the_schema_says(
    engine: SearchEngine,
) -> None:
    index = engine.index(replace(schema(), facet_values=2))
    await index.rebuild(BOOKS, fingerprint="")
    assert (await index.search(Query("", limit=0, facets=("shelf",)))).facets == {"shelf": {"S": 3, "I": 2}}


async def test_pages_follow_each_other_without_gap_or_repetition(engine: SearchEngine) -> None:
    index = engine.index(schema())
    await index.rebuild([book(n, f"Volume {n}", rank=n) for n in range(45)], fingerprint="")
    pages = [await index.search(Query("volume", limit=20, offset=offset)) for offset in (0, 20, 40, 60)]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 0]
    assert [page.total for page in pages] == [45] * 4
    assert len({hit.id for page in pages for hit in page.hits}) == 45
    assert (await index.search(Query("volume", limit=0))).hits == ()


async def test_hits_come_in_the_order_of_a_field_when_asked_for(engine: SearchEngine) -> None:
    index = engine.index(schema())
    await index.rebuild(
        [book(n, f"Volume {n}", year=2000 + n * 7 % 40, rank=n) for n in range(30)], fingerprint=""
    )
    pages = [
        await found(index, text, order="year", limit=20, offset=offset)
        for text in ("", "volume")
        for offset in (0, 20)
    ]
    newest = [str(n) for n in sorted(range(30), key=lambda n: -(n * 7 % 40))]
    assert pages[0] + pages[1] == newest
    assert pages[2] + pages[3] == newest
    await index.apply(
        upserts=[Document("none", text={"title": ["Volume without a year"]}, values={"shelf": "A"})]
    )
    assert (await found(index, "volume", order="year", limit=100))[-1] == "none"
    with pytest.raises(InvalidQuery):
        await index.search(Query(order="shelf"))


async def test_a_hit_brings_its_texts_its_payload_and_what_matched(books: SearchIndex) -> None:
    hit: Hit = (await books.search(Query("essential pressures"))).hits[0]
    assert hit.payload == {"title": "Essential hypertension", "year": 1990}
    assert hit.text["notes"] == ["high blood pressure"]
    assert [(m.field, m.text, m.words) for m in hit.matched] == [
        ("title", "Essential hypertension", ("essential",)),
        ("notes", "high blood pressure", ("pressure",)),
    ]
    whole = (await books.search(Query("essential hypert", prefix=True))).hits[0].matched[0]
    assert whole.whole


async def test_documents_bring_their_payloads_by_id(books: SearchIndex) -> None:
    held = await books.payloads(["5", "1", "no such book", 'x" OR "y'])
    assert set(held) == {"1", "5"}
    assert held["1"] == (await books.search(Query("essential pressures"))).hits[0].payload
    assert await books.payloads([]) == {}
    with pytest.raises(InvalidQuery):
        await books.payloads(["1"] * (MAX_LIMIT + 1))


async def test_several_queries_are_answered_in_one_exchange(books: SearchIndex) -> None:
    answers = await books.search_many([Query("wrist"), Query("?"), Query("sezary"), Query("", limit=0)])
    assert [ids(answer) for answer in answers] == [["3", "4"], [], ["5"], []]
    assert answers[3].total == len(BOOKS)


async def test_single_documents_change_and_go(own_books: SearchIndex) -> None:
    await own_books.apply(
        upserts=[book(1, "Primary hypertension"), book(7, "Gout")], deletes=["2", "no such id"]
    )
    assert await found(own_books, "hypertension") == ["1"]
    assert await found(own_books, "essential") == []
    assert await found(own_books, "gout") == ["7"]


async def test_ids_may_hold_any_character(engine: SearchEngine) -> None:
    index = engine.index(schema())
    odd = ["icd10cm:E11.9", "icd10cm:E11_9", "A/B", 'quo"te', "Ünï", "E08-E13"]
    await index.rebuild([book(one, "same title") for one in odd], fingerprint="")
    assert set(await found(index, "same")) == set(odd)
    assert set(await index.payloads(odd)) == set(odd)
    await index.apply(deletes=["icd10cm:E11.9"])
    assert set(await found(index, "same")) == set(odd[1:])


async def test_a_rebuild_replaces_everything_and_says_what_it_was_built_from(own_books: SearchIndex) -> None:
    manifest = await own_books.rebuild([book(9, "Gout")], fingerprint="second")
    assert await found(own_books, "") == ["9"]
    assert await own_books.manifest() == manifest
    assert (manifest.fingerprint, manifest.documents) == ("second", 1)
    assert manifest.layout == own_books.layout


async def test_searches_during_a_rebuild_see_one_index_or_the_other_never_a_part(
    engine: SearchEngine,
) -> None:
    index, reader = (lambda s: (engine.index(s), engine.index(s)))(schema())
    await index.rebuild([book(n, "Old volume") for n in range(300)], fingerprint="old")
    seen: set[tuple[int, int]] = set()
    over = asyncio.Event()

    async def search_on() -> None:
        while not over.is_set():
            old, new = await reader.search_many([Query("old", limit=0), Query("new", limit=0)])
            seen.add((old.total, new.total))
            await asyncio.sleep(0)

    searching = asyncio.create_task(search_on())
    await index.rebuild([book(n, "New volume") for n in range(500)], fingerprint="new")
    over.set()
    await searching
    assert seen <= {(300, 0), (0, 500), (300, 500), (0, 0)}, seen
    assert await found(reader, "new", limit=1)
    # One query sees one index: only the pair of two queries may straddle the swap.
    assert (300, 0) in seen


async def test_a_failed_rebuild_leaves_the_index_as_it_was(own_books: SearchIndex) -> None:
    def broken():
        yield book(1, "Fine")
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        await own_books.rebuild(broken(), fingerprint="never")
    assert len(await found(own_books, "")) == len(BOOKS)
    manifest = await own_books.manifest()
    assert manifest is not None
    assert manifest.fingerprint == "first"


async def test_another_schema_version_is_another_index(engine: SearchEngine) -> None:
    first = schema(version=1)
    await engine.index(first).rebuild(BOOKS, fingerprint="1")
    second = engine.index(schema(version=2, name=first.name))
    assert await second.manifest() is None
    with pytest.raises(IndexMissing):
        await second.search(Query("wrist"))
    await second.rebuild([book(1, "Wrist watch")], fingerprint="2")
    assert len(await found(engine.index(first), "wrist")) == 2, "the version before goes on being served"
    await engine.index(schema(version=3, name=first.name)).rebuild(BOOKS, fingerprint="3")
    assert await engine.index(first).manifest() is None, "the one before that is gone"


async def test_a_search_without_an_index_says_so(engine: SearchEngine) -> None:
    with pytest.raises(IndexMissing):
        await engine.index(schema()).search(Query("x"))
    with pytest.raises(IndexMissing):
        await engine.index(schema()).search(Query("x", typos=True))
    with pytest.raises(IndexMissing):
        await engine.index(schema()).payloads(["x"])


async def test_the_vocabulary_knows_words_how_rare_they_are_and_how_they_are_written(
    books: SearchIndex,
) -> None:
    vocabulary = await books.vocabulary()
    assert vocabulary.count("hypertension") == 2
    assert vocabulary.count("nothing") == 0
    assert vocabulary.surface("diagnos") == "diagnoses"
