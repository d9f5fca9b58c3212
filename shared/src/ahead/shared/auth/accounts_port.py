"""What a web service asks accounts: turn a session cookie or an API key into a short token."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Protocol

import httpx
import msgspec

SESSION_TOKENS_PATH = "/api/accounts/v1/session-tokens"
API_KEY_TOKENS_PATH = "/api/accounts/v1/api-key-tokens"
JWKS_PATH = "/.well-known/jwks.json"


class AccountsUnreachable(Exception):
    """Accounts doesn't answer, or isn't installed."""


class IssuedToken(msgspec.Struct, frozen=True):
    """A token and when it expires (Unix seconds)."""

    token: str
    expires_at: float


class AccountsPort(Protocol):
    async def token_for_session(self, session: str) -> IssuedToken | None:
        """None when the session is unknown, over or revoked. Raises AccountsUnreachable."""
        ...

    async def token_for_api_key(self, key: str) -> IssuedToken | None:
        """None when the key is unknown or revoked. Raises AccountsUnreachable."""
        ...


class NoAccounts:
    """For a service that runs alone: nobody can be logged in."""

    async def token_for_session(self, session: str) -> IssuedToken | None:
        raise AccountsUnreachable("accounts is not installed here")

    async def token_for_api_key(self, key: str) -> IssuedToken | None:
        raise AccountsUnreachable("accounts is not installed here")


class HttpAccounts:
    """Accounts over HTTP. After a failure it isn't asked again for two seconds, so that pages stay quick."""

    def __init__(
        self,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        pause_seconds: float = 2,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._client = client
        self._pause = pause_seconds
        self._monotonic = monotonic
        self._down_until = float("-inf")

    async def token_for_session(self, session: str) -> IssuedToken | None:
        return await self._ask(SESSION_TOKENS_PATH, {"session": session})

    async def token_for_api_key(self, key: str) -> IssuedToken | None:
        return await self._ask(API_KEY_TOKENS_PATH, {"key": key})

    async def _ask(self, path: str, body: dict[str, str]) -> IssuedToken | None:
        if self._monotonic() < self._down_until:
            raise AccountsUnreachable("not asked again yet")
        try:
            response = await self._client.post(self._base + path, json=body)
            if response.status_code in (400, 401, 403):
                return None
            response.raise_for_status()
            return msgspec.json.decode(response.content, type=IssuedToken, strict=False)
        except (httpx.HTTPError, msgspec.MsgspecError) as error:
            self._down_until = self._monotonic() + self._pause
            raise AccountsUnreachable(type(error).__name__) from error


class ExchangeCache:
    """Lets parallel requests with one secret share one question, and remembers the answer for a moment.

    Secrets are kept as hashes only. A refusal is remembered as well, briefly: a page with a dead cookie asks
    once, not once per image.
    """

    def __init__(
        self,
        ask: Callable[[str], Awaitable[IssuedToken | None]],
        *,
        keep_seconds: float,
        remember: int = 2048,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._ask = ask
        self._keep = keep_seconds
        self._remember = remember
        self._monotonic = monotonic
        self._now = now
        self._known: OrderedDict[bytes, tuple[float, IssuedToken | None]] = OrderedDict()
        self._asking: dict[bytes, asyncio.Future[IssuedToken | None]] = {}

    async def get(self, secret: str) -> IssuedToken | None:
        """See AccountsPort. Raises AccountsUnreachable, which is never remembered."""
        name = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(name)
        if known is not None and known[0] > self._monotonic():
            answer = known[1]
            if answer is None or answer.expires_at > self._now() + 5:
                return answer
        running = self._asking.get(name)
        if running is None:
            # A task of its own: the first asker may be cancelled without failing the others.
            running = asyncio.ensure_future(self._ask_once(name, secret))
            self._asking[name] = running
            running.add_done_callback(lambda done: self._finish(name, done))
        return await asyncio.shield(running)

    async def _ask_once(self, name: bytes, secret: str) -> IssuedToken | None:
        answer = await self._ask(secret)
        keep = self._keep if answer is not None else min(self._keep, 2.0)
        self._known[name] = (self._monotonic() + keep, answer)
        self._known.move_to_end(name)
        if len(self._known) > self._remember:
            self._known.popitem(last=False)
        return answer

    def _finish(self, name: bytes, done: "asyncio.Future[IssuedToken | None]") -> None:
        self._asking.pop(name, None)
        if not done.cancelled():
            done.exception()  # looked at, so that an abandoned failure is not reported as unhandled
