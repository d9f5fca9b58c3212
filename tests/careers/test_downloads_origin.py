"""The gateway's second origin, by the real Caddy and the product's own Caddyfile: files, and nothing else."""

import http.server
import os
import threading
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from ahead.shared.testing.nats_server import find_program
from ahead.shared.testing.server import ServerProcess

ROOT = Path(__file__).parents[2]


class Gateway(ServerProcess):
    """Serves files on its port, the site on the next one."""

    def __init__(self, folder: Path, site: int, upstream: int) -> None:
        super().__init__(folder)
        self._site = site
        self._upstream = upstream

    def environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AHEAD_")}
        return kept | {
            "AHEAD_GATEWAY_ADDRESS": f"http://:{self._site}",
            "AHEAD_DOWNLOADS_ADDRESS": f"http://:{self.port}",
            "AHEAD_UPSTREAM_CAREERS": f"127.0.0.1:{self._upstream}",
            "XDG_CONFIG_HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
            "HOME": str(self.folder),
        }

    def command(self) -> Sequence[str]:
        config = str(ROOT / "deploy" / "caddy" / "Caddyfile")
        return [find_program("caddy"), "run", "--config", config, "--adapter", "caddyfile"]


class Upstream(http.server.BaseHTTPRequestHandler):
    """Says what reached it, and would set a cookie."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Set-Cookie", "ahead_guest=x")
        self.end_headers()
        self.wfile.write(
            f"{self.path} {self.headers.get('Cookie')} {self.headers.get('Authorization')}".encode()
        )

    def log_message(self, *_said: Any) -> None:
        return


@pytest.fixture
def gateway(tmp_path: Path) -> Generator[str]:
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    port = site.server_address[1]
    site.server_close()
    try:
        with Gateway(tmp_path / "caddy", port, upstream.server_address[1]) as server:
            yield f"http://127.0.0.1:{server.port}"
    finally:
        upstream.shutdown()
        upstream.server_close()


def test_files_come_without_cookies_and_nothing_else_is_there(gateway: str) -> None:
    mine = {"Cookie": "ahead_session=secret", "Authorization": "Bearer secret"}
    answer = httpx.get(f"{gateway}/files/careers/a?until=1&token=x", headers=mine)
    assert answer.text == "/files/careers/a?until=1&token=x None None"
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    for path in ("/", "/careers", "/account", "/files/other/a", "/files/careers"):
        assert httpx.get(gateway + path, headers=mine).status_code == 404, path
    assert httpx.post(f"{gateway}/files/careers/a").status_code == 404
