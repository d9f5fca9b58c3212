"""Narrowing down, the way back from a correction, and whatever anybody may send."""

import re
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ahead.lookup.search.service import CodeSearch

ODD = [
    '"',
    "'",
    '" OR f_release > 0 OR f_chapter = "',
    "] OR true",
    "4 AND 1=1",
    "\\",
    "icd10cm:4' --",
    "é%41",
    "(",
]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[-1]))


async def test_counts_are_those_that_the_filters_find(code_search: CodeSearch) -> None:
    scope = await code_search.scope("icd10cm", None)
    everything = await code_search.search("gout", scope)
    for chapter, count in everything.facets["chapter"].items():
        assert chapter.startswith("icd10cm:")
        assert (await code_search.search("gout", scope, chapter=chapter)).total == count
    billable = await code_search.search("gout", scope, billable=True)
    assert billable.total == everything.facets["billable"]["true"]
    assert all(hit.billable for hit in billable.hits)


async def test_no_filter_can_be_broken_out_of(code_search: CodeSearch) -> None:
    scope = await code_search.scope("icd10cm", None)
    for odd in ODD:
        answer = await code_search.search("gout", scope, chapter=odd)
        assert (answer.total, answer.hits) == (0, ()), odd


async def test_odd_filters_find_nothing_or_are_refused(searching) -> None:
    browser = await searching()
    for name in ("system", "chapter", "billable", "as_of", "limit"):
        for odd in ODD:
            answer = await browser.get(f"/api/lookup/v1/search?q=gout&{name}={quote(odd)}")
            assert answer.status_code == (200 if name == "chapter" else 400), (name, odd, answer.text)
            if name == "chapter":
                assert answer.json()["total"] == 0


async def test_a_correction_has_a_way_back_and_the_way_back_a_suggestion(searching) -> None:
    browser = await searching()
    corrected = (await browser.get("/api/lookup/v1/search?q=pnuemonia")).json()
    assert corrected["corrected"] == "pneumonia"
    page = await browser.get("/search?q=pnuemonia")
    assert "for pneumonia instead of “pnuemonia”" in text_of(page.text)
    assert "as_typed=true" in page.text
    typed = (await browser.get("/api/lookup/v1/search?q=pnuemonia&as_typed=true")).json()
    assert (typed["total"], typed["corrected"], typed["did_you_mean"]) == (0, None, "pneumonia")
    page = await browser.get("/search?q=pnuemonia&as_typed=true")
    assert "Did you mean pneumonia ?" in text_of(page.text)
    assert "/tools/index-walk?term=pneumonia" in page.text


async def test_words_that_are_known_nowhere_lead_to_their_nearest(code_search: CodeSearch) -> None:
    assert await code_search.near_words("hypertenzzzzz") == ("hypertension",)
    assert await code_search.near_words("qqqq 12345 of") == ()


SEEDS = [
    "\u202e" * 300,
    "‮E11‬",
    "ﷺ" * 400,
    "🦴" * 500,
    "a\u0301" * 200,
    "٣٤٥",
    "E１１.9",
    '"' * 500,
    "-- -",
    "%00",
    "\ufeff",
]


async def test_known_trouble_is_answered(code_search: CodeSearch) -> None:
    scope = await code_search.scope(None, None)
    for text in SEEDS:
        assert (await code_search.search(text, scope)).total >= 0, text
        await code_search.suggest(text, scope)


async def test_any_text_of_ten_kilobytes_is_answered_or_refused_at_the_door(
    searching, long_run: bool
) -> None:
    browser = await searching()

    async def ask(text: str) -> None:
        for door in ("/api/lookup/v1/search", "/api/lookup/v1/suggest", "/search"):
            answer = await browser.get(f"{door}?q={quote(text.encode('utf-8', 'surrogatepass'))}")
            assert answer.status_code == 200 or 400 <= answer.status_code < 500, (text, answer.text[:300])

    for text in (*SEEDS, "x" * 10_000, "é" * 5000, "\x00", "\ud800"):
        await ask(text)
    for text in _samples(200 if long_run else 15):
        await ask(text)


def _samples(count: int) -> list[str]:
    """Texts that hypothesis thinks of, the same in every run."""
    made: list[str] = []

    @settings(max_examples=count, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=600))
    def collect(text: str) -> None:
        made.append(text)

    collect()
    return made
