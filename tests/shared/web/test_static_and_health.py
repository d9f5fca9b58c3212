import asyncio
import re

from litestar import Litestar
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families


def _names(html: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', html)


def test_static_names_carry_their_hash_and_are_kept_for_ever(client: TestClient[Litestar]) -> None:
    names = _names(client.get("/").text)
    assert any(re.fullmatch(r"/static/lookup/css/app\.[0-9a-f]{12}\.css", name) for name in names)
    for name in names:
        answer = client.get(name)
        assert answer.status_code == 200, name
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "set-cookie" not in answer.headers
    assert client.get(names[0]).headers["content-type"].split(";")[0] in {"font/woff2", "text/css"}


def test_a_name_of_another_version_is_answered_but_not_kept(client: TestClient[Litestar]) -> None:
    answer = client.get("/static/lookup/css/app.000000000000.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, no-cache"


def test_nothing_else_is_served(client: TestClient[Litestar]) -> None:
    for name in (
        "css/app.css",
        "../app.py",
        "..%2f..%2fapp.py",
        "css/app/0-tokens.css",
        "",
        "x",
        ".env",
        "a.b.c",
    ):
        assert client.get(f"/static/lookup/{name}").status_code == 404, name


def test_pages_work_without_browser_libraries(make_app, tmp_path) -> None:
    with TestClient(make_app(browser_assets=tmp_path)) as client:
        html = client.get("/").text
        assert "htmx" not in html
        assert "woff2" not in html
        assert '<form class="search search--large" role="search"' in html
        assert 'action="/search"' in html


def test_a_service_adds_and_overrides_files(tmp_path) -> None:
    from ahead.shared.web.static_files import StaticFiles

    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "lookup.css").write_text("a{}")
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "icon.svg").write_text("<svg/>")
    files = StaticFiles("lookup", [tmp_path])
    assert files.stylesheets == ("css/app.css", "css/lookup.css")
    assert files.url("img/icon.svg") != StaticFiles("lookup").url("img/icon.svg")


def test_alive_is_not_ready(make_app) -> None:
    async def broken() -> None:
        raise ConnectionError("the database is away at 10.0.0.7")

    async def fine() -> None:
        return None

    with TestClient(make_app(ready={"database": broken, "search": fine})) as client:
        assert client.get("/healthz").json() == {"status": "alive"}
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "not ready", "checks": {"database": "failed", "search": "ok"}}


def test_a_check_that_hangs_is_not_ready(monkeypatch) -> None:
    from litestar import Litestar as App

    from ahead.shared.web.health import health_handlers

    async def hangs() -> None:
        await asyncio.Event().wait()

    with TestClient(App(health_handlers({"database": hangs}, timeout_s=0.05), openapi_config=None)) as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "no answer" in answer.json()["checks"]["database"]


def test_requests_are_measured_by_route_not_by_address(client: TestClient[Litestar]) -> None:
    client.get("/api/demo/v1/items/12345")
    client.get("/a-stranger-made-this-up")
    families = text_string_to_metric_families(client.get("/metrics").text)
    # Only what a metric is named by: its figures are digits of a clock, in which any number turns up some day.
    routes = {
        sample.labels["route"] for family in families for sample in family.samples if "route" in sample.labels
    }
    assert "/api/demo/v1/items/{number}" in routes
    assert not [route for route in routes if "12345" in route or "a-stranger-made-this-up" in route]


def test_the_api_describes_itself(client: TestClient[Litestar]) -> None:
    paths = client.get("/api/lookup/v1/openapi.json").json()["paths"]
    assert set(paths) == {"/api/demo/v1/items", "/api/demo/v1/items/{number}", "/api/lookup/v1/suggest"}
    assert set(paths["/api/demo/v1/items/{number}"]) == {"get"}


def test_the_icon_that_browsers_ask_for_by_themselves_is_there(client: TestClient[Litestar]) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/x-icon"
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert "set-cookie" not in answer.headers
    assert answer.content.startswith(b"\0\0\1\0\3\0"), "three sizes"
    assert client.head("/favicon.ico").status_code == 200
