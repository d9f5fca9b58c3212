"""`ahead catalog fetch` against a server on this machine: resumed, checked, bounded, and recorded."""

import hashlib
import io
import re
import sqlite3
import threading
import zipfile
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from ahead.lookup.catalog.fetching.addresses import FetchError, RemoteFile, files_of, publications
from ahead.lookup.catalog.fetching.download import download
from ahead.lookup.cli import app

# Made up: no such rates are published.
RATES = "hcpcs,rate_usd\n80001,12.34\n0001U,720.00\n"
NAME = "clfs-2031q2.zip"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("clfs-2031q2.csv", RATES + "".join(f"9{n:04},1.00\n" for n in range(10_000)))
    return out.getvalue()


@dataclass
class Publisher:
    """What the server has, and how it behaves."""

    address: str = ""
    body: bytes = b""
    tag: str = '"one"'
    break_after: int | None = None
    page: bool = False
    status: int = 200
    chunked: bool = False
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@pytest.fixture
def publisher() -> Generator[Publisher]:
    state = Publisher(body=archive())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.asked.append(dict(self.headers.items()))
            if self.path.startswith("/moved/"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/moved"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if self.path.startswith("/circle/"):
                self.send_response(302)
                self.send_header("Location", self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start = 0
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if asked and self.headers.get("If-Range") == state.tag:
                start = int(asked[1])
            body = b"<html>licence</html>" if state.page else state.body[start:]
            self.send_response(state.status if state.status != 200 else 206 if start else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8" if state.page else "application/zip")
            if not state.chunked:
                self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", state.tag)
            self.send_header("Connection", "close")
            self.end_headers()
            if state.break_after is not None:
                body, state.break_after = body[: state.break_after], None
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        state.address = f"http://127.0.0.1:{server.server_port}"
        yield state
        server.shutdown()


@pytest.fixture
def table(tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's own table that points to the server."""
    monkeypatch.setenv("AHEAD_DATA", str(tmp_path / "data"))
    path = tmp_path / "own.toml"
    path.write_text(
        f'[clfs]\naddresses = ["{publisher.address}/files/clfs-{{year}}q{{quarter}}.zip"]\nedition = "quarter"\n'
        f'[pfs]\naddresses = ["{publisher.address}/files/clfs-2031q2.zip"]\nlicence = "ama-click-through"\n'
        'note = "Corrected files have other names."\n'
    )
    monkeypatch.setenv("AHEAD_LOOKUP_FETCH_SOURCES", str(path))
    return path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["fetch", *words])


def acceptances(tmp_path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(tmp_path / "data" / "lookup" / "lookup.db")) as connection:
        return connection.execute(
            "SELECT licence, source, address, accepted_by FROM licence_acceptances"
        ).fetchall()


def test_a_file_is_fetched_loaded_and_held(table: Path, publisher: Publisher, tmp_path: Path) -> None:
    result = run("clfs", "--edition", "2031q2")
    assert result.exit_code == 0, result.output
    assert f"Fetched {NAME}" in result.output
    assert "Loaded Clinical laboratory fee schedule 2031 Q2: 10,002 rates" in result.output
    again = run("clfs", "--edition", "2031q2", "--sha256", hashlib.sha256(publisher.body).hexdigest())
    assert f"Kept {NAME}" in again.output
    assert "nothing changed" in again.output
    status = CliRunner().invoke(app, ["status"]).output
    assert "fetched from 127.0.0.1" in status
    assert not acceptances(tmp_path)


def test_a_licence_has_to_be_accepted_and_is_recorded(
    table: Path, publisher: Publisher, tmp_path: Path
) -> None:
    refused = run("pfs")
    assert refused.exit_code == 1
    assert "--i-accept-the-ama-licence" in refused.output
    assert not publisher.asked
    taken = run("pfs", "--i-accept-the-ama-licence")
    assert taken.exit_code == 0, taken.output
    ((licence, source, address, by),) = acceptances(tmp_path)
    assert (licence, source, address) == ("ama-click-through", "pfs", f"{publisher.address}/files/{NAME}")
    assert by
    assert "Licence accepted for fetching pfs" in CliRunner().invoke(app, ["status"]).output


def test_an_address_of_an_unknown_source_needs_the_licence_too(table: Path, publisher: Publisher) -> None:
    words = ("other", "--address", f"{publisher.address}/files/{NAME}")
    assert "--i-accept-the-ama-licence" in run(*words).output
    assert run(*words, "--i-accept-the-ama-licence").exit_code == 0


def test_a_wrong_hash_loads_nothing(table: Path, tmp_path: Path) -> None:
    result = run("clfs", "--edition", "2031q2", "--sha256", "0" * 64)
    assert result.exit_code == 1
    assert "is not the file that is meant" in result.output
    assert not list((tmp_path / "data").rglob("*.zip*"))
    assert "No release is loaded" in CliRunner().invoke(app, ["status"]).output


def test_a_broken_connection_is_taken_up_where_it_broke(publisher: Publisher, tmp_path: Path) -> None:
    publisher.break_after = 100_000
    file = RemoteFile(
        f"{publisher.address}/moved/files/{NAME}", NAME, hashlib.sha256(publisher.body).hexdigest()
    )
    seen: list[float] = []
    got = download(file, tmp_path, limit=1 << 30, read=seen.append)
    assert got.path.read_bytes() == publisher.body
    ranges = [headers["Range"] for headers in publisher.asked if "Range" in headers]
    assert ranges
    assert 0 < int(ranges[0].removeprefix("bytes=").removesuffix("-")) <= 100_000
    assert seen[-1] == 1.0
    assert not list(tmp_path.glob("*.part*"))


def test_a_later_run_goes_on_and_a_changed_file_starts_again(publisher: Publisher, tmp_path: Path) -> None:
    file = RemoteFile(f"{publisher.address}/files/{NAME}", NAME, "")
    publisher.break_after = 50_000
    with pytest.raises(FetchError, match="What came is kept"):
        download(file, tmp_path, limit=1 << 30, attempts=1)
    assert (tmp_path / f"{NAME}.part").stat().st_size > 0
    publisher.body, publisher.tag = publisher.body + b"changed", '"two"'
    assert download(file, tmp_path, limit=1 << 30).path.read_bytes() == publisher.body


@pytest.mark.parametrize("chunked", [False, True])
def test_a_file_beyond_the_limit_is_refused(publisher: Publisher, tmp_path: Path, chunked: bool) -> None:
    publisher.chunked = chunked
    with pytest.raises(FetchError, match="bytes"):
        download(RemoteFile(f"{publisher.address}/files/{NAME}", NAME, ""), tmp_path, limit=10_000)


@pytest.mark.parametrize(
    ("path", "status", "page", "reason"),
    [
        ("/files/", 404, False, "is not there"),
        ("/files/", 403, False, "not given to this machine"),
        ("/files/", 503, False, "try again later"),
        ("/files/", 200, True, "answers with a web page"),
        ("/circle/", 200, False, "in circles"),
    ],
)
def test_what_is_not_the_file_is_said(
    publisher: Publisher, tmp_path: Path, path: str, status: int, page: bool, reason: str
) -> None:
    publisher.status, publisher.page = status, page
    with pytest.raises(FetchError, match=reason):
        download(RemoteFile(f"{publisher.address}{path}{NAME}", NAME, ""), tmp_path, limit=1 << 30)


def test_a_note_of_the_source_is_said_where_the_file_is_not_there(table: Path, publisher: Publisher) -> None:
    publisher.status = 404
    result = run("pfs", "--i-accept-the-ama-licence")
    assert "Corrected files have other names." in result.output


def test_nobody_there_is_said(tmp_path: Path) -> None:
    file = RemoteFile(f"http://127.0.0.1:1/{NAME}", NAME, "")
    with pytest.raises(FetchError, match="can't be reached"):
        download(file, tmp_path, limit=1 << 30, timeout=httpx.Timeout(2.0), attempts=2)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("clfs",), "say --edition 2026q2"),
        (("clfs", "--edition", "2031"), "say --edition 2026q2"),
        (("icd10cm", "--edition", "2031q2"), "say --edition 2026"),
        (("mcd-ncd", "--edition", "2031"), "leave --edition out"),
        (("nothing",), "No address is known for nothing"),
        (("clfs", "--address", "file:///etc/passwd"), "is no address of a file"),
        (("clfs", "--address", "https://example.com/.."), "doesn't end in the name of a file"),
        (("clfs", "--edition", "2031q2", "--sha256", "abc"), "is not a SHA-256"),
        (
            ("../x", "--address", "https://example.com/a.zip", "--i-accept-the-ama-licence"),
            "can't be the name",
        ),
    ],
)
def test_what_can_not_be_asked_is_refused(table: Path, words: tuple[str, ...], reason: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert reason in result.output


@pytest.mark.parametrize(
    "text",
    [
        "[clfs", '[clfs]\naddress = "x"\n', '[clfs]\naddresses = ["https://a/{path}.zip"]\n',
        '[clfs]\naddresses = ["ftp://a/b.zip"]\n', '[clfs]\naddresses = ["https://a/b.zip"]\nedition = "month"\n',
        '[clfs]\naddresses = ["https://a/b.zip"]\n[clfs.sha256]\n"b.zip" = "x"\n',
    ],
)  # fmt: skip
def test_an_own_table_that_can_not_be_used_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(FetchError, match=re.escape(str(path))):
        publications(path)


def test_the_table_fills_in_editions_as_publishers_name_them() -> None:
    known = publications()
    assert [one.address for one in files_of(known["ptp-practitioner"], "2026Q2")] == [
        f"https://www.cms.gov/files/zip/medicare-ncci-2026q2-practitioner-ptp-edits-ccipra-v321r0-f{part}.zip"
        for part in (1, 2, 3, 4)
    ]
    assert files_of(known["pfs"], "2026q3")[0].address.endswith("/rvu26c.zip")
    assert (
        files_of(known["asc"], "2025q1")[0].name
        == "january-2025-asc-approved-hcpcs-code-and-payment-rates.zip"
    )
    assert files_of(known["clfs"], "2026q1")[0].name == "26clabq1.zip"
    assert {name for name, one in known.items() if one.licence} >= {
        "pfs",
        "asc",
        "ptp-practitioner",
        "mcd-article",
    }
