"""Browsing by the hierarchy is public, takes no view, and leads from the chapters to the 7th character."""

import re
from collections.abc import Awaitable, Callable

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Visit = Callable[..., Awaitable[AsyncTestClient[Litestar]]]
JSON = {"Accept": "application/json"}


async def test_the_top_lists_the_chapters_with_their_counts(visit: Visit) -> None:
    browser = await visit()
    answer = await browser.get("/api/lookup/v1/browse/icd10cm", headers=JSON)
    assert answer.status_code == 200
    body = answer.json()
    assert [node["code"] for node in body["children"]] == [str(n) for n in range(1, 23)]
    assert sum(node["billable_codes"] for node in body["children"]) == 74_719


async def test_a_reader_gets_from_the_chapters_to_a_billable_code_by_links_alone(visit: Visit) -> None:
    browser = await visit()
    address, seen = "/browse/icd10cm", ["/browse/icd10cm"]
    for wanted in ("19", "S70-S79", "S72", "S72.0", "S72.00", "S72.001"):
        page = await browser.get(address)
        assert page.status_code == 200
        address = f"/browse/icd10cm/{wanted}"
        assert f'href="{address}"' in page.text
        seen.append(address)
    page = await browser.get(address)
    assert 'href="/codes/icd10cm/S72.001A"' in page.text
    for earlier in seen[:-1]:
        assert f'href="{earlier}"' in page.text, "the trail leads back"


async def test_browsing_says_what_is_billable_and_how_many_codes_lie_below(visit: Visit) -> None:
    browser = await visit()
    page = await browser.get("/browse/icd10cm/E11")
    assert "87 billable codes below" in page.text
    assert "Not billable" in page.text
    rows = re.findall(r"<li>.*?</li>", page.text, re.DOTALL)
    row = next(row for row in rows if ">E11.9<" in row)
    assert "Billable" in row


async def test_browsing_a_billable_code_shows_the_codes_around_it_and_leads_to_its_page(visit: Visit) -> None:
    browser = await visit()
    page = await browser.get("/browse/icd10cm/E11.9")
    assert page.status_code == 200
    assert 'href="/codes/icd10cm/E11.9"' in page.text
    assert 'href="/codes/icd10cm/E11.8"' in page.text


async def test_browsing_sends_nothing_that_a_grant_protects(visit: Visit) -> None:
    browser = await visit()
    page = await browser.get("/browse/icd10cm/E08")
    answer = await browser.get("/api/lookup/v1/browse/icd10cm/E08", headers=JSON)
    for text in (page.text, answer.text):
        assert "congenital rubella" not in text
        assert "Excludes" not in text
        assert "belongs to" not in text


async def test_browsing_takes_no_view(visit: Visit) -> None:
    browser = await visit()
    before = (await browser.get("/browse/icd10cm/E11")).text
    for code in ("E10", "E11", "E13", "S72.001"):
        assert (await browser.get(f"/browse/icd10cm/{code}")).status_code == 200
    after = (await browser.get("/browse/icd10cm/E11")).text
    remaining = re.compile(r"(\d+) code page views? remaining")
    assert remaining.findall(before) == remaining.findall(after)


@pytest.mark.parametrize(
    ("typed", "printed"), [("e11", "E11"), ("E119", "E11.9"), ("e08-e13", "E08-E13"), ("S72001", "S72.001")]
)
async def test_another_spelling_is_sent_on_to_the_printed_one(visit: Visit, typed: str, printed: str) -> None:
    browser = await visit()
    answer = await browser.get(f"/browse/icd10cm/{typed}", follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/browse/icd10cm/{printed}"


async def test_the_section_and_the_category_of_one_name_are_two_places(visit: Visit) -> None:
    browser = await visit()
    section = (await browser.get("/api/lookup/v1/browse/icd10cm/B99-B99", headers=JSON)).json()
    category = (await browser.get("/api/lookup/v1/browse/icd10cm/B99", headers=JSON)).json()
    assert section["place"]["kind"] == "section"
    assert category["place"]["kind"] == "category"
    assert [node["address"] for node in section["children"]] == ["/browse/icd10cm/B99"]


async def test_a_date_of_service_goes_along_and_no_edition_is_said_plainly(visit: Visit) -> None:
    browser = await visit()
    page = await browser.get("/browse/icd10cm/E11?as_of=2026-03-01")
    assert page.status_code == 200
    assert "/codes/icd10cm/E11.9?as_of=2026-03-01" in page.text
    early = await browser.get("/browse/icd10cm/E11?as_of=2020-01-01")
    assert early.status_code == 404
    assert "No edition held for this date" in early.text
    late = await browser.get("/browse/icd10cm/E11?as_of=2027-01-01")
    assert "published to September 30, 2026; a later edition is not loaded" in late.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/browse/nothing", 400),
        ("/browse/hcpcs", 404),
        ("/browse/icd10cm/E11.99", 404),
        ("/browse/icd10cm/zzz", 400),
        ("/browse/icd10cm/99", 404),
        ("/browse/icd10cm/%00", 400),
        ("/browse/icd10cm/" + "E" * 10_000, 414),
        ("/browse/icd10cm/E11?as_of=yesterday", 400),
        ("/browse/icd10cm/E11?page=0", 400),
        ("/browse/icd10cm/E11?page=7", 404),
        ("/browse/icd10cm/E11?page=x", 400),
        ("/browse/icd10cm/%F0%9F%98%80", 400),
        ("/browse/icd10cm/..%2F..%2Fetc", 400),
    ],
)
async def test_bad_addresses_are_refused_clearly(visit: Visit, address: str, status: int) -> None:
    browser = await visit()
    for headers in ({}, JSON):
        for prefix in ("", "/api/lookup/v1"):
            answer = await browser.get(prefix + address, headers=headers)
            assert 400 <= answer.status_code < 500, (address, answer.status_code)
            if prefix:
                assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert (await browser.get(address)).status_code in (status, 404)
