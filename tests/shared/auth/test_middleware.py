"""Every request gets its principal, whatever it brings along."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SESSION = "S" * 43


async def test_a_visitor_of_a_page_becomes_a_guest_and_stays_the_same(ask: Any) -> None:
    first = await ask("/")
    cookie = first.headers["set-cookie"]
    assert first.json()["kind"] == "guest"
    assert first.json()["fresh"] is True
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    value = cookie.split(";")[0].split("=", 1)[1]
    again = await ask("/", cookies={"ahead_guest": value})
    assert again.json()["subject"] == first.json()["subject"]
    assert again.json()["fresh"] is False
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/api/x/v1/who", "GET", {}),
        ("/api/x/v1/who", "GET", {"accept": "*/*"}),
        ("/static/x/file", "GET", {}),
        ("/", "GET", {"accept": "application/json"}),
        ("/", "GET", {"accept": "image/avif,image/webp,*/*;q=0.8"}),
        ("/", "GET", {"sec-purpose": "prefetch;prerender"}),
        ("/", "GET", {"purpose": "prefetch"}),
        ("/", "GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
        ("/", "GET", {"user-agent": "Slackbot-LinkExpanding 1.0"}),
    ],
)
async def test_programs_bots_and_prefetches_get_no_identity(
    ask: Any, path: str, method: str, headers: dict[str, str]
) -> None:
    answer = await ask(path, method=method, headers=headers)
    assert answer.json()["kind"] == "anonymous"
    assert "set-cookie" not in answer.headers


async def test_curl_without_an_accept_header_is_a_visitor_too(ask: Any) -> None:
    assert (await ask("/", headers={"accept": "*/*", "user-agent": "curl/8.5"})).json()["kind"] == "guest"


COOKIE_BYTES = st.text(st.characters(codec="latin-1", exclude_characters=";\r\n\x00"), max_size=120)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(guest=COOKIE_BYTES, token=COOKIE_BYTES, session=COOKIE_BYTES)
async def test_garbage_cookies_are_those_of_a_new_guest(
    ask: Any, guest: str, token: str, session: str
) -> None:
    raw = f"ahead_guest={guest}; ahead_token={token}; ahead_session={session}; =; x".encode("latin-1")
    answer = await ask("/", headers={"cookie": raw})
    assert answer.status_code == 200
    assert answer.json()["kind"] == "guest"
    assert any(cookie.startswith("ahead_guest=") for cookie in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize("change", ["id", "signature", "none", "other key"])
async def test_a_forged_guest_cookie_is_replaced(ask: Any, identity: Any, change: str) -> None:
    guest_id, cookie = identity.guests.mint()
    signature = cookie.partition(".")[2]
    other = identity.guests.mint()[0]
    forged = {
        "id": f"{other}.{signature}",
        "signature": f"{guest_id}.{'A' * len(signature)}",
        "none": guest_id,
        "other key": type(identity.guests)("x" * 40).cookie_for(guest_id),
    }[change]
    answer = await ask("/", cookies={"ahead_guest": forged})
    assert answer.json()["fresh"] is True
    assert answer.json()["subject"] not in (f"g:{guest_id}", f"g:{other}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(credential=st.binary(max_size=200).filter(lambda raw: not set(raw) & {0, 10, 13}))
async def test_a_wrong_bearer_is_answered_401_and_nothing_worse(ask: Any, credential: bytes) -> None:
    answer = await ask("/api/x/v1/who", bearer=credential)
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/invalid-token"
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_other_schemes_are_answered_401(ask: Any) -> None:
    assert (await ask("/", headers={"authorization": "Basic dXNlcjpwYXNz"})).status_code == 401


async def test_a_bearer_wins_over_cookies(ask: Any, keys: Any) -> None:
    answer = await ask("/", bearer=keys.token(sub="a:two"), cookies={"ahead_token": keys.token(sub="a:one")})
    assert answer.json()["subject"] == "a:two"


async def test_a_valid_token_cookie_asks_nobody(ask: Any, keys: Any, accounts: Any) -> None:
    cookies = {"ahead_token": keys.token(guest="g1"), "ahead_session": SESSION}
    for _ in range(3):
        answer = await ask("/", cookies=cookies)
        assert (answer.json()["subject"], answer.json()["linked"]) == ("a:one", "g:g1")
        assert "set-cookie" not in answer.headers
    assert accounts.asked == 0


@pytest.mark.parametrize("seconds", [None, -10, -100_000])
async def test_a_session_without_a_valid_token_gets_a_new_one(
    ask: Any, keys: Any, accounts: Any, seconds: float | None
) -> None:
    accounts.sessions[SESSION] = {"sub": "a:one", "plan": "pro"}
    cookies = {"ahead_session": SESSION}
    if seconds is not None:
        cookies["ahead_token"] = keys.token(seconds=seconds)
    answer = await ask("/", cookies=cookies)
    assert (answer.json()["subject"], answer.json()["plan"]) == ("a:one", "pro")
    assert answer.headers["set-cookie"].startswith("ahead_token=ey")


async def test_requests_at_once_ask_accounts_once(ask: Any, accounts: Any) -> None:
    accounts.sessions[SESSION] = {"sub": "a:one"}
    answers = await asyncio.gather(*(ask("/", cookies={"ahead_session": SESSION}) for _ in range(20)))
    assert {answer.json()["subject"] for answer in answers} == {"a:one"}
    assert accounts.asked == 1


async def test_a_revoked_session_is_a_guest_and_its_cookies_go(ask: Any, keys: Any) -> None:
    cookies = {"ahead_session": SESSION, "ahead_token": keys.token(seconds=-10)}
    answer = await ask("/", cookies=cookies)
    assert answer.json()["kind"] == "guest"
    cleared = [cookie for cookie in answer.headers.get_list("set-cookie") if "Max-Age=0" in cookie]
    assert {cookie.split("=")[0] for cookie in cleared} == {"ahead_session", "ahead_token"}


async def test_while_accounts_is_away_a_token_of_the_last_hour_counts(
    ask: Any, keys: Any, accounts: Any
) -> None:
    accounts.away = True
    recent = {"ahead_session": SESSION, "ahead_token": keys.token(seconds=-600)}
    answer = await ask("/", cookies=recent)
    assert answer.json()["subject"] == "a:one"
    assert "set-cookie" not in answer.headers
    older = {"ahead_session": SESSION, "ahead_token": keys.token(seconds=-3700)}
    answer = await ask("/", cookies=older)
    assert answer.json()["kind"] == "guest"
    assert not any("Max-Age=0" in cookie for cookie in answer.headers.get_list("set-cookie")), (
        "it may come back"
    )


async def test_an_expired_token_without_its_session_is_nobody_s(ask: Any, keys: Any, accounts: Any) -> None:
    accounts.away = True
    answer = await ask("/", cookies={"ahead_token": keys.token(seconds=-10)})
    assert answer.json()["kind"] == "guest"


async def test_a_handler_that_clears_a_cookie_has_the_last_word(ask: Any, accounts: Any) -> None:
    accounts.sessions[SESSION] = {"sub": "a:one"}
    answer = await ask("/log-out", method="POST", cookies={"ahead_session": SESSION})
    set_cookies = answer.headers.get_list("set-cookie")
    assert [cookie for cookie in set_cookies if cookie.startswith("ahead_token=ey")] == []


async def test_an_api_key_is_exchanged_and_remembered(ask: Any, accounts: Any) -> None:
    key = "ahk_" + "k" * 43
    accounts.api_keys[key] = {"sub": "a:one", "sid": None}
    for _ in range(3):
        assert (await ask("/api/x/v1/who", bearer=key)).json()["subject"] == "a:one"
    assert accounts.asked == 1
    assert (await ask("/api/x/v1/who", bearer="ahk_" + "u" * 43)).status_code == 401
    accounts.away = True
    assert (await ask("/api/x/v1/who", bearer="ahk_" + "v" * 43)).status_code == 503


async def test_a_service_names_whom_it_acts_for(ask: Any, keys: Any) -> None:
    token = keys.token(sub="s:consultant", scopes=["lookup:read-all"], plan="service")
    answer = await ask("/api/x/v1/who", bearer=token, headers={"ahead-principal": "a:one"})
    assert (answer.json()["kind"], answer.json()["subject"]) == ("service", "a:one")
    assert (await ask("/api/x/v1/who", bearer=token)).json()["subject"] == "s:consultant"
    for wrong in ("s:lookup", "a:", "one", "a:" + "x" * 100):
        answer = await ask("/api/x/v1/who", bearer=token, headers={"ahead-principal": wrong})
        assert answer.status_code == 401


async def test_a_user_can_not_act_for_another(ask: Any, keys: Any) -> None:
    answer = await ask("/api/x/v1/who", bearer=keys.token(), headers={"ahead-principal": "a:two"})
    assert answer.json()["subject"] == "a:one"


async def test_a_service_token_in_a_cookie_is_worth_nothing(ask: Any, keys: Any) -> None:
    answer = await ask("/", cookies={"ahead_token": keys.token(sub="s:lookup", scopes=["metering:read"])})
    assert answer.json()["kind"] == "guest"


@pytest.mark.parametrize(
    ("path", "claims", "status"),
    [
        ("/account-only", None, 401), ("/account-only", {}, 200), ("/account-only", {"sub": "s:x"}, 403),
        ("/ops-only", None, 401), ("/ops-only", {}, 403), ("/ops-only", {"roles": ["expert"]}, 403),
        ("/ops-only", {"roles": ["ops"]}, 200), ("/ops-only", {"roles": ["moderator"]}, 200),
        ("/ops-only", {"sub": "s:x", "roles": ["ops"]}, 403),
        ("/service-only", None, 401), ("/service-only", {"scopes": ["metering:read"]}, 403),
        ("/service-only", {"sub": "s:x", "scopes": ["lookup:read-all"]}, 403),
        ("/service-only", {"sub": "s:x", "scopes": ["metering:read"]}, 200),
        ("/either", {"roles": ["ops"]}, 200), ("/either", {"sub": "s:x", "scopes": ["metering:read"]}, 200),
        ("/either", {"sub": "s:x", "scopes": []}, 403), ("/either", {}, 403), ("/either", None, 401),
    ],
)  # fmt: skip
async def test_guards_let_in_whom_they_name(
    ask: Any, keys: Any, path: str, claims: dict[str, Any] | None, status: int
) -> None:
    answer = await ask(path, bearer=None if claims is None else keys.token(**claims))
    assert answer.status_code == status
