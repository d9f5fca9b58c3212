import re

from litestar import Litestar
from litestar.testing import TestClient

PATHS = ("/", "/nope", "/boom", "/api/demo/v1/items/1", "/?q=%00", "/healthz", "/form")


def test_every_answer_carries_the_headers(client: TestClient[Litestar]) -> None:
    for path in PATHS:
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert "camera=()" in headers["permissions-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-request-id"], path


def test_a_page_allows_only_its_own_scripts(client: TestClient[Litestar]) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    for part in ("style-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", answer.text)
    assert inline
    assert all(f'nonce="{nonce.group(1)}"' in tag for tag in inline)
    assert not re.search(r"<[^>]+\son[a-z]+=|<[^>]+\sstyle=", answer.text), (
        "inline handlers and styles don't run"
    )


def test_the_nonce_is_new_each_time(client: TestClient[Litestar]) -> None:
    seen = {client.get("/").headers["content-security-policy"] for _ in range(5)}
    assert len(seen) == 5


def test_what_is_personal_is_not_stored(client: TestClient[Litestar]) -> None:
    for path in ("/", "/api/demo/v1/items/1", "/nope"):
        assert client.get(path).headers["cache-control"] == "private, no-store"


def test_https_is_required_only_where_users_come_over_https(make_app) -> None:
    with TestClient(make_app(public_url="https://codes.example")) as secure:
        assert "max-age=" in secure.get("/").headers["strict-transport-security"]
    with TestClient(make_app()) as plain:
        assert "strict-transport-security" not in plain.get("/").headers


def test_a_request_id_from_the_gateway_is_kept_and_a_bad_one_replaced(client: TestClient[Litestar]) -> None:
    assert client.get("/", headers={"x-request-id": "abcDEF-12345"}).headers["x-request-id"] == "abcDEF-12345"
    replaced = client.get("/", headers={"x-request-id": "<script>"}).headers["x-request-id"]
    assert "script" not in replaced
    assert len(replaced) == 36


def test_head_answers_like_get_without_a_body(client: TestClient[Litestar]) -> None:
    for path in ("/", "/api/demo/v1/items/1", "/nope"):
        head, full = client.head(path), client.get(path)
        assert head.status_code == full.status_code
        assert head.headers["content-type"] == full.headers["content-type"]
        assert head.content == b""
