"""A client for addresses that users give (feeds, webhooks, links).

A name is resolved once for each connection, all that it resolves to has to be public, and the connection goes to
what was looked at: a name that answers differently the next time gains nothing. Redirects are new addresses and are
looked at like the first one. What operators set themselves needs no such client.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import httpcore
import msgspec

from ahead.shared.errors import BadInput
from ahead.shared.http.public import all_public

PORTS = frozenset((80, 443, 8080, 8443))
MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PIECE_WAIT_S = 10.0
Resolve = Callable[[str, int], Collection[str]]


class NotFetched(BadInput):
    """What a user's address gave us was nothing; the text says why, and nothing about our network."""

    slug_ = "not-fetched"
    title_ = "That address can't be fetched"


class Fetched(msgspec.Struct, frozen=True):
    """`url`: where it came from after redirects. `kind`: its media type as sent. `size` in bytes."""

    url: str
    kind: str
    size: int


def system_resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to public addresses alone, and to exactly those that were looked at."""

    def __init__(self, resolve: Resolve, allowed: Collection[tuple[str, int]]) -> None:
        self._backend: Any = httpcore.AnyIOBackend()
        self._resolve = resolve
        self._allowed = allowed

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:  # fmt: skip
        try:
            found = list(await asyncio.to_thread(self._resolve, host, port))
        except (OSError, UnicodeError) as error:
            raise NotFetched("There is no such host.") from error
        known = all((one, port) in self._allowed for one in found)
        if not found or not (known or (port in PORTS and all_public(found))):
            raise NotFetched("It is not a public address.")
        problem: Exception | None = None
        for one in found[:4]:
            try:
                return await self._backend.connect_tcp(
                    one, port, timeout=timeout, local_address=local_address
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        assert problem is not None
        raise problem

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise NotFetched("It is not a public address.")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class OutgoingClient:
    """Each fetch has connections of its own, which end with it.

    Args:
        agent: who asks, for the other side's log.
        within_s: for all of a fetch, redirects included.
        allowed: (address, port) pairs that are fetched from although they aren't public: an operator's own.
        resolve: a name's addresses.
        verify: what certificates are checked by; the usual authorities where it is left out.
    """

    def __init__(
        self,
        agent: str,
        *,
        within_s: float = 60.0,
        allowed: Collection[tuple[str, int]] = (),
        resolve: Resolve = system_resolve,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = [("User-Agent", agent), ("Accept", "*/*"), ("Accept-Encoding", "identity")]
        self._within_s = within_s
        self._backend = _Pinned(resolve, allowed)
        self._verify = verify

    async def download(self, url: str, into: IO[bytes], *, at_most: int) -> Fetched:
        """Write what lies at an address into a file.

        Raises:
            NotFetched: it isn't public, doesn't answer in time or with 200, or has more than `at_most` bytes.
        """
        try:
            async with asyncio.timeout(self._within_s):
                return await self._follow(url, into, at_most)
        except TimeoutError as error:
            raise NotFetched(f"It took longer than {self._within_s:.0f} seconds.") from error

    async def _follow(self, url: str, into: IO[bytes], at_most: int) -> Fetched:
        for _ in range(MOST_REDIRECTS + 1):
            async with self._asked(_checked(url)) as response:
                headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
                if response.status in _REDIRECTS:
                    onward = urljoin(url, headers.get(b"location", ""))
                    if url.startswith("https:") and not onward.startswith("https:"):
                        raise NotFetched("It leads from a protected address to an unprotected one.")
                    url = onward
                    continue
                if response.status != 200:
                    raise NotFetched(f"It answers with status {response.status}.")
                if headers.get(b"content-encoding", "identity").lower() not in ("", "identity"):
                    raise NotFetched("It sends something compressed that was asked for as it is.")
                if headers.get(b"content-length", "").isdigit() and int(headers[b"content-length"]) > at_most:
                    raise NotFetched(_too_long(at_most))
                size = 0
                async for piece in response.aiter_stream():
                    size += len(piece)
                    if size > at_most:
                        raise NotFetched(_too_long(at_most))
                    await asyncio.to_thread(into.write, piece)
                return Fetched(url, headers.get(b"content-type", ""), size)
        raise NotFetched("It leads from one address to the next without end.")

    @asynccontextmanager
    async def _asked(self, url: str) -> AsyncGenerator[httpcore.Response]:
        waits = {
            "connect": _PIECE_WAIT_S,
            "read": _PIECE_WAIT_S,
            "write": _PIECE_WAIT_S,
            "pool": _PIECE_WAIT_S,
        }
        try:
            async with (
                httpcore.AsyncConnectionPool(network_backend=self._backend, ssl_context=self._verify) as pool,
                pool.stream("GET", url, headers=self._headers, extensions={"timeout": waits}) as response,
            ):
                yield response
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise NotFetched("It doesn't answer as a web server does.") from error


def _checked(url: str) -> str:
    """An address as it is asked for; it may still lead nowhere."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise NotFetched("It is no web address.") from error
    if (
        parts.scheme not in ("http", "https")
        or not host
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise NotFetched("It is no web address.")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("It holds a name or a password.")
    return url


def _too_long(at_most: int) -> str:
    return f"It is longer than {at_most >> 20} MB."
