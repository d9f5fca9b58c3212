"""Tokens are believed only when accounts has signed them, for us, and for now."""

import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ahead.shared.auth.tokens import (
    ExpiredToken,
    InvalidToken,
    JwksSource,
    KeysUnavailable,
    TokenVerifier,
    parse_jwks,
)


async def test_a_good_token_says_who_it_is(keys: Any) -> None:
    token = keys.token(sub="a:one", plan="pro", roles=["ops"], guest="g1", sid="s1", confirmed=True)
    principal = await TokenVerifier(keys).verify(token)
    assert (principal.kind, principal.id, principal.plan, principal.roles) == (
        "account",
        "one",
        "pro",
        {"ops"},
    )
    assert (principal.guest_id, principal.linked_guest, principal.session_id) == ("g1", "g:g1", "s1")
    assert principal.subject == "a:one"


async def test_a_verified_token_is_remembered_until_it_expires(keys: Any) -> None:
    now = time.time()
    verifier = TokenVerifier(keys, now=lambda: now)
    token = keys.token()
    assert verifier.remembered(token) is None
    principal = await verifier.verify(token)
    assert verifier.remembered(token) is principal
    now += 301
    assert verifier.remembered(token) is None
    with pytest.raises(ExpiredToken):
        await verifier.verify(token)


async def test_an_expired_token_counts_within_the_grace_asked_for(keys: Any) -> None:
    token = keys.token(seconds=-60)
    with pytest.raises(ExpiredToken):
        await TokenVerifier(keys).verify(token)
    assert await TokenVerifier(keys).verify(token, grace_seconds=3600)
    with pytest.raises(ExpiredToken):
        await TokenVerifier(keys).verify(keys.token(seconds=-3601), grace_seconds=3600)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "somebody"}, {"aud": "somebody"}, {"aud": ["x"]}, {"sub": "one"}, {"sub": "x:one"}, {"sub": "a:"},
        {"sub": 5}, {"plan": "guest"}, {"plan": "gold"}, {"plan": None}, {"roles": "ops"}, {"roles": [1]},
        {"exp": "soon"}, {"exp": True}, {"exp": 1e30}, {"iat": 4e9}, {"nbf": 4e9},
        {"iss": ...}, {"aud": ...}, {"sub": ...}, {"exp": ...}, {"iat": ...}, {"plan": ...},
    ],
)  # fmt: skip
async def test_wrong_or_missing_claims_make_it_invalid(keys: Any, claims: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        await TokenVerifier(keys).verify(keys.token(**claims))


async def test_no_other_algorithm_is_taken(keys: Any) -> None:
    claims = {"iss": "ahead-accounts", "aud": "ahead", "sub": "a:one", "exp": 4e9, "iat": 1, "plan": "pro"}
    public = keys.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    for token in (
        jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"}),
        jwt.encode(claims, public, algorithm="HS256", headers={"kid": "k1"}),
        jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": "k1"}),
        jwt.encode(claims, keys.private, algorithm="EdDSA"),
        jwt.encode(
            claims, keys.private, algorithm="EdDSA", headers={"kid": "other", "jku": "https://evil.example"}
        ),
    ):
        with pytest.raises(InvalidToken):
            await TokenVerifier(keys).verify(token)


@given(st.text(max_size=300) | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,80}\.[\w-]{0,90}", fullmatch=True))
async def test_garbage_is_invalid_and_nothing_worse(text: str) -> None:
    class Source:
        async def keys(self) -> dict[str, Any]:
            return {"k1": Ed25519PrivateKey.generate().public_key()}

        newer_keys = keys

    with pytest.raises(InvalidToken):
        await TokenVerifier(Source()).verify(text)


async def test_a_token_of_a_new_key_makes_the_verifier_look_again(keys: Any) -> None:
    verifier = TokenVerifier(keys)
    old = keys.token()
    await verifier.verify(old)
    keys.private = Ed25519PrivateKey.generate()
    keys.published = {"k2": keys.private.public_key()}
    assert await verifier.verify(keys.token(kid="k2"))
    assert keys.looked_again == 0 or verifier.remembered(old) is None
    with pytest.raises(InvalidToken):
        await verifier.verify(keys.token(kid="k3"))
    assert keys.looked_again == 1
    assert verifier.remembered(old) is None, "what a key taken back has signed is forgotten"


async def test_only_so_many_tokens_are_remembered(keys: Any) -> None:
    verifier = TokenVerifier(keys, remember=3)
    tokens = [keys.token(sub=f"a:{number}") for number in range(5)]
    for token in tokens:
        await verifier.verify(token)
    assert [verifier.remembered(token) is not None for token in tokens] == [False, False, True, True, True]


async def test_unknown_keys_don_t_make_it_ask_more_than_once_in_ten_seconds() -> None:
    asked = 0
    now = 1000.0

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        key = {
            "kty": "OKP",
            "crv": "Ed25519",
            "kid": "k1",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }
        return httpx.Response(200, json={"keys": [key, {"kty": "RSA", "kid": "no"}]})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        source = JwksSource("http://accounts/jwks", client, monotonic=lambda: now)
        assert set(await source.keys()) == {"k1"}
        for _ in range(20):
            await source.newer_keys()
        assert asked == 1
        now += 11
        await source.newer_keys()
        assert asked == 2


async def test_while_accounts_is_away_the_keys_held_stay_good() -> None:
    away = True
    now = 1000.0

    def answer(_request: httpx.Request) -> httpx.Response:
        if away:
            raise httpx.ConnectError("away")
        key = {
            "kty": "OKP",
            "crv": "Ed25519",
            "kid": "k1",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }
        return httpx.Response(200, json={"keys": [key]})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        source = JwksSource("http://accounts/jwks", client, monotonic=lambda: now)
        with pytest.raises(KeysUnavailable):
            await source.keys()
        away, now = False, now + 1
        assert await source.keys()
        away, now = True, now + 4000
        assert await source.keys()


@pytest.mark.parametrize(
    "document", [None, [], {}, {"keys": 1}, {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "!"}]}]
)
def test_what_is_no_jwks_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match=r"JWKS|key"):
        parse_jwks(document)
