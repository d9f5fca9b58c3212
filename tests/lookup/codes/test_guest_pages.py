"""A guest opens one code page a month; everything locked stays on the server."""

import asyncio
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ahead.shared.clock import FixedClock

LOCKED = "Register to view content"
NONE_LEFT = (
    "0 code page views remaining. Guest accounts are limited to 1 page view. "
    "Register free account to get 5 more views."
)


def text_of(html: str) -> str:
    return all_text_of(html.split("<main")[0])


def all_text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def outbox(tmp_path: Path) -> list[str]:
    with sqlite3.connect(tmp_path / "data" / "lookup" / "lookup.db") as connection:
        rows = connection.execute("SELECT event_id FROM outbox").fetchall()
    connection.close()
    return [row[0] for row in rows]


async def test_the_first_code_is_granted_with_its_plain_words_and_locked_sections(visit, tmp_path):
    browser = await visit()
    page = await browser.get("/codes/icd10cm/E11.9")
    assert page.status_code == 200
    assert "Type 2 diabetes mellitus without complications" in page.text
    assert "Common Language Description" in page.text
    assert "Have a question about ICD-10-CM E11.9?" in all_text_of(page.text)
    assert page.text.count(LOCKED) == 8
    assert NONE_LEFT in text_of(page.text)
    assert len(outbox(tmp_path)) == 1


async def test_what_is_locked_is_not_in_the_page(visit):
    browser = await visit()
    page = await browser.get("/codes/icd10cm/E11.9")
    for secret in (
        "insulin pump",
        "hypoglycemic drugs",
        "Use additional code",
        "Excludes1",
        "Valid and billable",
    ):
        assert secret.lower() not in page.text.lower()


async def test_a_second_code_is_refused_and_says_what_to_do(visit, tmp_path):
    browser = await visit()
    await browser.get("/codes/icd10cm/E11.9")
    page = await browser.get("/codes/icd10cm/I10")
    assert page.status_code == 403
    assert "Register" in page.text
    assert "/codes/icd10cm/E11.9" in page.text, "what is open stays in reach"
    assert "Have a question" not in page.text
    assert len(outbox(tmp_path)) == 1


async def test_the_same_code_again_is_free_on_every_date_and_in_every_spelling(visit, tmp_path):
    browser = await visit()
    for address in ("E11.9", "E11.9?as_of=2026-01-01", "e119", "E11.9?as_of=2025-12-31", "E119"):
        page = await browser.get(f"/codes/icd10cm/{address}")
        assert page.status_code == 200, address
    assert len(outbox(tmp_path)) == 1


async def test_parallel_tabs_of_one_guest_take_one_view_each_code_once(visit, tmp_path):
    browser = await visit()
    await browser.get("/codes/icd10cm/no-such-code-9")  # brings the guest's cookie, takes nothing
    codes = ("E11.9", "I10", "J45.909", "M54.50", "E11.9")
    answers = await asyncio.gather(*(browser.get(f"/codes/icd10cm/{code}") for code in codes * 10))
    granted = {a.url.path for a in answers if a.status_code == 200}
    assert len(granted) == 1
    assert {a.status_code for a in answers} == {200, 403}
    assert len(outbox(tmp_path)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Purpose": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "Slackbot-LinkExpanding 1.0"},
    ],
)
async def test_prefetches_previews_and_bots_see_the_public_part_and_take_nothing(visit, tmp_path, headers):
    browser = await visit()
    page = await browser.get("/codes/icd10cm/E11.9", headers=headers)
    assert page.status_code == 200
    assert "Type 2 diabetes mellitus without complications" in page.text
    assert "Have a question" not in page.text
    assert outbox(tmp_path) == []


async def test_head_takes_nothing(visit, tmp_path):
    browser = await visit()
    assert (await browser.head("/codes/icd10cm/E11.9")).status_code == 200
    assert outbox(tmp_path) == []


async def test_a_new_month_brings_a_new_view(visit):
    clock = FixedClock(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    browser = await visit(clock)
    assert (await browser.get("/codes/icd10cm/E11.9")).status_code == 200
    assert (await browser.get("/codes/icd10cm/I10")).status_code == 403
    clock.advance(timedelta(minutes=2))
    assert (await browser.get("/codes/icd10cm/I10")).status_code == 200


async def test_clearing_cookies_gives_no_endless_guests(visit):
    browser = await visit(AHEAD_GUESTS_PER_NETWORK_PER_DAY="3")
    answers = []
    for _ in range(5):
        browser.cookies.clear()
        answers.append((await browser.get("/codes/icd10cm/E11.9")).status_code)
    assert answers == [200, 200, 200, 403, 403]


async def test_a_page_that_cannot_be_made_takes_nothing(visit, tmp_path, monkeypatch):
    browser = await visit()
    await browser.get("/codes/icd10cm/Z99")
    before = len(outbox(tmp_path))

    def broken(*_):
        raise RuntimeError("template broken")

    with monkeypatch.context() as patch:
        patch.setattr("ahead.lookup.codes.pages.Bodies.body", broken)
        browser.cookies.clear()
        assert (await browser.get("/codes/icd10cm/E11.9")).status_code == 500
    assert len(outbox(tmp_path)) == before


async def test_json_is_gated_alike(visit):
    browser = await visit()
    await browser.get("/codes/icd10cm/E11.9")
    seen = (await browser.get("/api/lookup/v1/codes/icd10cm/E11.9")).json()
    assert seen["access"] == "view"
    assert {section["state"] for section in seen["sections"]} == {"locked"}
    refused = await browser.get("/api/lookup/v1/codes/icd10cm/I10")
    assert refused.status_code == 403
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert refused.json()["type"].endswith("allowance-exhausted")
    assert refused.json()["remaining"] == 0
    section = await browser.get("/api/lookup/v1/codes/icd10cm/E11.9/guidelines")
    assert section.status_code == 401
    assert section.json()["title"] == "Register to view content"


async def test_without_any_identity_json_answers_the_public_part(visit, tmp_path):
    browser = await visit()
    seen = (
        await browser.get("/api/lookup/v1/codes/icd10cm/E11.9", headers={"Accept": "application/json"})
    ).json()
    assert seen["access"] == "public"
    assert seen["common_language"] is None
    assert outbox(tmp_path) == []


async def test_codes_that_a_note_names_are_links_that_keep_the_date(visit, accounts):
    browser = await visit(AHEAD_URL_ACCOUNTS=accounts[0])
    browser.headers["Authorization"] = f"Bearer {accounts[1]}"
    page = (await browser.get("/codes/icd10cm/E11.9?as_of=2026-02-02")).text
    assert '(<a href="/codes/icd10cm/E08?as_of=2026-02-02">E08.-</a>)' in page
    assert '(<a href="/codes/icd10cm/P70.2?as_of=2026-02-02">P70.2</a>)' in page
    # A range names no code.
    assert "newborn (P70-P74)" in page
    section = (await browser.get("/api/lookup/v1/codes/icd10cm/E11.9/guidelines?as_of=2026-02-02")).json()
    (block,) = [b for b in section["notes"] if b["kind"] == "excludes1" and b["at"]["code"] == "E11"]
    line = next(one for one in block["lines"] if "gestational" in one["text"])
    assert line["codes"] == [{"text": "O24.4-", "code": "O24.4"}]
