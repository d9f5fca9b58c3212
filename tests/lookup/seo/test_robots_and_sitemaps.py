"""Search engines are told where to look, and find every public page once."""

from collections.abc import Awaitable, Callable
from xml.etree import ElementTree

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

Visit = Callable[..., Awaitable[AsyncTestClient[Litestar]]]
ORIGIN = "http://127.0.0.1:8080"
NAMES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(xml: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(xml).iter(f"{NAMES}loc")]


async def test_robots_are_kept_out_of_what_is_personal_and_told_the_sitemaps(visit: Visit) -> None:
    browser = await visit()
    answer = await browser.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert [line for line in lines if line.startswith("Disallow")] == [
        "Disallow: /account",
        "Disallow: /admin",
        "Disallow: /api/",
    ]
    assert [line for line in lines if line.startswith("Sitemap")] == [f"Sitemap: {ORIGIN}/sitemap.xml"]


async def test_the_sitemap_of_another_product_is_named_where_it_is_installed(visit: Visit) -> None:
    browser = await visit(AHEAD_URL_CAREERS="http://127.0.0.1:1", AHEAD_PUBLIC_URL="https://ahead.example/")
    lines = (await browser.get("/robots.txt")).text.splitlines()
    assert lines[-2:] == [
        "Sitemap: https://ahead.example/sitemap.xml",
        "Sitemap: https://ahead.example/careers/sitemap.xml",
    ]


async def test_the_sitemaps_list_every_place_and_every_code_once(visit: Visit) -> None:
    browser = await visit()
    index = await browser.get("/sitemap.xml")
    assert index.headers["content-type"].startswith("application/xml")
    assert "<lastmod>2025-10-01</lastmod>" in index.text
    found: list[str] = []
    for address in listed(index.text):
        file = await browser.get(address.removeprefix(ORIGIN))
        addresses = listed(file.text)
        assert 0 < len(addresses) <= 50_000
        assert file.text.count("<lastmod>2025-10-01</lastmod>") == len(addresses)
        found += addresses
    assert len(found) == len(set(found)) == 98_505 + 2
    for path in (
        "/",
        "/browse/icd10cm",
        "/browse/icd10cm/4",
        "/browse/icd10cm/E08-E13",
        "/codes/icd10cm/E11.9",
    ):
        assert ORIGIN + path in found


@pytest.mark.parametrize(
    "part", ["icd10cm-0", "icd10cm-11", "icd10cm-x", "icd10cm", "cpt-1", "-1", "icd10cm-²"]
)
async def test_a_sitemap_that_is_not_there_is_not_found(visit: Visit, part: str) -> None:
    browser = await visit()
    assert (await browser.get("/sitemap.xml", params={"part": part})).status_code == 404


async def test_what_shared_caches_may_keep_carries_no_cookie(visit: Visit) -> None:
    browser = await visit()
    for path in ("/robots.txt", "/sitemap.xml"):
        answer = await browser.get(path)
        assert answer.headers["cache-control"].startswith("public")
        assert "set-cookie" not in answer.headers
