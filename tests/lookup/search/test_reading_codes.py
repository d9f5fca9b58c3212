"""Queries that are codes: lists, ranges, patterns, and codes whose 7th character stands in the wrong place."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from ahead.lookup.catalog.loading.registry import source_names
from ahead.lookup.catalog.reading import SourceReader
from ahead.lookup.catalog.repository import CatalogRepository
from ahead.lookup.catalog.service import Catalog
from ahead.lookup.db import open_database
from ahead.lookup.search.code_queries import CodeQueries
from ahead.lookup.search.documents import SCHEMA
from ahead.lookup.search.doors import SearchDoors
from ahead.lookup.search.finding import finders_of
from ahead.lookup.search.patterns import Pattern, Range, Several, read_codes, repaired
from ahead.lookup.search.schemas import OfferedReading, SearchAnswer
from ahead.lookup.search.service import CodeSearch, Narrowed
from ahead.lookup.settings import Settings
from ahead.shared.errors import BadInput
from ahead.shared.search.rebuild import open_engine
from ahead.shared.settings import load

Ask = Callable[..., Awaitable[SearchAnswer]]
Visit = Callable[..., Awaitable[AsyncTestClient[Litestar]]]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("E11-E13", Range("E11", "E13")),
        ("e11.9 – e11.A", Range("E119", "E11A")),
        ("99202-99215", Range("99202", "99215")),
        ("99202 to 99215", Range("99202", "99215")),
        ("E11*", Pattern("E11*")),
        ("S72.?01A", Pattern("S72?01A")),
        ("E11**", Pattern("E11*")),
        ("E11.9 I10, 99213", Several((("E11.9", "E119"), ("I10", "I10"), ("99213", "99213")))),
        ("E11.9;E119", None),
        ("e11.9", None),
        ("E11.-", None),
        ("type 2 diabetes", None),
        ("covid-19", None),
        ("gout?", None),
        ("what is gout?", None),
        ("x-ray", None),
        ("vitamin b12", None),
        ("t12 fracture", None),
        ("120 80", None),
        ("***", None),
        ("", None),
    ],
)
def test_codes_are_told_from_words(typed: str, asked: object) -> None:
    assert read_codes(typed) == asked


@pytest.mark.parametrize(
    ("typed", "said", "hint"),
    [
        ("E13-E11", "runs backwards", "E11-E13"),
        ("E11-99213", "two kinds", "same system"),
        ("1*", "names too little", "E11*"),
        (" ".join(f"A{n:02d}.0" for n in range(60)), "one search takes 50", "code-list"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_to_do(typed: str, said: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_codes(typed)
    assert said in refused.value.detail
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("W2189A", ("W2189XA",)),
        ("W2189XXA", ("W2189XA",)),
        ("T36A", ()),
        ("S72001A", ()),
        ("E119", ()),
        ("99213", ()),
    ],
)
def test_a_seventh_character_is_put_in_its_place(typed: str, meant: tuple[str, ...]) -> None:
    assert repaired(typed) == meant


@pytest.fixture
async def doors(indexed_data: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Ask]:
    """Asks the doors of the search over the embedded engine."""
    monkeypatch.setenv("AHEAD_DATA", str(indexed_data))
    settings = load(Settings)
    database = open_database(settings)
    catalog = Catalog(database, settings.releases_dir)
    reader = SourceReader(catalog, CatalogRepository(database, settings.releases_dir), source_names())
    engine = open_engine(settings.shared, "lookup")
    index = engine.index(SCHEMA)
    search = CodeSearch(index, catalog, finders_of(settings))
    asked = SearchDoors(search, index, CodeQueries(reader))

    async def ask(query: str, narrowed: Narrowed | None = None) -> SearchAnswer:
        return await asked.search(query, await search.scope(None, None), limit=50, narrowed=narrowed)

    yield ask
    await engine.close()
    await reader.close()
    await catalog.close()
    await database.close()


def codes(answer: SearchAnswer) -> list[str]:
    return [hit.code for hit in answer.hits]


async def test_a_range_holds_both_ends_and_all_that_lies_below(doors: Ask) -> None:
    answer = await doors("E11.6-E13")
    assert codes(answer)[0] == "E11.6"
    assert (answer.interpreted, answer.hits[0].matched[0].why) == ("codes E11.6 to E13", "in the range")
    assert answer.total > 50
    assert answer.facets["system"] == {"icd10cm": answer.total}
    assert answer.facets["chapter"] == {"icd10cm:4": answer.total}
    billable = await doors("E11.6-E13", Narrowed(billable=True))
    assert all(hit.billable for hit in billable.hits)
    assert billable.total == answer.facets["billable"]["true"] < answer.total
    assert (await doors("E11.6-E13", Narrowed(chapter="icd10cm:9"))).total == 0


async def test_a_pattern_finds_what_fits_it(doors: Ask) -> None:
    assert codes(await doors("S72.?01A")) == ["S72.001A", "S72.101A", "S72.301A", "S72.401A"]
    assert all(code.startswith("E11") for code in codes(await doors("e11*")))


async def test_several_codes_come_in_the_order_asked_and_those_not_held_are_named(doors: Ask) -> None:
    answer = await doors("I10, E11.9; W21.89A A99.99")
    assert codes(answer) == ["I10", "E11.9", "W21.89XA"]
    assert answer.missing == ("A99.99",)


async def test_a_wrong_place_of_the_seventh_character_is_repaired_and_labelled(doors: Ask) -> None:
    for typed in ("W21.89A", "w2189a", "W21.89XXA"):
        answer = await doors(typed)
        assert codes(answer) == ["W21.89XA"], typed
        assert answer.hits[0].matched[0].why.startswith("repaired: W21.89"), typed
    right = await doors("W21.89XA")
    assert right.hits[0].matched[0].why == "this code"


async def test_an_ambiguous_abbreviation_offers_its_readings(doors: Ask) -> None:
    (offered,) = (await doors("ms")).readings
    assert (offered.term, offered.decided) == ("ms", False)
    assert len(offered.readings) > 1
    assert OfferedReading("multiple sclerosis", "multiple sclerosis") in offered.readings
    assert (await doors("gout")).readings == ()


async def test_both_doors_tell_ranges_readings_repairs_and_what_is_missing(searching: Visit) -> None:
    browser = await searching()
    answer = await browser.get(
        "/api/lookup/v1/search", params={"q": "E13-E11"}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-range")
    for query, said in {
        "E13-E11": "Did you mean E11-E13?",
        "ms": "“ms” was read as",
        "w2189a": "Repaired: W21.89A is not in this edition",
        "I10 A99.99": "Not in these editions: A99.99",
        "E11-E13": "In the range",
    }.items():
        assert said in (await browser.get("/search", params={"q": query})).text, query
