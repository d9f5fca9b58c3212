"""The allowance of accounts at the door of Case2Code: on both databases, with the real accounts beside."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from accounts_beside import ASSISTANT_KEY, CODES, ORIGIN, Beside, Person, beside

from ahead.shared.clock import FixedClock
from ahead.shared.testing.nats_server import NatsServer

FIVE = "5 code page views remaining. Free accounts are limited to 5 page views a month."


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 28, 12, 0, tzinfo=UTC))


@pytest.fixture
async def both(
    database_url: str,
    nats_server: NatsServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: FixedClock,
) -> AsyncGenerator[Beside]:
    async with beside(database_url, tmp_path, clock, nats_server.url, monkeypatch.setenv) as both:
        yield both


async def statuses(person: Person, codes: list[str]) -> list[int]:
    """One after the other."""
    return [await person.view(code) for code in codes]


async def test_a_free_account_has_five_of_its_own_beside_the_view_of_its_guest(both: Beside) -> None:
    person = both.person()
    assert await statuses(person, CODES[:2]) == [200, 403]
    await person.register("jane@example.org")
    assert (await person.line("/")).startswith(FIVE)
    assert await person.view(CODES[0]) == 200, "the guest's page stays open"
    assert (await person.line("/")).startswith(FIVE), "and costs nothing"
    assert await statuses(person, CODES[1:7]) == [200] * 5 + [403]
    assert (await person.line("/")).startswith("0 code page views remaining.")
    assert await statuses(person, CODES[:6]) == [200] * 6, "what is open stays open"
    assert await both.granted(f"a:{await person.account()}") == 5


async def test_at_the_limit_program_and_page_say_what_to_do(both: Beside) -> None:
    person = await both.member()
    await statuses(person, CODES[:5])
    page = await person.get(f"/codes/icd10cm/{CODES[5]}")
    assert "You have used all your code page views this month" in page.text
    assert "Common Language Description" not in page.text
    problem = await person.get(f"/api/lookup/v1/codes/icd10cm/{CODES[5]}")
    assert problem.status_code == 403
    told = problem.json()
    assert told["type"].endswith("allowance-exhausted")
    assert (told["limit"], told["used"], told["remaining"], told["renews"]) == (5, 5, 0, "2026-12-01")
    assert "Pro plan" in told["hint"]


async def test_a_pro_account_is_not_limited(both: Beside) -> None:
    person = await both.member("pro")
    assert (await person.line("/")).startswith("Unlimited code page views.")
    assert set(await statuses(person, CODES[:12])) == {200}
    assert await both.events() == 12


async def test_the_month_ends_at_midnight_utc(both: Beside, clock: FixedClock) -> None:
    person = both.person()
    assert await person.view(CODES[9]) == 200
    await person.register("jane@example.org")
    await statuses(person, CODES[:5])
    clock.advance(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC) - clock.now())
    assert await statuses(person, [CODES[5], CODES[0], CODES[9]]) == [403, 200, 200]
    clock.advance(timedelta(seconds=2))
    assert (await person.line("/")).startswith(FIVE)
    # A new month: what was open is opened again, and so is what the guest had.
    assert await person.view(CODES[0]) == 200
    assert await person.view(CODES[9]) == 200
    assert (await person.line("/")).startswith("3 code page views remaining.")
    assert await statuses(person, CODES[5:9]) == [200, 200, 200, 403]


async def test_a_plan_that_changes_in_the_month_counts_from_the_next_token(
    both: Beside, clock: FixedClock
) -> None:
    person = await both.member()
    await statuses(person, CODES[:5])
    assert await person.view(CODES[5]) == 403
    await both.set_plan(person, "pro")
    clock.advance(timedelta(minutes=6))
    assert set(await statuses(person, CODES[5:9])) == {200}
    await both.set_plan(person, "free")
    clock.advance(timedelta(minutes=6))
    assert await person.view(CODES[9]) == 403
    assert set(await statuses(person, CODES[:9])) == {200}, "what was opened stays open to the month's end"
    assert (await person.line("/")).startswith("0 code page views remaining.")


async def test_an_api_key_spends_the_allowance_of_its_account(both: Beside) -> None:
    person = await both.member()
    page = await person.post("/account/keys", name="notebook")
    key = re.search(r"ahk_[A-Za-z0-9_-]+", page.text)
    assert key
    program = both.person(authorization=f"Bearer {key[0]}", accept="application/json")
    assert await person.view(CODES[0]) == 200
    for code, status in zip(CODES[:6], [200] * 5 + [403], strict=True):
        answer = await program.get(f"/api/lookup/v1/codes/icd10cm/{code}")
        assert answer.status_code == status, answer.text
    assert (await person.line("/")).startswith("0 code page views remaining.")
    assert not program.client.cookies


async def test_a_service_that_may_read_all_takes_nothing(both: Beside) -> None:
    person = await both.member()
    subject = f"a:{await person.account()}"
    service = both.person(accept="application/json")
    for scopes, status in ((["lookup:read-all"], 200), (["metering:read"], None)):
        issued = await service.client.post(
            "/api/accounts/v1/service-tokens",
            headers={"Authorization": f"Bearer {ASSISTANT_KEY}"},
            json={"service": "assistant", "scopes": scopes},
        )
        headers = {"Authorization": f"Bearer {issued.json()['token']}", "Ahead-Principal": subject}
        for code in CODES[:8]:
            answer = await service.get(f"/api/lookup/v1/codes/icd10cm/{code}", headers=headers)
            section = await service.get(f"/api/lookup/v1/codes/icd10cm/{code}/compliance", headers=headers)
            if status:
                assert (answer.status_code, answer.json()["access"]) == (status, "full")
                assert section.status_code == status
            else:
                assert answer.json()["access"] == "public"
                assert section.status_code == 403
        own = await service.get("/api/lookup/v1/allowance", headers=headers)
        assert own.status_code == 403
    assert await both.granted(subject) == 0
    assert await both.events() == 0
    assert (await person.line("/")).startswith(FIVE)


async def test_the_same_code_is_free_on_every_date_in_every_spelling_and_at_every_door(
    both: Beside,
) -> None:
    person = await both.member()
    for address in ("A00.1", "A00.1?as_of=2026-01-01", "A00.1?as_of=2026-12-31", "a001", "A001"):
        answer = await person.get(f"/codes/icd10cm/{address}", follow_redirects=True)
        assert answer.status_code == 200, address
    for door in ("A00.1", "A00.1?as_of=2026-06-30", "A00.1/guidelines", "A00.1/history?as_of=2026-02-01"):
        assert (await person.get(f"/api/lookup/v1/codes/icd10cm/{door}")).status_code == 200, door
    assert (await person.line("/")).startswith("4 code page views remaining.")
    assert await both.events() == 1


ONLY_LOOKING: list[dict[str, str]] = [
    {"sec-purpose": "prefetch;prerender"},
    {"purpose": "prefetch"},
    {"x-moz": "prefetch"},
    {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    {"user-agent": "facebookexternalhit/1.1"},
    {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
]


async def test_head_requests_prefetches_previews_and_bots_take_nothing_and_get_nothing_locked(
    both: Beside,
) -> None:
    person = await both.member()
    for number, headers in enumerate(ONLY_LOOKING):
        for code in CODES[number : number + 2]:
            page = await person.get(f"/codes/icd10cm/{code}", headers=headers)
            assert page.status_code == 200
            door = await person.get(f"/api/lookup/v1/codes/icd10cm/{code}", headers=headers)
            assert (door.json()["access"], door.json()["common_language"]) == ("public", None)
            section = await person.get(f"/api/lookup/v1/codes/icd10cm/{code}/compliance", headers=headers)
            assert section.status_code == 403
            assert (await person.client.head(f"/codes/icd10cm/{code}")).status_code == 200
    assert (await person.line("/")).startswith(FIVE)
    assert await both.events() == 0
    opened = await person.get(f"/codes/icd10cm/{CODES[0]}")
    words = (await person.get(f"/api/lookup/v1/codes/icd10cm/{CODES[0]}")).json()["common_language"]
    looked = await person.get(f"/codes/icd10cm/{CODES[1]}", headers=ONLY_LOOKING[0])
    assert words["paragraphs"][0][:40] in opened.text
    assert words["paragraphs"][0][:40] not in looked.text


@pytest.mark.parametrize("opened", [0, 2])
async def test_fifty_at_once_for_fifty_codes_grant_exactly_what_is_left(both: Beside, opened: int) -> None:
    person = await both.member()
    assert set(await statuses(person, CODES[:opened])) <= {200}
    answers = await asyncio.gather(*(person.view(code) for code in CODES[50:]))
    assert sorted(answers) == [200] * (5 - opened) + [403] * (45 + opened)
    assert await both.granted(f"a:{await person.account()}") == 5
    assert await both.events() == 5
    again = await asyncio.gather(*(person.view(code) for code in CODES[50:]))
    assert again == answers, "the very same are open"


async def test_fifty_at_once_for_one_code_take_one(both: Beside) -> None:
    person = await both.member()
    doors = ["/codes/icd10cm/A00.1", "/api/lookup/v1/codes/icd10cm/A00.1"] * 25
    answers = await asyncio.gather(*(person.get(door) for door in doors))
    assert {answer.status_code for answer in answers} == {200}
    assert (await person.line("/")).startswith("4 code page views remaining.")
    assert await both.events() == 1


async def test_two_browsers_of_one_account_share_what_it_has(both: Beside) -> None:
    laptop, phone = await both.member(), both.person()
    address = re.search(r"p\d+@example\.org", (await laptop.get("/account")).text)
    assert address
    await phone.post("/account/login", email=address[0], password="geranium under the lamp")
    answers = await asyncio.gather(
        *((laptop, phone)[number % 2].view(code) for number, code in enumerate(CODES[:50]))
    )
    assert sorted(answers) == [200] * 5 + [403] * 45


async def test_a_forged_token_is_a_stranger_and_opens_nothing_of_the_account(both: Beside) -> None:
    person = await both.member()
    await statuses(person, CODES[:3])
    token = person.client.cookies["ahead_token"]
    stranger = both.person()
    stranger.client.cookies.set("ahead_token", token[:-4] + "AAAA", domain="127.0.0.1")
    assert "Register" in (await stranger.get(f"/codes/icd10cm/{CODES[0]}")).text
    bearer = await stranger.get(
        f"/api/lookup/v1/codes/icd10cm/{CODES[0]}", headers={"Authorization": f"Bearer {token[:-4]}AAAA"}
    )
    assert bearer.status_code == 401


async def test_the_state_as_json_is_the_line_of_the_page_and_takes_nothing(both: Beside) -> None:
    person = await both.member()
    await person.view(CODES[0])
    answer = await person.get("/api/lookup/v1/allowance")
    assert isinstance(answer, httpx.Response)
    assert answer.json() == {
        "plan": "free",
        "limit": 5,
        "used": 1,
        "remaining": 4,
        "more": 5,
        "renews": "2026-12-01",
        "sentence": await person.line("/"),
    }
    assert answer.headers["cache-control"] == "private, no-store"
    stranger = httpx.AsyncClient(transport=httpx.ASGITransport(app=both.gateway), base_url=ORIGIN)
    async with stranger:
        assert (await stranger.get("/api/lookup/v1/allowance")).json()["remaining"] == 1
    pro = await both.member("pro")
    assert (await pro.get("/api/lookup/v1/allowance")).json()["remaining"] is None
