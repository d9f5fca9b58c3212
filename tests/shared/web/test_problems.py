"""Errors as programs and people read them."""

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

JSON = {"accept": "application/json"}


def test_a_program_gets_problem_json(client: TestClient[Litestar]) -> None:
    for path, headers in (("/api/demo/v1/nope", {}), ("/nope", JSON), ("/fhir/Patient", {})):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert body["type"] == "/problems/not-found"
        assert body["status"] == 404
        assert body["title"]
        assert body["hint"]
        assert body["request_id"] == answer.headers["x-request-id"]


def test_a_person_gets_a_page_that_says_what_to_do(client: TestClient[Litestar]) -> None:
    accept = {"accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"}
    answer = client.get("/nope", headers=accept)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    for text in ("There is nothing here", "search for what you need", answer.headers["x-request-id"]):
        assert text in answer.text


def test_our_own_failure_tells_nothing_of_itself(client: TestClient[Litestar]) -> None:
    for headers in ({}, JSON):
        answer = client.get("/boom", headers=headers)
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
        assert "RuntimeError" not in answer.text
        assert answer.headers["x-request-id"] in answer.text


def test_wrong_values_are_named(client: TestClient[Litestar]) -> None:
    answer = client.get("/api/demo/v1/items/1?limit=many")
    assert answer.status_code == 400
    body = answer.json()
    assert body["type"] == "/problems/validation"
    assert [(error["field"], error["in"]) for error in body["errors"]] == [("limit", "query")]
    answer = client.post("/api/demo/v1/items", json={"name": "a", "count": "b"})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["count"]


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"[1,2", b'{"name":"a","count":1e999}', b"null"])
def test_broken_json_is_a_client_error(client: TestClient[Litestar], body: bytes) -> None:
    answer = client.post("/api/demo/v1/items", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_problem_keeps_its_name_hint_and_status(client: TestClient[Litestar]) -> None:
    answer = client.get("/spent", headers=JSON)
    assert answer.status_code == 403
    assert answer.json() | {"request_id": ""} == {
        "type": "/problems/allowance-exhausted",
        "title": "You may not do this",
        "status": 403,
        "detail": "None of your page views is left.",
        "hint": "Register.",
        "request_id": "",
    }
    page = client.get("/spent").text
    assert "None of your page views is left." in page
    assert "Guest accounts are limited to 1 page view." in page, "the allowance is true on error pages too"


def test_who_has_to_log_in_is_sent_there_and_back(client: TestClient[Litestar]) -> None:
    answer = client.get("/members?a=1&b=%20x", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/account/login?next=%2Fmembers%3Fa%3D1%26b%3D%2520x"
    program = client.get("/members", headers=JSON)
    assert program.status_code == 401
    assert program.headers["www-authenticate"] == "Bearer"


def test_htmx_is_sent_to_log_in_by_its_own_header(client: TestClient[Litestar]) -> None:
    headers = {"hx-request": "true", "hx-current-url": "https://codes.example/codes/icd10cm/E11.9?x=1"}
    answer = client.get("/members", headers=headers, follow_redirects=False)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/account/login?next=%2Fcodes%2Ficd10cm%2FE11.9%3Fx%3D1"
    evil = {"hx-request": "true", "hx-current-url": "https://evil.example//evil.example/x"}
    target = client.get("/members", headers=evil, follow_redirects=False).headers["hx-redirect"]
    assert "evil" not in target.partition("next=")[2].removeprefix("%2F").split("%2F")[0]


def test_without_accounts_there_is_no_log_in_to_be_sent_to(make_app) -> None:
    with TestClient(make_app(peers={})) as alone:
        answer = alone.get("/members", follow_redirects=False)
        assert answer.status_code == 401
        assert "/account/login" not in answer.text


def test_a_body_over_the_limit_is_refused(make_app) -> None:
    with TestClient(make_app(max_body=1000)) as client:
        assert client.post("/api/demo/v1/items", json={"name": "a" * 900, "count": 1}).status_code == 200
        answer = client.post("/api/demo/v1/items", json={"name": "a" * 1100, "count": 1})
        assert answer.status_code == 413
        assert answer.json()["type"] == "/problems/body-too-large"


def test_a_method_that_is_not_there_names_the_problem(client: TestClient[Litestar]) -> None:
    answer = client.delete("/api/demo/v1/items/1", headers={"authorization": "Bearer x"})
    assert answer.status_code == 405
    assert answer.json()["type"] == "/problems/method-not-allowed"


def test_a_failing_principal_middleware_is_answered_too(make_app) -> None:
    class Broken:
        def __init__(self, app) -> None:
            pass

        async def __call__(self, scope, receive, send) -> None:
            raise RuntimeError("no key set")

    with TestClient(make_app(principal_middleware=Broken), raise_server_exceptions=False) as client:
        answer = client.get("/")
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.text
        assert "<h1>" in answer.text
        assert "no key set" not in answer.text
        assert client.get("/healthz").status_code == 200


def test_a_template_error_is_an_error_page(make_app) -> None:
    from ahead.shared.web import Page

    @get("/broken", include_in_schema=False)
    async def broken() -> Page:
        return Page("nowhere.html")

    with TestClient(make_app(route_handlers=[broken]), raise_server_exceptions=False) as client:
        answer = client.get("/broken")
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.text
