"""What is the same on every page: products, account menu, allowance."""

import re
from datetime import date

import pytest
from jinja2 import DictLoader, Environment
from litestar import Litestar
from litestar.testing import TestClient

from ahead.shared.web import QUESTIONS, Allowance, Fragments

EXACT = (
    "0 code page views remaining. Guest accounts are limited to 1 page view. "
    "Register free account to get 5 more views."
)


def text_of(html: str, pattern: str) -> str:
    found = re.search(pattern, html, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", "", found.group(0)).split())


def allowance_line(html: str) -> str:
    return text_of(html, r'<p class="allowance.*?</p>')


def test_a_guest_with_nothing_left_reads_exactly_this(client: TestClient[Litestar]) -> None:
    html = client.get("/").text
    assert allowance_line(html) == EXACT
    assert '<a href="/account/register">Register free account</a>' in html


@pytest.mark.parametrize(
    ("allowance", "sentence"),
    [
        (Allowance("guest", 1, 1), EXACT),
        (
            Allowance("guest", 1, 0),
            "1 code page view remaining. Guest accounts are limited to 1 page view. "
            "Register free account to get 5 more views.",
        ),
        (
            Allowance("guest", 3, 1, more=1),
            "2 code page views remaining. Guest accounts are limited to 3 page views. "
            "Register free account to get 1 more view.",
        ),
        (
            Allowance("free", 5, 4),
            "1 code page view remaining. Free accounts are limited to 5 page views a month.",
        ),
        (
            Allowance("free", 5, 7, renews=date(2026, 12, 1)),
            "0 code page views remaining. Free accounts are limited to 5 page views a month. "
            "The count starts again on December 1.",
        ),
        (Allowance("pro", None, 812), "Unlimited code page views."),
        (
            Allowance("guest", 1, 1, unit=QUESTIONS, more=10),
            "0 questions remaining. Guest accounts are limited to 1 question. "
            "Register free account to get 10 more questions.",
        ),
    ],
)
def test_the_allowance_in_words(allowance: Allowance, sentence: str) -> None:
    assert allowance.sentence == sentence


def test_the_header_tells_the_state_after_the_handler(client: TestClient[Litestar]) -> None:
    line = allowance_line(client.get("/after-grant", headers={"x-test-plan": "free"}).text)
    assert line.startswith("0 code page views remaining.")


def test_installed_products_are_links_and_the_others_say_so(client: TestClient[Litestar]) -> None:
    html = client.get("/").text
    assert re.search(r'<a href="/"[^>]*aria-current="true">Case2Code</a>', html)
    assert re.search(r'<a href="/casepilot"[^>]*>CasePilot</a>', html)
    for title, path in (("CaseConsultant", "/consultant"), ("CareerCenter", "/careers")):
        assert re.search(rf"<span[^>]*>{title} <small>not installed here</small></span>", html)
        assert f'href="{path}"' not in html


def test_guests_may_register_and_accounts_log_out(client: TestClient[Litestar], make_app) -> None:
    guest = client.get("/").text
    assert 'href="/account/login"' in guest
    assert "Log out" not in guest
    member = client.get("/", headers={"x-test-plan": "free"}).text
    assert 'href="/account/login"' not in member
    assert re.search(
        r'<form method="post" action="/account/logout"><input type="hidden" name="_csrf_token"', member
    )
    assert 'href="/admin"' not in member
    ops = client.get("/", headers={"x-test-plan": "free", "x-test-roles": "ops"}).text
    assert 'href="/admin"' in ops
    with TestClient(make_app(peers={})) as alone:
        assert "/account" not in alone.get("/").text, "nothing leads to accounts where there are none"


def test_a_locked_panel_says_how_to_unlock_it_and_holds_nothing(client: TestClient[Litestar]) -> None:
    html = client.get("/page/code").text
    assert text_of(html, r'<section class="panel panel--locked" id="fees".*?</section>') == (
        "Fees Register to view content Create a free account to unlock this content"
    )
    assert "99213" not in html
    assert "99213" in client.get("/page/code", headers={"x-test-plan": "free"}).text


def test_what_visitors_write_is_escaped(make_app) -> None:
    payload = '"><script>alert(1)</script>'
    with TestClient(make_app()) as client:
        html = client.get("/nope" + "?q=" + payload).text
        assert "<script>alert" not in html
        html = client.get("/api/demo/v1/items/1?limit=" + payload, headers={"accept": "text/html"}).text
        assert "<script>alert" not in html


def test_the_address_of_a_page_is_the_public_one(make_app) -> None:
    with TestClient(make_app(public_url="https://codes.example")) as client:
        assert (
            '<link rel="canonical" href="https://codes.example/page/code">'
            in client.get("/page/code?x=1").text
        )


def test_fragments_are_rendered_once_and_bounded() -> None:
    environment = Environment(loader=DictLoader({"a.html": "<b>{{ text }}</b>"}), autoescape=True)
    fragments = Fragments(environment, max_bytes=60)
    asked: list[int] = []

    def text(number: int) -> dict[str, str]:
        asked.append(number)
        return {"text": f"<{number:08}>"}

    for number in (1, 2, 1, 3, 1, 2):
        markup = fragments.render("a.html", number, lambda number=number: text(number))
        assert markup == f"<b>&lt;{number:08}&gt;</b>"
    assert asked == [1, 2, 3, 2], "the oldest was dropped, the used one kept"
    fragments.clear()
    fragments.render("a.html", 1, lambda: text(1))
    assert asked[-1] == 1
