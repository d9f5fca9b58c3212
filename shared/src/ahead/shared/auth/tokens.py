"""Verifying the short EdDSA tokens that accounts issues. Nothing in here can sign one."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ahead.shared.auth.principal import Principal

ISSUER = "ahead-accounts"
AUDIENCE = "ahead"
ALGORITHM = "EdDSA"
MAX_TOKEN_LENGTH = 4096
GRACE_SECONDS = 3600
_LEEWAY_SECONDS = 5
_REQUIRED = ["iss", "aud", "sub", "exp", "iat"]


class InvalidToken(Exception):
    """The token is not one of ours, or was not made for this. The message is for logs, not for strangers."""


class ExpiredToken(InvalidToken):
    """Genuine, but past its time."""


class KeysUnavailable(Exception):
    """The public keys can't be had just now, so nothing can be said about the token."""


class KeySource(Protocol):
    async def keys(self) -> Mapping[str, Ed25519PublicKey]:
        """Public keys by kid. Raises KeysUnavailable."""
        ...

    async def newer_keys(self) -> Mapping[str, Ed25519PublicKey]:
        """The keys again after an unknown kid was seen; sources limit how often they really look."""
        ...


def parse_jwks(document: Any) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a JWKS document, by kid. Other kinds of key are left out.

    Raises:
        ValueError: if it is not a JWKS document.
    """
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a JWKS document")
    found: dict[str, Ed25519PublicKey] = {}
    for entry in document["keys"]:
        if not isinstance(entry, dict) or entry.get("kty") != "OKP" or entry.get("crv") != "Ed25519":
            continue
        try:
            key = jwt.PyJWK.from_dict(entry, algorithm=ALGORITHM)
        except jwt.PyJWTError as error:
            raise ValueError(f"unreadable key: {error}") from error
        if key.key_id and isinstance(key.key, Ed25519PublicKey):
            found[key.key_id] = key.key
    return found


class JwksSource:
    """Keys from accounts' JWKS, kept for five minutes; an unknown kid makes it look again, once in 10 s.

    When accounts can't be reached, the keys held stay good: a key is taken back by restarting or by its
    disappearance from the document, not by accounts being away.
    """

    def __init__(
        self,
        url: str,
        client: httpx.AsyncClient,
        *,
        keep_seconds: float = 300,
        retry_seconds: float = 10,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._client = client
        self._keep = keep_seconds
        self._retry = retry_seconds
        self._monotonic = monotonic
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def keys(self) -> Mapping[str, Ed25519PublicKey]:
        if self._monotonic() - self._fetched_at > self._keep:
            await self._refresh()
        if not self._keys:
            raise KeysUnavailable("no public keys from accounts yet")
        return self._keys

    async def newer_keys(self) -> Mapping[str, Ed25519PublicKey]:
        await self._refresh()
        return self._keys

    async def _refresh(self) -> None:
        seen = self._tried_at
        async with self._lock:
            if self._tried_at != seen:
                return  # somebody else has just looked
            now = self._monotonic()
            # With no keys at all, waiting the full interval would turn a slow start into an outage.
            if now - self._tried_at < (self._retry if self._keys else min(self._retry, 0.5)):
                return
            self._tried_at = now
            try:
                response = await self._client.get(self._url)
                response.raise_for_status()
                self._keys = parse_jwks(response.json())
                self._fetched_at = self._monotonic()
            except (httpx.HTTPError, ValueError):
                return


class _Cached:
    __slots__ = ("expires_at", "kid", "principal")

    def __init__(self, principal: Principal, expires_at: float, kid: str) -> None:
        self.principal = principal
        self.expires_at = expires_at
        self.kid = kid


class TokenVerifier:
    """Checks tokens and remembers the good ones until they expire (the oldest used leave first).

    A signature costs about 100 µs, a remembered token a dictionary look-up.
    """

    def __init__(
        self, source: KeySource, *, remember: int = 4096, now: Callable[[], float] = time.time
    ) -> None:
        self._source = source
        self._remember = remember
        self._now = now
        self._cache: OrderedDict[str, _Cached] = OrderedDict()

    def remembered(self, token: str) -> Principal | None:
        """The principal of a token verified before and not expired, without any work."""
        found = self._cache.get(token)
        if found is None:
            return None
        if found.expires_at <= self._now():
            return None
        self._cache.move_to_end(token)
        return found.principal

    async def verify(self, token: str, *, grace_seconds: float = 0) -> Principal:
        """The principal a token speaks for.

        Args:
            grace_seconds: how long after its expiry a genuine token is still taken.

        Raises:
            ExpiredToken: genuine, but older than that.
            InvalidToken: anything else that is wrong with it.
            KeysUnavailable: it can't be judged now.
        """
        found = self._cache.get(token)
        if found is None:
            found = await self._check(token)
        if found.expires_at + grace_seconds <= self._now():
            raise ExpiredToken("expired")
        return found.principal

    def forget(self, token: str) -> None:
        self._cache.pop(token, None)

    async def _check(self, token: str) -> _Cached:
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            raise InvalidToken("not a token")
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise InvalidToken(str(error)) from error
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(kid, str):
            raise InvalidToken("wrong algorithm or no key id")
        key = (await self._source.keys()).get(kid)
        if key is None:
            keys = await self._source.newer_keys()
            self._drop_unknown(keys)
            key = keys.get(kid)
        if key is None:
            raise InvalidToken("signed with an unknown key")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                leeway=_LEEWAY_SECONDS,
                # Expiry is judged here against our own clock, because a grace may apply.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidToken(str(error)) from error
        expires_at, issued_at = claims["exp"], claims["iat"]
        if not _is_number(expires_at) or not _is_number(issued_at) or issued_at > self._now() + 60:
            raise InvalidToken("times are wrong")
        cached = _Cached(principal_of_claims(claims), float(expires_at), kid)
        self._cache[token] = cached
        if len(self._cache) > self._remember:
            self._cache.popitem(last=False)
        return cached

    def _drop_unknown(self, keys: Mapping[str, Any]) -> None:
        stale = [token for token, cached in self._cache.items() if cached.kid not in keys]
        for token in stale:
            del self._cache[token]


def principal_of_claims(claims: Mapping[str, Any]) -> Principal:
    """Read the claims of a verified token.

    Raises:
        InvalidToken: if a claim has the wrong shape; a signed token of a later version must not pass as less.
    """
    kind, colon, identifier = str(claims["sub"]).partition(":")
    if not colon or not identifier:
        raise InvalidToken("unknown subject")
    if kind == "s":
        return Principal(
            kind="service", id=identifier, plan="service", scopes=frozenset(_strings(claims, "scopes"))
        )
    if kind != "a":
        raise InvalidToken("unknown subject")
    guest, session_id = claims.get("guest"), claims.get("sid")
    plan = claims.get("plan")
    if plan not in ("free", "pro"):
        raise InvalidToken("unknown plan")
    return Principal(
        kind="account",
        id=identifier,
        plan=plan,
        roles=frozenset(_strings(claims, "roles")),
        guest_id=guest if isinstance(guest, str) and guest else None,
        session_id=session_id if isinstance(session_id, str) and session_id else None,
        confirmed=claims.get("confirmed") is True,
    )


def _strings(claims: Mapping[str, Any], name: str) -> list[str]:
    value = claims.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidToken(f"{name} has the wrong shape")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
