"""Who may send a form: pages of ours, with their token, from the same origin."""

import re
from collections.abc import Generator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

HOST = "http://testserver.local"


@pytest.fixture
def browser(make_app) -> Generator[TestClient[Litestar]]:
    """A browser that has opened a page with a form and holds its cookie."""
    with TestClient(make_app(), base_url=HOST, raise_server_exceptions=False) as client:
        client.token = _token(client)  # type: ignore[attr-defined]
        yield client


def _token(client: TestClient[Litestar]) -> str:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', client.get("/page/form").text)
    assert found
    return found.group(1)


def test_a_form_with_its_token_from_our_page_is_accepted(browser) -> None:
    for proof in ({"origin": HOST}, {"sec-fetch-site": "same-origin"}):
        answer = browser.post("/form", data={"name": "Ada", "_csrf_token": browser.token}, headers=proof)
        assert answer.text == "got Ada"


def test_the_token_may_come_in_a_header(browser) -> None:
    headers = {"x-csrf-token": browser.token, "origin": HOST}
    assert (
        browser.post("/api/demo/v1/items", json={"name": "a", "count": 1}, headers=headers).status_code == 200
    )


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({}, {"origin": HOST}),
        ({"_csrf_token": "wrong"}, {"origin": HOST}),
        ({"_csrf_token": "\u00e9.\u00e9"}, {"origin": HOST}),
        ({"_csrf_token": "TOKEN"}, {}),
        ({"_csrf_token": "TOKEN"}, {"origin": "https://evil.example"}),
        ({"_csrf_token": "TOKEN"}, {"origin": "null"}),
        ({"_csrf_token": "TOKEN"}, {"sec-fetch-site": "cross-site"}),
        ({"_csrf_token": "TOKEN"}, {"sec-fetch-site": "same-site", "origin": HOST}),
    ],
)
def test_anything_less_is_refused_with_a_way_out(
    browser, data: dict[str, str], headers: dict[str, str]
) -> None:
    data = {name: browser.token if value == "TOKEN" else value for name, value in data.items()}
    answer = browser.post("/form", data={"name": "Ada"} | data, headers=headers)
    assert answer.status_code == 403
    assert "reload the page" in answer.text


def test_a_token_of_somebody_else_is_refused(browser, make_app) -> None:
    with TestClient(make_app(), base_url=HOST) as other:
        foreign = _token(other)
    answer = browser.post("/form", data={"_csrf_token": foreign}, headers={"origin": HOST})
    assert answer.status_code == 403


def test_a_made_up_cookie_and_token_are_refused(browser) -> None:
    browser.cookies.clear()
    browser.cookies.set("ahead_csrf_lookup", "mine")
    assert browser.post("/form", data={"_csrf_token": "mine"}, headers={"origin": HOST}).status_code == 403


def test_a_page_of_one_service_may_post_to_another(make_app) -> None:
    """Log out is on every page and belongs to accounts."""
    with (
        TestClient(make_app(name="lookup"), base_url=HOST) as lookup,
        TestClient(make_app(name="accounts"), base_url=HOST) as accounts,
    ):
        token = _token(lookup)
        accounts.cookies.update(lookup.cookies)
        answer = accounts.post("/form", data={"name": "out", "_csrf_token": token}, headers={"origin": HOST})
        assert answer.text == "got out"


def test_each_service_has_a_cookie_of_its_own(make_app) -> None:
    names = set()
    for name in ("lookup", "accounts"):
        with TestClient(make_app(name=name), base_url=HOST) as client:
            client.get("/page/form")
            names.update(client.cookies.keys())
    assert names == {"ahead_csrf_lookup", "ahead_csrf_accounts"}


def test_a_page_without_a_form_sets_no_cookie(client: TestClient[Litestar]) -> None:
    assert "set-cookie" not in client.get("/page/home").headers


def test_the_cookie_is_hidden_from_scripts_and_bound_to_the_host_over_https(make_app) -> None:
    with TestClient(make_app(public_url="https://codes.example")) as client:
        cookie = client.get("/page/form").headers["set-cookie"]
    assert cookie.startswith("__Host-ahead_csrf_lookup=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part.lower() in cookie.lower()


def test_programs_are_free_of_form_tokens(client: TestClient[Litestar]) -> None:
    client.cookies.clear()
    item = {"name": "a", "count": 1}
    assert client.post("/api/demo/v1/items", json=item).status_code == 200
    bearer = {"authorization": "Bearer x", "cookie": "ahead_session=1"}
    assert client.post("/api/demo/v1/items", json=item, headers=bearer).status_code == 200
    assert client.post("/hook", headers={"cookie": "ahead_session=1"}).text == "thanks"


def test_json_with_cookies_needs_the_token(client: TestClient[Litestar]) -> None:
    headers = {"cookie": "ahead_session=1", "origin": HOST}
    answer = client.post("/api/demo/v1/items", json={"name": "a", "count": 1}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/form-expired"


def test_a_form_of_another_site_without_cookies_is_refused_too(client: TestClient[Litestar]) -> None:
    """Else it could log a visitor in to the attacker's account."""
    client.cookies.clear()
    assert client.post("/form", data={"name": "x"}).status_code == 403
