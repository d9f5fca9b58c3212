"""Accounts' pages show what is left, asked of Case2Code for the very visitor, and never wait for it."""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from accounts_beside import CODES, Beside, beside
from litestar import Request

from ahead.shared.clock import FixedClock
from ahead.shared.settings import SharedSettings, load
from ahead.shared.testing.nats_server import NatsServer
from ahead.shared.web.peer_allowance import PeerAllowance

GUEST = (
    "1 code page view remaining. Guest accounts are limited to 1 page view. "
    "Register free account to get 5 more views."
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 28, 12, 0, tzinfo=UTC))


@pytest.fixture
async def both(
    sqlite_url: str,
    nats_server: NatsServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: FixedClock,
) -> AsyncGenerator[Beside]:
    async with beside(sqlite_url, tmp_path, clock, nats_server.url, monkeypatch.setenv) as both:
        yield both


async def test_every_page_of_accounts_shows_the_state_of_the_visitor(both: Beside) -> None:
    guest = both.person()
    assert await guest.line("/account/login") == GUEST, "who comes here first"
    assert await guest.line("/account/register") == GUEST
    await guest.view(CODES[0])
    assert await guest.line("/account/login") == GUEST.replace("1 code page view ", "0 code page views ")
    await guest.register("jane@example.org")
    for path in ("/account", "/account/password", "/account/delete", "/account/nothing-here"):
        assert (await guest.line(path)).startswith("5 code page views remaining."), path
    await guest.view(CODES[1])
    assert await guest.line("/account") == await guest.line("/")
    assert (await guest.line("/account")).startswith("4 code page views remaining.")
    other = await both.member("pro")
    assert await other.line("/account") == "Unlimited code page views."
    assert (await guest.line("/account")).startswith("4 code page views remaining."), "nobody else's"
    await guest.post("/account/logout")
    assert (await guest.line("/account/login")).startswith("0 code page views remaining. Guest accounts")


async def test_a_hundred_pages_at_once_show_each_visitor_their_own(both: Beside) -> None:
    people = [await both.member(plan) for plan in ("free", "pro", "free")]
    await people[0].view(CODES[0])
    lines = await asyncio.gather(*(people[number % 3].line("/account") for number in range(99)))
    for number, expected in enumerate(("4 code page views", "Unlimited", "5 code page views")):
        assert all(line.startswith(expected) for line in lines[number::3])


async def test_without_case2code_there_is_a_page_and_no_line(both: Beside) -> None:
    person = await both.member()
    both.gateway.lookup = None
    page = await person.get("/account")
    assert page.status_code == 200
    assert 'id="allowance"' not in page.text
    asked = both.gateway.asked.count("/api/lookup/v1/allowance")
    for _ in range(5):
        await person.get("/account")
    assert both.gateway.asked.count("/api/lookup/v1/allowance") == asked, "it is left alone for a moment"


class Peer:
    """Somebody else at Case2Code's port."""

    def __init__(self, answer: bytes, port: int = 0) -> None:
        self.answer = answer
        self.heard: list[bytes] = []
        self._port = port
        self._server: Any = None
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> str:
        def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._serving.add(asyncio.create_task(self._serve(reader, writer)))

        self._server = await asyncio.start_server(serve, "127.0.0.1", self._port)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.gather(*self._serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answer)
        if not self.answer:
            await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def request_with(*headers: tuple[bytes, bytes]) -> Request[Any, Any, Any]:
    return Request({"type": "http", "headers": list(headers), "state": {}})  # pyright: ignore


def peer_settings(monkeypatch: pytest.MonkeyPatch, url: str) -> SharedSettings:
    monkeypatch.setenv("AHEAD_URL_LOOKUP", url)
    return load(SharedSettings)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}!",
        b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 302 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        b"what?",
    ],
)
async def test_a_peer_that_hangs_or_talks_nonsense_costs_a_moment_once(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = Peer(answer)
    async with peer as url:
        asking = PeerAllowance(peer_settings(monkeypatch, url))
        began = time.monotonic()
        assert await asking(request_with()) is None
        assert time.monotonic() - began < 1.5
        for _ in range(20):
            assert await asking(request_with()) is None
        assert len(peer.heard) == 1
        await asking.aclose()


async def test_it_is_asked_again_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    now = [0.0]
    asking = PeerAllowance(peer_settings(monkeypatch, f"http://127.0.0.1:{port}"), monotonic=lambda: now[0])
    assert await asking(request_with()) is None
    body = b'{"plan":"free","limit":5,"used":2,"remaining":3,"more":5,"renews":"2026-12-01","sentence":""}'
    async with Peer(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body, port):
        assert await asking(request_with()) is None
        now[0] += 3
        allowance = await asking(request_with())
        assert allowance is not None
        assert allowance.remaining == 3
        await asking.aclose()


async def test_only_our_own_cookies_go_along_and_none_that_comes_back_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = b'{"plan":"guest","limit":1,"used":0,"remaining":1,"more":5,"renews":null,"sentence":""}'
    cookies = b"set-cookie: ahead_token=of-somebody; Path=/\r\nset-cookie: ahead_guest=x; Path=/\r\n"
    peer = Peer(b"HTTP/1.1 200 OK\r\n" + cookies + b"content-length: %d\r\n\r\n" % len(body) + body)
    async with peer as url:
        asking = PeerAllowance(peer_settings(monkeypatch, url))
        mine = (b"cookie", b"theme=dark; ahead_token=mine; ahead_session=s; other=1; ahead_guest=g")
        await asking(request_with(mine))
        await asking(request_with())
        await asyncio.gather(*(asking(request_with(mine)) for _ in range(5)))
        await asking(request_with((b"authorization", b"Bearer ahk_1")))
        await asking.aclose()
    heard = [httpx.Headers(_headers(one)) for one in peer.heard]
    assert heard[0]["cookie"] == "ahead_token=mine; ahead_session=s; ahead_guest=g"
    assert "cookie" not in heard[1]
    assert {one["cookie"] for one in heard[2:7]} == {heard[0]["cookie"]}
    assert heard[7]["authorization"] == "Bearer ahk_1"
    assert "cookie" not in heard[7]


def _headers(raw: bytes) -> list[tuple[bytes, bytes]]:
    return [tuple(line.split(b": ", 1)) for line in raw.split(b"\r\n")[1:] if line]  # pyright: ignore
