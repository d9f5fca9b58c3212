"""Addresses that users give: only public ones are asked, whatever name, redirect or trick leads elsewhere."""

import asyncio
import io
import threading
from collections.abc import Generator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from ahead.shared.http.client import NotFetched, OutgoingClient
from ahead.shared.http.public import is_public

BODY = b"<source><job/></source>"


class Site(BaseHTTPRequestHandler):
    """A web server of a stranger; `asked` is what reached it."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        kind, _, rest = self.path.lstrip("/").partition("/")
        if kind == "to":
            self.send_response(302)
            self.send_header("Location", rest)
            self.end_headers()
        elif kind == "round":
            self.send_response(302)
            self.send_header("Location", "/round/")
            self.end_headers()
        elif kind == "packed":
            self._answer(BODY, {"Content-Encoding": "gzip"})
        elif kind == "endless":
            self.send_response(200)
            self.end_headers()
            while True:
                try:
                    self.wfile.write(b"x" * 65_536)
                except OSError:
                    return
        elif kind == "said-long":
            self._answer(BODY, {"Content-Length": "99999999"})
        elif kind == "silent":
            stopped.wait(30)
        elif kind == "gone":
            self.send_error(404)
        else:
            self._answer(BODY, {"Content-Type": "application/xml", "Content-Length": str(len(BODY))})

    def _answer(self, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


stopped = threading.Event()


@pytest.fixture
def site() -> Generator[int]:
    """Its port."""
    stopped.clear()
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    stopped.set()
    server.shutdown()
    server.server_close()


async def got(client: OutgoingClient, url: str, at_most: int = 1 << 20) -> bytes:
    into = io.BytesIO()
    await client.download(url, into, at_most=at_most)
    return into.getvalue()


def open_to(port: int, **more: float) -> OutgoingClient:
    return OutgoingClient("test", allowed={("127.0.0.1", port)}, **more)


async def test_what_was_allowed_is_fetched_with_its_redirects(site: int) -> None:
    client = open_to(site)
    assert await got(client, f"http://127.0.0.1:{site}/feed.xml") == BODY
    assert await got(client, f"http://127.0.0.1:{site}/to//feed.xml") == BODY
    assert Site.asked == ["/feed.xml", "/to//feed.xml", "/feed.xml"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"],
)
async def test_this_machine_is_not_asked_under_any_name(site: int, host: str) -> None:
    client = OutgoingClient("test")
    for port in (f":{site}", "", ":443", ":8080"):
        with pytest.raises(NotFetched):
            await got(client, f"http://{host}{port}/feed.xml")
    assert Site.asked == []


async def test_a_name_is_looked_up_once_and_must_not_hide_anything(site: int) -> None:
    """A name that answers with a public address first and with ours next; and one that answers with both."""
    answers: list[Sequence[str]] = [
        ["127.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["169.254.169.254"],
        ["10.0.0.1"],
        [],
    ]
    asked = iter(answers)
    client = OutgoingClient("test", resolve=lambda host, port: next(asked))
    for _ in answers:
        with pytest.raises(NotFetched, match="public"):
            await got(client, "http://feeds.example.com:8080/feed.xml")
    looked: list[str] = []

    def changing(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["127.0.0.2"]

    client = OutgoingClient("test", allowed={("127.0.0.1", site)}, resolve=changing)
    assert await got(client, f"http://feeds.example.com:{site}/feed.xml") == BODY
    assert looked == ["feeds.example.com"], "the connection goes to the address that was looked at"
    with pytest.raises(NotFetched, match="public"):
        await got(client, f"http://feeds.example.com:{site}/feed.xml")


async def test_a_redirect_is_a_new_address(site: int) -> None:
    for onward in ("http://127.0.0.1:1/x", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd",
                   "gopher://127.0.0.1/", "http://user:secret@example.com/"):  # fmt: skip
        with pytest.raises(NotFetched):
            await got(open_to(site), f"http://127.0.0.1:{site}/to/{onward}")
    with pytest.raises(NotFetched, match="without end"):
        await got(open_to(site), f"http://127.0.0.1:{site}/round/")
    assert len([path for path in Site.asked if path == "/round/"]) == 6


async def test_size_and_time_have_an_end(site: int) -> None:
    at = f"http://127.0.0.1:{site}"
    for path in ("/endless/", "/said-long/"):
        with pytest.raises(NotFetched, match="longer than 1 MB"):
            await got(open_to(site), at + path)
    with pytest.raises(NotFetched, match="longer than 0 seconds"):
        await asyncio.wait_for(got(open_to(site, within_s=0.3), f"{at}/silent/"), 10)
    with pytest.raises(NotFetched, match="compressed"):
        await got(open_to(site), f"{at}/packed/")
    with pytest.raises(NotFetched, match="status 404"):
        await got(open_to(site), f"{at}/gone/")


@pytest.mark.parametrize(
    "url", ["", "feed.xml", "ftp://example.com/", "http://", "http://[", "http://a b/", "http://example.com:99999/",
            "http://exämple.com/", "http://example.com/\r\nHost: x", "http://example.com:22/", "http://example.com:6379/"],
)  # fmt: skip
async def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    with pytest.raises(NotFetched):
        await got(OutgoingClient("test", resolve=lambda host, port: ["127.0.0.1"]), url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.1.2.3", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("100.64.0.1", False), ("169.254.169.254", False), ("127.9.9.9", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False), ("::", False),
        ("::1", False), ("fe80::1", False), ("fc00::1", False), ("fd00:ec2::254", False), ("fec0::1", False),
        ("ff02::1", False), ("::ffff:10.0.0.1", False), ("::ffff:169.254.169.254", False), ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public
