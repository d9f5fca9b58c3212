"""Limits on how often one address, one visitor and one kind of request may come.

Every limit counts in a key space of its own: two limits never share a counter. The algorithm is GCRA: one
number per key (the theoretical arrival time), smooth refill, and an exact time to wait.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, Literal, Protocol, cast

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from ahead.shared.errors import TooMany
from ahead.shared.logging import get_logger

log = get_logger(__name__)

# A handler's own limits: ``opt={RATE_LIMIT: RateLimit("login", per_minute=10)}``, a list of them,
# or ``opt={RATE_LIMIT: None}`` for a handler that is never limited.
RATE_LIMIT = "rate_limit"
MAX_KEYS = 100_000


@dataclass(frozen=True)
class Limits:
    """The limits every service has. 0 a minute turns a limit off."""

    address_per_minute: int = 1200
    address_burst: int = 400
    principal_per_minute: int = 600
    principal_burst: int = 200


@dataclass(frozen=True)
class RateLimit:
    """A handler's own limit, beside the general ones.

    Attributes:
        name: names the counter; handlers with the same name share it.
        by: whose requests are counted together.
        keyless: only those are counted that come without an account: whoever shows a key may do more.
    """

    name: str
    per_minute: float
    burst: int = 5
    by: Literal["address", "principal", "all"] = "address"
    keyless: bool = False


class Store(Protocol):
    async def take(self, key: str, interval: float, burst: int) -> float:
        """Take one request from ``key``; 0.0 when it may pass, else the seconds to wait."""
        ...


class MemoryStore:
    """Counters of this process. Bounded: the least recently used keys go first."""

    def __init__(self, max_keys: int = MAX_KEYS) -> None:
        self._arrivals: OrderedDict[str, float] = OrderedDict()
        self._max_keys = max_keys

    def __len__(self) -> int:
        return len(self._arrivals)

    def take_now(self, key: str, interval: float, burst: int, now: float) -> float:
        arrival = max(self._arrivals.get(key, now), now)
        wait = arrival + interval - now - burst * interval
        if wait > 1e-9:
            return wait
        self._arrivals[key] = arrival + interval
        self._arrivals.move_to_end(key)
        while len(self._arrivals) > self._max_keys:
            self._arrivals.popitem(last=False)
        return 0.0

    async def take(self, key: str, interval: float, burst: int) -> float:
        return self.take_now(key, interval, burst, time.monotonic())


# Redis' own clock: processes on several machines agree on it.
_GCRA = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1e6
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = arrival + interval - now - burst * interval
if wait > 1e-6 then return tostring(wait) end
arrival = arrival + interval
redis.call('SET', KEYS[1], string.format('%.6f', arrival), 'PX', math.ceil((arrival - now) * 1000) + 1000)
return '0'
"""


class RedisStore:
    """Counters shared by all processes of a service.

    While Redis does not answer, this process counts by itself: a limit may become looser by the number of
    processes, but is never off.
    """

    def __init__(self, url: str, prefix: str, timeout_s: float = 0.1, retry_s: float = 5.0) -> None:
        self._url = url
        self._prefix = prefix
        self._timeout_s = timeout_s
        self._retry_s = retry_s
        self._own = MemoryStore()
        self._script: Any = None
        self._client: Any = None
        self._down_until = 0.0

    async def take(self, key: str, interval: float, burst: int) -> float:
        if time.monotonic() < self._down_until:
            return await self._own.take(key, interval, burst)
        from redis.asyncio import Redis
        from redis.exceptions import RedisError

        if self._script is None:
            self._client = Redis.from_url(
                self._url, socket_timeout=self._timeout_s, socket_connect_timeout=self._timeout_s
            )
            self._script = self._client.register_script(_GCRA)
        try:
            async with asyncio.timeout(self._timeout_s):
                return float(await self._script(keys=[f"{self._prefix}:{key}"], args=[interval, burst]))
        except (RedisError, OSError, TimeoutError) as error:
            self._down_until = time.monotonic() + self._retry_s
            log.warning("rate_limit.redis_down", error=type(error).__name__)
            return await self._own.take(key, interval, burst)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


def address_key(address: str) -> str:
    """An address as it is counted: IPv4 as it is, IPv6 by its /64, which one household holds."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ip_network(f"{parsed}/64", strict=False).network_address)


def _refuse(wait: float) -> TooMany:
    seconds = max(1, int(wait) + 1)
    return TooMany(
        "You sent more requests in a short time than this service takes from one visitor.",
        hint=f"Wait {seconds} second{'' if seconds == 1 else 's'}, then try again.",
        retry_after=seconds,
    )


async def check(store: Store, key: str, per_minute: float, burst: int) -> None:
    """Count one request.

    Raises:
        TooMany: with ``Retry-After`` when it is over the limit.
    """
    if per_minute <= 0:
        return
    wait = await store.take(key, 60.0 / per_minute, burst)
    if wait > 0:
        raise _refuse(wait)


class RateLimitMiddleware(ASGIMiddleware):
    """Counts a request per address, per visitor and by its handler's own limits, before the handler runs.

    Services are not counted: each has limited its own visitors, and all of theirs come from one address here.
    """

    def __init__(self, limits: Limits, store: Store) -> None:
        self._limits = limits
        self._store = store

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        opt = scope["route_handler"].opt
        own = opt.get(RATE_LIMIT, ())
        if own is not None and _kind(scope) != "service":
            client = scope.get("client")
            address = address_key(client[0]) if client else "unknown"
            await self._general(address, scope)
            for limit in own if isinstance(own, Sequence) else (own,):
                await self._own(cast(RateLimit, limit), address, scope)
        await next_app(scope, receive, send)

    async def _general(self, address: str, scope: Scope) -> None:
        limits = self._limits
        await check(self._store, f"address:{address}", limits.address_per_minute, limits.address_burst)
        if who := _principal_key(scope):
            await check(self._store, f"principal:{who}", limits.principal_per_minute, limits.principal_burst)

    async def _own(self, limit: RateLimit, address: str, scope: Scope) -> None:
        if limit.keyless and _kind(scope) == "account":
            return
        who = {"address": address, "all": "all"}.get(limit.by) or _principal_key(scope) or address
        await check(self._store, f"own:{limit.name}:{limit.by}:{who}", limit.per_minute, limit.burst)


def _kind(scope: Scope) -> str:
    principal = scope["state"].get("principal")
    return "" if principal is None else str(principal.kind)


def _principal_key(scope: Scope) -> str:
    principal = scope["state"].get("principal")
    if principal is None or principal.kind == "anonymous":
        return ""
    return str(principal.subject)
