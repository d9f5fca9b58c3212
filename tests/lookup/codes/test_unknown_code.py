"""A code that isn't there: the page links what stands near it, and the date of service goes along."""

import re

import pytest


def links(html: str) -> dict[str, str]:
    """Text and address of the links to codes."""
    return {text: href for href, text in re.findall(r'<a[^>]*href="(/codes/[^"]+)"[^>]*>([^<]+)</a>', html)}


async def test_codes_near_an_unknown_one_are_links_that_work(visit) -> None:
    browser = await visit()
    page = await browser.get("/codes/icd10cm/S72.07")
    assert page.status_code == 404
    found = links(page.text.split("<main")[1])
    assert {"S72.0", "S72.05", "S72.06", "S72.09"} <= set(found)
    assert "Unspecified fracture of head of femur" in page.text
    for href in list(found.values())[:3]:
        assert (await browser.get(href, follow_redirects=True)).status_code in (200, 403)


async def test_a_date_of_service_that_was_asked_for_goes_along(visit) -> None:
    browser = await visit()
    page = await browser.get("/codes/icd10cm/S72.07?as_of=2026-05-05")
    assert links(page.text)["S72.06"] == "/codes/icd10cm/S72.06?as_of=2026-05-05"


async def test_programs_get_the_same_ways_on(visit) -> None:
    browser = await visit()
    told = (await browser.get("/api/lookup/v1/codes/icd10cm/S72.07")).json()
    assert told["parent"]["code"] == "S72.0"
    assert told["hint"] == "It would stand near S72.00 and S72.09."
    assert told["links"][0] == {
        "code": "S72.0",
        "title": told["parent"]["title"],
        "href": "/codes/icd10cm/S72.0",
    }
    assert [one["code"] for one in told["links"][1:]] == [one["code"] for one in told["suggestions"]]


@pytest.mark.parametrize("code", ["E11.98", "Z99.999"])
async def test_something_is_always_to_be_done_next(visit, code: str) -> None:
    page = await (await visit()).get(f"/codes/icd10cm/{code}")
    assert page.status_code == 404
    assert 'href="/"' in page.text.split("<main")[1]
