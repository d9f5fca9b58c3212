"""The search through its doors: JSON and pages."""

import re

import pytest


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[-1]))


async def test_search_answers_what_the_contract_says(searching):
    browser = await searching()
    answer = (await browser.get("/api/lookup/v1/search?q=htn&limit=3")).json()
    assert list(answer) == [
        "query",
        "interpreted",
        "corrected",
        "did_you_mean",
        "total",
        "engine",
        "took_ms",
        "facets",
        "hits",
        "readings",
        "missing",
    ]
    assert [list(hit) for hit in answer["hits"]] == [["system", "code", "title", "billable", "matched"]] * 3
    assert list(answer["hits"][0]["matched"][0]) == ["field", "text", "why"]
    assert answer["hits"][0]["code"] == "I10"


async def test_suggest_answers_what_the_contract_says(searching):
    browser = await searching()
    answer = (await browser.get("/api/lookup/v1/suggest?q=di")).json()
    assert list(answer) == ["hits"]
    assert list(answer["hits"][0]) == ["system", "code", "title"]
    assert (await browser.get("/api/lookup/v1/suggest?q=")).json() == {"hits": []}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=", 400),
        ("", 400),
        ("q=%20%20", 400),
        ("q=" + "x" * 501, 400),
        ("q=" + "x" * 10_000, 414),
        ("q=a%00b", 400),
        ("q=a%1bb", 400),
        ("q=a&limit=0", 400),
        ("q=a&limit=51", 400),
        ("q=a&limit=ten", 400),
        ("q=a&system=nothing", 400),
        ("q=a&as_of=tomorrow", 400),
        ("q=a&as_of=1899-12-31", 400),
        ("q=a&as_of=2101-01-01", 400),
        ("q=a&as_of=20260101", 400),
        ("q=a&as_of=1990-01-01", 404),
        ("q=%F0%9F%A6%B4", 200),
        ("q=%22%20OR%201%3D1%20--", 200),
        ("q=" + "x" * 500, 200),
    ],
)
async def test_bad_input_is_told_and_odd_input_is_answered(searching, query, status):
    browser = await searching()
    answer = await browser.get(f"/api/lookup/v1/search?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["title"]


async def test_search_takes_no_allowance(searching, tmp_path):
    browser = await searching()
    for _ in range(3):
        page = await browser.get("/search?q=E11.9")
        assert page.status_code == 200
    assert "1 code page view remaining" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))


async def test_the_home_page_has_the_box_ready_and_says_what_there_is(searching):
    page = await (await searching()).get("/")
    assert page.status_code == 200
    assert re.search(r'<input class="search__input"[^>]*autofocus', page.text)
    for said in (
        "Case2Code",
        "CasePilot",
        "CaseConsultant",
        "CareerCenter",
        "98,186",
        "How it works",
        "5 more",
    ):
        assert said in page.text, said


async def test_words_are_marked_as_read_and_as_typed(searching):
    page = await (await searching()).get("/search?q=xerostomia")
    assert "<mark>Dry</mark> <mark>mouth</mark>" in page.text
    assert "Also called: <mark>Xerostomia</mark>" in page.text


async def test_results_are_in_the_page_without_a_script(searching):
    page = await (await searching()).get("/search?q=broken+wrist")
    assert 'href="/codes/icd10cm/S62.10"' in page.text
    assert "<mark>Fracture</mark>" in page.text
    text = text_of(page.text)
    assert "read as fracture wrist" in text
    assert "Also called: Fracture of wrist NOS" in text
    assert "published to September 30, 2026" in text


async def test_a_page_of_results_names_its_date_in_every_link(searching):
    page = await (await searching()).get("/search?q=gout&as_of=2026-01-15")
    assert "/codes/icd10cm/M10.9?as_of=2026-01-15" in page.text
    assert "as_of=2026-01-15" in page.text.split('class="pagination"')[1]
    assert "published to" not in text_of(page.text), "the edition is in force on that date"


async def test_pages_and_filters_lead_on(searching):
    browser = await searching()
    second = await browser.get("/search?q=gout&page=2&billable=true&chapter=icd10cm:13")
    assert second.status_code == 200
    assert 'aria-label="Page 2"' in second.text
    assert "Show everything" in second.text
    assert (await browser.get("/search?q=gout&page=11")).status_code == 400


async def test_htmx_gets_the_answer_alone(searching):
    browser = await searching()
    answer = await browser.get("/search?q=gout", headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<html" not in answer.text
    assert "M10.9" in answer.text
    assert "HX-Request" in answer.headers["vary"]


async def test_finding_nothing_helps_on(searching):
    page = await (await searching()).get("/search?q=qqqq+zzzz")
    assert page.status_code == 200
    text = text_of(page.text)
    assert "Nothing was found for “qqqq zzzz”" in text
    assert "/browse/icd10cm" in page.text


async def test_no_edition_is_not_the_same_as_nothing_found(searching):
    page = await (await searching()).get("/search?q=gout&as_of=1990-01-01")
    assert "No edition is held for this date" in text_of(page.text)
    assert "Nothing was found" not in page.text


async def test_what_is_typed_stays_text(searching):
    page = await (await searching()).get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27")
    assert "<script>alert" not in page.text


async def test_without_an_index_the_search_says_so_and_codes_still_open(visit):
    browser = await visit()
    answer = await browser.get("/api/lookup/v1/search?q=gout")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/search-unavailable")
    assert answer.headers["retry-after"]
    assert (await browser.get("/codes/icd10cm/E11.9")).status_code == 200
    assert (await browser.get("/")).status_code == 200


async def test_a_hit_of_an_edition_that_has_ended_says_to_when_it_may_be_billed(searching):
    browser = await searching()
    within = text_of((await browser.get("/search?q=gout&as_of=2026-01-15")).text)
    after = text_of((await browser.get("/search?q=gout&as_of=2027-01-15")).text)
    assert "Billable to" not in within
    assert "Billable to September 30, 2026" in after
    assert not re.search(r"Billable (?!to |codes)", after)
