"""Every page takes a date of service, and says what it can't answer."""

import pytest

NEVER = ("Traceback", "Internal Server Error", "sqlite3", "ahead/lookup")


async def test_after_the_newest_edition_the_page_shows_it_and_says_so(visit):
    browser = await visit()
    page = await browser.get("/codes/icd10cm/E11.9?as_of=2026-11-23")
    assert page.status_code == 200
    assert "published to September 30, 2026; a later edition is not loaded" in page.text


async def test_inside_the_window_nothing_is_marked(visit):
    browser = await visit()
    page = await browser.get("/codes/icd10cm/E11.9?as_of=2026-01-15")
    assert "a later edition is not loaded" not in page.text


async def test_before_the_first_edition_nothing_is_said_about_the_code(visit):
    browser = await visit()
    page = await browser.get("/codes/icd10cm/E11.9?as_of=2019-01-01")
    assert page.status_code == 404
    assert "no edition held for this date" in page.text.lower()
    assert "invalid" not in page.text.split("<main")[1].lower()
    problem = await browser.get("/api/lookup/v1/codes/icd10cm/E11.9?as_of=2019-01-01")
    assert (problem.status_code, problem.json()["type"]) == (404, "/problems/no-edition-held")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/codes/icd10cm/E11.98", 404),
        ("/codes/icd10cm/E11.99999", 400),
        ("/codes/icd10cm/E99", 404),
        ("/codes/icd10cm/ZZZ", 400),
        ("/codes/icd10cm/!!", 400),
        ("/codes/icd10cm/%00", 400),
        ("/codes/icd10cm/" + "E" * 300, 400),
        ("/codes/icd99/E11.9", 400),
        ("/codes/icd10cm/E11.9?as_of=yesterday", 400),
        ("/codes/icd10cm/E11.9?as_of=0000-00-00", 400),
        ("/codes/icd10cm/E11.9?as_of=9999-12-31", 400),
        ("/codes/icd10cm/E11.9?as_of=2026-02-30", 400),
        ("/codes/icd10cm/E11.9?as_of=" + "9" * 10_000, 400),
        ("/codes/icd10cm/E11.9%20OR%201=1", 400),
        ("/codes/icd10cm/..%2f..%2fetc%2fpasswd", 404),
    ],
)
async def test_bad_input_is_a_clear_4xx_on_pages_and_in_json(visit, address, status):
    browser = await visit()
    for prefix in ("", "/api/lookup/v1"):
        answer = await browser.get(prefix + address)
        assert 400 <= answer.status_code < 500, (prefix, address, answer.status_code)
        if status == 404:
            assert answer.status_code == 404
        assert not any(word in answer.text for word in NEVER)
        if prefix:
            assert answer.headers["content-type"].startswith("application/problem+json")
            assert answer.json()["detail"]


async def test_forged_cookies_are_a_stranger(visit):
    browser = await visit()
    for value in ("x", "a" * 5000, "00000000-0000-7000-8000-000000000000.AAAA", '"; DROP TABLE', "\u00e9"):
        answer = await browser.get(
            "/codes/icd10cm/E11.9", headers={"Cookie": f"ahead_guest={value}; ahead_token={value}".encode()}
        )
        assert answer.status_code in (200, 400, 403), value


async def test_forged_tokens_are_401(visit):
    browser = await visit()
    for token in ("x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhOjEifQ.", ""):
        answer = await browser.get(
            "/api/lookup/v1/codes/icd10cm/E11.9", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code in (401, 503), token
        assert answer.status_code == 401 or "retry-after" in answer.headers


async def test_headers_and_codes_and_7th_characters_have_pages(visit):
    for code in ("E11", "E11.65", "S52.501A", "W21.89XA", "Z00"):
        browser = await visit()
        page = await browser.get(f"/codes/icd10cm/{code}")
        assert page.status_code == 200, code
        assert code in page.text


async def test_sections_and_chapters_lead_to_the_hierarchy(visit):
    browser = await visit()
    answer = await browser.get("/codes/icd10cm/E08-E13", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["location"] == "/browse/icd10cm/E08-E13"
