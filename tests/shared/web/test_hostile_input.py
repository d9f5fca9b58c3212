"""Addresses that nobody types: a clear 4xx, never a 500."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from ahead.shared.errors import Problem
from ahead.shared.web import clean_text
from ahead.shared.web.hostile_input import check_address


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (b"/search", b"q=" + b"a" * 10_240, 414),
        (b"/" + b"a" * 4000, b"", 414),
        (b"/search", b"q=%00", 400),
        (b"/search", b"q=%1b[31m", 400),
        (b"/search", b"q=%7f", 400),
        (b"/search", b"q=%ff%fe", 400),
        (b"/search", b"q=%c3%28", 400),
        (b"/search", b"q=%zz", 400),
        (b"/search", b"q=%", 400),
        (b"/codes/icd10cm/%00", b"", 400),
        (b"/codes/icd10cm/%0a", b"", 400),
        (b"/codes/%e0%80%80", b"", 400),
        (b"/search", b"q=\xff", 400),
        (b"/search", b"q=%ed%a0%80", 400),
    ],
)
def test_refused_with_the_right_status(path: bytes, query: bytes, status: int) -> None:
    with pytest.raises(Problem) as caught:
        check_address(path, query)
    assert caught.value.status == status
    assert caught.value.detail


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"q=E11.9&as_of=2026-01-01",
        "q=Ménière’s disease".encode(),
        b"q=M%C3%A9ni%C3%A8re",
        b"q=line%0D%0Abreak%09tab",
        b"q=100%25&x=%2F",
        b"q=%F0%9F%A6%B4",
    ],
)
def test_what_people_write_passes(query: bytes) -> None:
    check_address(b"/search", query)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.binary(max_size=60),
    query=st.binary(max_size=80),
    accept=st.sampled_from(["*/*", "application/json"]),
)
def test_no_address_makes_a_500(client: TestClient[Litestar], path: bytes, query: bytes, accept: str) -> None:
    answer = client.get(_url(path, query), headers={"accept": accept})
    assert answer.status_code < 500


def _url(path: bytes, query: bytes) -> str:
    def quoted(raw: bytes) -> str:
        return "".join(chr(byte) if chr(byte).isalnum() else f"%{byte:02x}" for byte in raw)

    return f"/codes/{quoted(path)}?q={quoted(query)}"


def test_absurd_headers_are_survived(client: TestClient[Litestar]) -> None:
    for headers in (
        {"cookie": "ahead_csrf_lookup=\x7f; =; ;;; a=b=c"},
        {"content-type": "application/json; charset=\x80"},
        {"accept": "," * 2000},
        {"x-forwarded-for": "not an address, ::::"},
        {"host": "evil.example/<script>"},
        {"content-length": "-5"},
        {"sec-fetch-site": "ü"},
    ):
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        assert client.get("/", headers=encoded).status_code < 500, headers
        assert client.post("/form", headers=encoded).status_code < 500, headers


def test_a_form_with_broken_multipart_is_a_client_error(client: TestClient[Litestar]) -> None:
    for content_type, body in (
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nbroken"),
        ("multipart/form-data; boundary=\xff".encode("latin-1"), b"--"),
        ("application/x-www-form-urlencoded", b"%ff=%00&&&==="),
        ("application/x-www-form-urlencoded", b"_csrf_token=%ff%fe"),
    ):
        answer = client.post("/form", content=body, headers={"content-type": content_type})
        assert 400 <= answer.status_code < 500, (content_type, body)


def test_text_from_outside_is_trimmed_and_checked() -> None:
    assert clean_text("  line one\nline\ttwo ", what="The text", max_length=50) == "line one\nline\ttwo"
    for bad in ("a\x00b", "\x1b[2J", "a\u2028b", "\ud800", "x" * 51):
        with pytest.raises(Problem) as caught:
            clean_text(bad, what="The text", max_length=50)
        assert caught.value.status == 400
