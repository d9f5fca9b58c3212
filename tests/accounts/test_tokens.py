"""Tokens that accounts issues, and what verifiers make of them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from sqlalchemy import update
from sqlmodel import select

from ahead.accounts.keybox import KeyBox, KeyBoxError
from ahead.accounts.models import Session, SigningKey
from ahead.accounts.parts import Parts
from ahead.accounts.signing.service import PUBLISH_AFTER, PUBLISH_AHEAD, rotate
from ahead.shared.auth.service_client import ServiceClient
from ahead.shared.auth.tokens import InvalidToken, TokenVerifier
from ahead.shared.clock import FixedClock
from ahead.shared.errors import Unavailable
from ahead.shared.settings import SharedSettings, load

EMAIL = "jane@example.org"


async def test_a_session_is_exchanged_for_a_token_that_names_plan_roles_and_guest(browser: Any) -> None:
    await browser.get("/account/register")
    guest = browser.client.cookies["ahead_guest"].split(".")[0]
    await browser.register(EMAIL)
    program = httpx.AsyncClient(transport=browser.client._transport, base_url="http://127.0.0.1:8080")
    answer = await program.post("/api/accounts/v1/session-tokens", json={"session": browser.session})
    claims = jwt.decode(answer.json()["token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 300 == answer.json()["expires_at"] - claims["iat"]
    assert claims["sub"].startswith("a:")
    assert (claims["iss"], claims["aud"]) == ("ahead-accounts", "ahead")
    assert (claims["plan"], claims["roles"], claims["guest"]) == ("free", [], guest)
    assert claims["confirmed"] is False
    assert EMAIL not in str(claims)


async def test_a_revoked_or_made_up_session_gets_none(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    for secret in ("", "x", "A" * 43, "\x00", "é" * 43):
        answer = await browser.client.post("/api/accounts/v1/session-tokens", json={"session": secret})
        assert answer.status_code == 401
    async with parts.database.write() as session:
        await session.execute(update(Session).values(revoked_at=parts.clock.now()))
    answer = await browser.client.post("/api/accounts/v1/session-tokens", json={"session": browser.session})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"session": 1}', b'{"session": "x", "plan": "pro"}', b"\xff"]
)
async def test_a_broken_body_is_a_bad_request(browser: Any, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = await browser.client.post("/api/accounts/v1/session-tokens", content=body, headers=headers)
    assert answer.status_code == 400


def forge(token: str, **claims: Any) -> str:
    """The token with other claims and the old signature."""
    header, body, signature = token.split(".")
    present = json.loads(urlsafe_b64decode(body + "=="))
    changed = urlsafe_b64encode(json.dumps(present | claims).encode()).decode().rstrip("=")
    return f"{header}.{changed}.{signature}"


def unsigned(token: str) -> str:
    header = urlsafe_b64encode(b'{"alg":"none","typ":"JWT","kid":"x"}').decode().rstrip("=")
    return f"{header}.{token.split('.')[1]}."


async def test_forged_tokens_open_nothing_and_break_nothing(
    browser: Any, new_browser: Callable[[], Any]
) -> None:
    await browser.register(EMAIL)
    good = browser.token
    for bad in (
        unsigned(good),
        forge(good, roles=["ops"]),
        forge(good, exp=9e12),
        good[:-4],
        "a.b.c",
        "é",
        "x" * 9000,
    ):
        headers = {"authorization": f"Bearer {bad}".encode()}
        answer = await browser.client.get("/api/accounts/v1/session", headers=headers)
        assert answer.status_code == 401, bad
        assert answer.json()["type"] == "/problems/invalid-token"
        stranger = new_browser()
        page = await stranger.client.get(
            "/account/login", headers={"cookie": f"ahead_token={bad[:4000]}".encode()}
        )
        assert page.status_code == 200
        assert "ahead_guest" in page.headers["set-cookie"], "a stranger with a wrong cookie is a new guest"


async def test_an_expired_token_cookie_is_renewed_from_the_session(browser: Any, clock: FixedClock) -> None:
    await browser.register(EMAIL)
    old = browser.token
    clock.advance(timedelta(minutes=6))
    assert await browser.is_logged_in()
    assert browser.token != old
    expired = {"authorization": f"Bearer {old}", "accept": "application/json"}
    assert (await browser.client.get("/api/accounts/v1/session", headers=expired)).status_code == 401


async def test_rotated_keys_are_published_ahead_and_old_tokens_run_out(
    browser: Any, parts: Parts, clock: FixedClock
) -> None:
    await browser.register(EMAIL)
    old_token = browser.token
    async with parts.database.write() as session:
        new_kid = await rotate(session, parts.keybox, clock.now())
    clock.advance(timedelta(seconds=31))
    published = (await browser.get("/.well-known/jwks.json")).json()["keys"]
    assert new_kid in {key["kid"] for key in published}
    assert all(set(key) == {"kty", "crv", "alg", "use", "kid", "x"} for key in published), "no private part"
    old_kid = jwt.get_unverified_header(old_token)["kid"]
    assert old_kid != new_kid
    verifier = TokenVerifier(parts.signer, now=parts.now)
    assert (await verifier.verify(old_token)).registered
    clock.advance(PUBLISH_AHEAD)
    assert await browser.is_logged_in()
    assert jwt.get_unverified_header(browser.token)["kid"] == new_kid
    clock.advance(PUBLISH_AFTER)
    kids = {key["kid"] for key in (await browser.get("/.well-known/jwks.json")).json()["keys"]}
    assert kids == {new_kid}


async def test_a_compromised_key_is_taken_back_at_once(browser: Any, parts: Parts, clock: FixedClock) -> None:
    await browser.register(EMAIL)
    old_token = browser.token
    async with parts.database.write() as session:
        await rotate(session, parts.keybox, clock.now(), compromised=True)
    clock.advance(timedelta(seconds=31))
    with pytest.raises(InvalidToken):
        await TokenVerifier(parts.signer, now=parts.now).verify(old_token)
    assert await browser.is_logged_in(), "the session stays and gets a new token"


async def test_private_keys_are_encrypted_at_rest(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    async with parts.database.read() as session:
        row = (await session.execute(select(SigningKey))).scalars().one()
    with pytest.raises(KeyBoxError):
        KeyBox("another secret, forty characters long....").open(row.private_key)
    assert len(parts.keybox.open(row.private_key)) == 32


async def ask_service_token(browser: Any, key: str, service: str, scopes: list[str]) -> Any:
    return await browser.client.post(
        "/api/accounts/v1/service-tokens",
        json={"service": service, "scopes": scopes},
        headers={"authorization": f"Bearer {key}"},
    )


async def test_a_service_gets_a_ten_minute_token_with_the_scopes_it_may_have(
    browser: Any, parts: Parts
) -> None:
    answer = await ask_service_token(browser, "c" * 40, "consultant", ["assistant:answer", "lookup:read-all"])
    assert answer.status_code == 200
    principal = await TokenVerifier(parts.signer, now=parts.now).verify(answer.json()["token"])
    assert (principal.kind, principal.id) == ("service", "consultant")
    assert principal.scopes == {"assistant:answer", "lookup:read-all"}
    assert answer.json()["expires_at"] == parts.now() + 600


async def test_other_keys_services_and_scopes_are_refused(browser: Any) -> None:
    for key, service, scopes, status in (
        ("l" * 40, "consultant", [], 401),
        ("x" * 43, "careers", [], 401),
        ("", "consultant", [], 401),
        ("c" * 40, "nobody", [], 401),
        ("c" * 40, "consultant", ["accounts:all"], 403),
        ("l" * 40, "lookup", ["assistant:answer"], 403),
    ):
        answer = await ask_service_token(browser, key, service, scopes)
        assert answer.status_code == status, (key, service, scopes)


async def test_the_service_client_gets_and_renews_its_token(
    app: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AHEAD_URL_ACCOUNTS", "http://accounts.test")
    shared = load(SharedSettings)
    transport = httpx.ASGITransport(app=app)
    async with ServiceClient(shared, "lookup", "l" * 40, ["metering:read"], transport=transport) as client:
        answer = await client.get("accounts", "/api/accounts/v1/ops/health", on_behalf_of="g:abc")
        assert answer.status_code == 403, "it is known as a service, which has no role"
        assert answer.json()["type"] == "/problems/forbidden"
        with pytest.raises(Unavailable):
            await client.get("metering", "/")
    async with ServiceClient(shared, "lookup", "wrong" * 9, [], transport=transport) as client:
        with pytest.raises(Unavailable, match="refused"):
            await client.get("accounts", "/api/accounts/v1/session")


async def test_the_dashboard_can_ask_whose_session_it_is(browser: Any, parts: Parts) -> None:
    await browser.register(EMAIL)
    token = browser.token
    bearer = {"authorization": f"Bearer {token}"}
    stranger = httpx.AsyncClient(transport=browser.client._transport, base_url="http://127.0.0.1:8080")
    answer = await stranger.get("/api/accounts/v1/session", headers=bearer)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["email"], body["plan"], body["roles"]) == (EMAIL, "free", [])
    async with parts.database.write() as session:
        await session.execute(update(Session).values(revoked_at=parts.clock.now()))
    revoked = await stranger.get("/api/accounts/v1/session", headers=bearer)
    assert revoked.status_code == 401, "asked of the database: a revoked session ends at once"
